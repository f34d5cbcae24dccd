"""How good a list of devices is against a made-up world's truth; one JSON object on standard output.

    score.py --truth WORLD/truth --devices devices.csv

A row is right when a handset with one of its IMEIs (14 digits) is kept in its facility; each handset makes
one row right. A handset that is kept, left records and isn't listed is a miss.
"""

import argparse
import csv
import itertools
import json
import math
import pathlib

# What a handset that isn't listed is taken to have been given.
UNLISTED = 0.005


# The hard ones, as a row of the truth tells.
STRATA = {
    "used fewer than ten times": lambda row: int(row["uses"]) < 10,
    "jammed": lambda row: row["jammed"] == "true",
    "rented": lambda row: row["rented"] == "true",
    "not in the ledger": lambda row: row["in_ledger"] == "false",
    "cloned": lambda row: row["cloned"] == "true",
    "transferred": lambda row: row["transferred"] == "true",
    "arrived": lambda row: row["arrives_mid"] == "true",
}


def kept(folder):
    """The handsets that could be listed, as (facility, IMEIs, strata)."""
    with open(folder / "handsets.csv", newline="") as file:
        for row in csv.DictReader(file):
            if row["kept"] == "true" and int(row["events"]) > 0:
                imeis = [imei for imei in (row["imei14"], row["other_imei"]) if imei]
                yield row["facility"], imeis, [name for name, holds in STRATA.items() if holds(row)]


def listed(path):
    """The list, best first, as (probability, log10_lr, facility, IMEIs)."""
    with open(path, newline="") as file:
        rows = [
            (float(row["probability"]), float(row["log10_lr"]), row["facility"], imeis(row))
            for row in csv.DictReader(file)
        ]
    return sorted(rows, key=lambda row: (-row[0], row[3], row[2]))


def imeis(row):
    others = (row.get("other_imeis") or "").split()
    return [imei[:14] for imei in [row["imei"], *others] if imei]


def marks(rows, truth):
    """The handset of the truth that each row names, or None."""
    free = {}
    for index, (facility, names, _) in enumerate(truth):
        for name in names:
            free.setdefault((name, facility), []).append(index)
    taken = set()
    for _, _, facility, names in rows:
        hits = (index for name in names for index in free.get((name, facility), []) if index not in taken)
        hit = next(hits, None)
        if hit is not None:
            taken.add(hit)
        yield hit


def strata(rows, found, truth, cut):
    """By stratum: handsets there, and those of the rows down to `cut` (a probability)."""
    listed = {hit for row, hit in zip(rows, found) if hit is not None and row[0] >= cut}
    counts = {name: [0, 0] for name in ["all", *STRATA]}
    for index, (_, _, names) in enumerate(truth):
        for name in ["all", *names]:
            counts[name][0] += 1
            counts[name][1] += index in listed
    return counts


def curve(rows, right, positives):
    """Average precision, recall where nine rows of ten are right, and the probability there.

    Equal probabilities are one step."""
    area = recall_at_90 = last = 0.0
    cut = 1.0
    hits = seen = 0
    pairs = zip((row[0] for row in rows), right)
    for _, group in itertools.groupby(pairs, key=lambda pair: pair[0]):
        group = list(group)
        hits += sum(mark for _, mark in group)
        seen += len(group)
        precision, recall = hits / seen, hits / positives
        area += precision * (recall - last)
        last = recall
        if precision >= 0.9 and recall > recall_at_90:
            recall_at_90, cut = recall, group[0][0]
    return area, recall_at_90, cut


def right_facility(rows, truth):
    """Of the listed handsets that are kept somewhere, the share whose best row names the place."""
    places = {}
    for facility, names, _ in truth:
        for name in names:
            places.setdefault(name, set()).add(facility)
    best = {}
    for _, _, facility, names in rows:
        if names and names[0] in places:
            best.setdefault(names[0], facility)
    return sum(facility in places[name] for name, facility in best.items()) / len(best) if best else None


def cllr(positives, negatives):
    """Cost of natural-log likelihood ratios (Brümmer & du Preez 2006, eq. 11)."""
    if not positives or not negatives:
        return None
    softplus = lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x)))
    cost = sum(softplus(-x) for x in positives) / len(positives) + sum(softplus(x) for x in negatives) / len(negatives)
    return cost / (2 * math.log(2))


def cllr_min(scores, right):
    """The least Cllr that a monotone map could reach (pool adjacent violators)."""
    blocks = []
    for _, group in itertools.groupby(sorted(zip(scores, right)), key=lambda pair: pair[0]):
        group = [mark for _, mark in group]
        blocks.append([sum(group), len(group)])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]:
            hits, count = blocks.pop()
            blocks[-1][0] += hits
            blocks[-1][1] += count
    positives = sum(hits for hits, _ in blocks)
    negatives = sum(count - hits for hits, count in blocks)
    if not positives or not negatives:
        return None
    odds = lambda hits, count: math.log(hits * negatives) - math.log((count - hits) * positives)
    ours = [(odds(hits, count) if hits < count else math.inf, hits) for hits, count in blocks if hits]
    others = [(odds(hits, count) if hits else -math.inf, count - hits) for hits, count in blocks if hits < count]
    softplus = lambda x: 0.0 if x == -math.inf else max(x, 0.0) + math.log1p(math.exp(-abs(x)))
    cost = sum(softplus(-x) * n for x, n in ours) / positives + sum(softplus(x) * n for x, n in others) / negatives
    return cost / (2 * math.log(2))


def cllr_of_probability(rows, right, missed):
    """Cllr of the posterior odds with the rows' own prior taken out; misses count."""
    odds = lambda p: math.log(min(max(p, 1e-9), 1 - 1e-9)) - math.log1p(-min(max(p, 1e-9), 1 - 1e-9))
    ours = [odds(row[0]) for row, mark in zip(rows, right) if mark] + [odds(UNLISTED)] * missed
    others = [odds(row[0]) for row, mark in zip(rows, right) if not mark]
    if not ours or not others:
        return None
    prior = math.log(len(ours) / len(others))
    return cllr([x - prior for x in ours], [x - prior for x in others])


def score(truth, rows):
    found = list(marks(rows, truth))
    right = [hit is not None for hit in found]
    area, recall_at_90, cut = curve(rows, right, max(len(truth), 1))
    ln10 = math.log(10)
    weights = [[row[1] * ln10 for row, mark in zip(rows, right) if mark is wanted] for wanted in (True, False)]
    return {
        "average_precision": area,
        "recall_at_90": recall_at_90,
        "cllr": cllr(*weights),
        "cllr_min": cllr_min([row[1] for row in rows], right),
        "cllr_of_probability": cllr_of_probability(rows, right, len(truth) - sum(right)),
        "right_facility": right_facility(rows, truth),
        "positives": len(truth),
        "listed": len(rows),
        "expected": sum(row[0] for row in rows),
        "strata": strata(rows, found, truth, cut),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--truth", type=pathlib.Path, required=True)
    parser.add_argument("--devices", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    print(json.dumps(score(list(kept(arguments.truth)), listed(arguments.devices))))


if __name__ == "__main__":
    main()
