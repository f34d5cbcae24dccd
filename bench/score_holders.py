"""How good holders and places are against a made-up world's truth; one JSON object on standard output.

    score_holders.py --truth WORLD/truth --out OUT

OUT holds devices.csv, holders.csv and places.csv. Every handset that is kept and stands in the records counts, traced or not; those that
no operator recorded are in `unrecorded`.
"""

import argparse
import collections
import csv
import json
import math
import pathlib

# What the true inmate is taken to have been given at least.
FLOOR = 1e-4
# Where bits are lost: by what the true holder was given of the handset's probability of being kept.
SHARES = (0.0002, 0.005, 0.1, 1.1)
# Who is named when whoever is over each of these is.
THRESHOLDS = (0.5, 0.7, 0.9, 0.95)


def rows(path):
    with open(path, newline="") as file:
        yield from csv.DictReader(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--truth", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    print(json.dumps(score(arguments.truth, arguments.out), indent=1))


def score(truth, out):
    keys, unrecorded = match(truth, out)
    holders, none = collections.defaultdict(list), collections.Counter()
    for row in rows(out / "holders.csv"):
        pair = row["handset"], row["facility"]
        if row["inmate"]:
            holders[pair].append((float(row["probability"]), row["inmate"], row["cell"], float(row["log10_lr"])))
        else:
            none[pair] += float(row["probability"])
    places = collections.defaultdict(list)
    for row in rows(out / "places.csv"):
        if row["cell"]:
            places[row["handset"], row["facility"]].append((float(row["probability"]), row["cell"]))
    figures, lost = collections.Counter(), collections.Counter()
    bits = 0.0
    for pair, handset in keys:
        figures["kept"] += 1
        candidates = sorted(holders.get(pair, []), reverse=True)
        of_inmate = {inmate: probability for probability, inmate, _, _ in candidates}
        users = handset["users"].split()
        given = of_inmate.get(handset["holder"], 0.0)
        bits -= math.log2(max(given, FLOOR))
        lost[share_of(given, candidates, none[pair]) if pair else "not traced"] -= math.log2(max(given, FLOOR))
        if pair is not None:
            figures["traced"] += 1
        cells = []
        for _, _, cell, _ in candidates:
            if cell and cell not in cells:
                cells.append(cell)
        # A cell's share is that of all who are held in it.
        sums = collections.Counter()
        for probability, _, cell, _ in candidates:
            sums[cell] += probability
        by_cell = [cell for cell, _ in sums.most_common()]
        lying = [cell for _, cell in sorted(places.get(pair, []), key=lambda x: -x[0])]
        figures["first_cell_of_holders"] += cells[:1] == [handset["cell"]]
        figures["cell_in_three_of_holders"] += handset["cell"] in cells[:3]
        figures["first_cell_by_sum"] += by_cell[:1] == [handset["cell"]]
        figures["first_cell_of_places"] += lying[:1] == [handset["cell"]]
        figures["cell_in_three_of_places"] += handset["cell"] in lying[:3]
        figures["first_inmate"] += bool(candidates) and candidates[0][1] == handset["holder"]
        figures["first_is_a_user"] += bool(candidates) and candidates[0][1] in users
        figures["users"] += sum(of_inmate.get(user, 0.0) for user in users)
    right = {(pair, handset["holder"]) for pair, handset in keys if pair}
    users = {(pair, user) for pair, handset in keys if pair for user in handset["users"].split()}
    kept_pairs = {pair for pair, _ in keys if pair}
    loose = 0.0
    bins = collections.defaultdict(lambda: [0, 0.0, 0, 0])
    for pair, candidates in holders.items():
        for probability, inmate, _, _ in candidates:
            if pair not in kept_pairs:
                loose += probability
            at = min(int(probability * 10), 9)
            bins[at][0] += 1
            bins[at][1] += probability
            bins[at][2] += (pair, inmate) in right
            bins[at][3] += (pair, inmate) in users
    kept = max(figures["kept"], 1)
    result = {name: round(value / kept, 4) for name, value in sorted(figures.items()) if name != "kept"}
    result["kept"], result["unrecorded"] = figures["kept"], unrecorded
    result["named"] = named(holders, right, users)
    result["bits"] = round(bits / kept, 3)
    result["bits_lost"] = {name: round(value / kept, 3) for name, value in sorted(lost.items())}
    result["loose"] = round(loose / kept, 4)
    result["cllr"], result["cllr_min"] = (round(cost, 3) for cost in cllr(keys, holders))
    result["calibration"] = {
        f"{at / 10:.1f}": [count, round(stated / count, 3), round(hits / count, 3), round(used / count, 3)]
        for at, (count, stated, hits, used) in sorted(bins.items())
    }
    return result


def share_of(given, candidates, nobody):
    """The step of the share that the true holder has of a handset's probability."""
    whole = sum(candidate[0] for candidate in candidates) + nobody
    return f"under {next(step for step in SHARES if given < step * max(whole, FLOOR))}"


def cllr(keys, holders):
    """Cllr of "used by this inmate" against "by another one held there", and its least under any monotone map.

    Over all candidates of traced handsets that are kept; a holder who isn't among them has the least weight that is. Other
    users of a handset are neither.
    """
    true, other = [], []
    for pair, handset in keys:
        weights = {inmate: log10_lr for _, inmate, _, log10_lr in holders.get(pair, [])}
        if weights:
            true.append(weights.get(handset["holder"], min(weights.values())))
            users = handset["users"].split()
            other.extend(weight for inmate, weight in weights.items() if inmate not in users)
    if not true or not other:
        return math.nan, math.nan
    labelled = sorted([(weight, 1) for weight in true] + [(weight, 0) for weight in other])
    return cost(true, other), cost(*isotonic([label for _, label in labelled]))


def cost(true, other):
    """Of log10 ratios (Brümmer & du Preez 2006)."""
    mean = lambda values: sum(math.log2(1 + 10 ** min(value, 300)) for value in values) / len(values)
    return (mean([-value for value in true]) + mean(other)) / 2


def isotonic(labels):
    """The best monotone ratios of labels in the order of their weights, by pooling adjacent violators."""
    blocks = []
    for label in labels:
        blocks.append([label, 1])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]:
            hits, count = blocks.pop()
            blocks[-1][0] += hits
            blocks[-1][1] += count
    odds = sum(labels) / (len(labels) - sum(labels))
    true, other = [], []
    for hits, count in blocks:
        ratio = math.log10(max(hits, 1e-9) / max(count - hits, 1e-9) / odds)
        true.extend([ratio] * hits)
        other.extend([ratio] * (count - hits))
    return true, other


def named(holders, right, users):
    """By threshold: how many are named, and of 100 how many are not the holder, and no user at all."""
    rows = [(candidate[0], (pair, candidate[1])) for pair, found in holders.items() for candidate in found]
    result = {}
    for threshold in THRESHOLDS:
        over = [who for probability, who in rows if probability > threshold]
        wrong = [sum(who not in those for who in over) * 100 / max(len(over), 1) for those in (right, users)]
        result[str(threshold)] = [len(over), round(wrong[0], 1), round(wrong[1], 1)]
    return result


def match(truth, out):
    """Each kept and recorded handset with the key and facility of its row, None where it has none; and how many weren't recorded."""
    listed = collections.defaultdict(list)
    devices = sorted(rows(out / "devices.csv"), key=lambda row: -float(row["probability"]))
    for row in devices:
        for imei in [row["imei"], *(row["other_imeis"] or "").split()]:
            if imei:
                listed[imei[:14], row["facility"]].append(row["handset"])
    taken, keys, unrecorded = set(), [], 0
    for handset in rows(truth / "handsets.csv"):
        if handset["kept"] != "true":
            continue
        if int(handset["events"]) == 0:
            unrecorded += 1
            continue
        names = [imei for imei in (handset["imei14"], handset["other_imei"]) if imei]
        found = [key for imei in names for key in listed.get((imei, handset["facility"]), []) if key not in taken]
        if found:
            taken.add(found[0])
        keys.append(((found[0], handset["facility"]) if found else None, handset))
    return keys, unrecorded


if __name__ == "__main__":
    main()
