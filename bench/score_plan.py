"""How much a plan finds against a made-up world's truth; one JSON object on standard output.

    score_plan.py --truth WORLD/truth --case WORLD/case --out OUT

OUT holds plan.csv, holders.csv and devices.csv; the limits are those of the case's operation.json. Every handset
that is kept and lies in a cell counts, traced or not. The oracle knows where they lie and keeps the limits; it is exact.
"""

import argparse
import collections
import csv
import json
import pathlib


def rows(path):
    if path.exists():
        with open(path, newline="") as file:
            yield from csv.DictReader(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--truth", type=pathlib.Path, required=True)
    parser.add_argument("--case", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    print(json.dumps(score(arguments.truth, arguments.case, arguments.out)))


def score(truth, case, out):
    limits = json.loads((case / "operation.json").read_text())
    facilities, cells = limits["facilities"], limits["cells"]
    lying, minis = collections.Counter(), collections.Counter()
    kept = 0
    for handset in rows(truth / "handsets.csv"):
        if handset["kept"] == "true":
            kept += 1
            if handset["cell"]:
                lying[handset["facility"], handset["cell"]] += 1
                minis[handset["facility"], handset["cell"]] += handset["class"] == "inmate_mini"
    plan = list(rows(out / "plan.csv"))
    planned = {(row["facility"], row["cell"]) for row in plan if row["target"] == "cell"}
    opened = {row["facility"] for row in plan}
    all_cells = {(row["facility"], row["cell"]) for row in rows(case / "cells.csv")}
    best = oracle(lying, facilities, cells)
    found = sum(lying[cell] for cell in planned)
    expected = sum(float(row["expected_phones"]) for row in plan if row["target"] == "cell")
    page, own = sql_page(out, facilities, cells), own_lists(case, limits, all_cells)
    random = sum(lying.values()) / max(len(all_cells), 1) * min(cells, len(all_cells))
    return {
        "kept": kept,
        "within_limits": len(planned) <= cells and len(opened) <= facilities and len(planned) == len(plan),
        "oracle": best,
        "found": found,
        "expected": round(expected, 1),
        "expected_by_found": round(expected / max(found, 1), 3),
        "share_of_oracle": round(found / best, 3),
        "sql_page": round(sum(lying[cell] for cell in page) / best, 3),
        "own_lists": round(sum(lying[cell] for cell in own) / best, 3),
        "random_cells": round(random / best, 3),
        "phones_a_search": round(found / max(len(planned), 1), 3),
        "minis_a_search": round(sum(minis[cell] for cell in planned) / max(len(planned), 1), 3),
    }


def oracle(lying, facilities, cells):
    """The most phones in so many cells of so many facilities, facility by facility."""
    by_facility = collections.defaultdict(list)
    for (facility, _), count in lying.items():
        by_facility[facility].append(count)
    best = [[0] * (cells + 1) for _ in range(facilities + 1)]
    for counts in by_facility.values():
        counts.sort(reverse=True)
        sums = [0]
        for count in counts[:cells]:
            sums.append(sums[-1] + count)
        for opened in range(facilities, 0, -1):
            without, here = best[opened - 1], best[opened]
            for spent in range(cells, 0, -1):
                top = min(len(sums) - 1, spent)
                here[spent] = max(here[spent], max(without[spent - n] + sums[n] for n in range(top + 1)))
    return best[facilities][cells]


def sql_page(out, facilities, cells):
    """Facilities by their sum, then cells by the sum of their holders' probabilities."""
    sums = collections.Counter()
    for row in rows(out / "holders.csv"):
        if row["cell"]:
            sums[row["facility"], row["cell"]] += float(row["probability"])
    of_facility = collections.Counter()
    for row in rows(out / "devices.csv"):
        of_facility[row["facility"]] += float(row["probability"])
    opened = {facility for facility, _ in of_facility.most_common(facilities)}
    return [cell for cell, _ in sums.most_common() if cell[0] in opened][:cells]


def own_lists(case, limits, all_cells):
    """What facilities would name themselves: their cells with most finds before, evenly over those with most finds."""
    finds, of_facility = collections.Counter(), collections.Counter()
    for row in rows(case / "seizures.csv"):
        if row["cell"] and row["time"] < limits["time"]:
            finds[row["facility"], row["cell"]] += 1
            of_facility[row["facility"]] += 1
    opened = [facility for facility, _ in of_facility.most_common(limits["facilities"])]
    each = limits["cells"] // max(len(opened), 1)
    named = []
    for facility in opened:
        own = sorted((cell for cell in all_cells if cell[0] == facility), key=lambda cell: (-finds[cell], cell))
        named += own[:each]
    return named


if __name__ == "__main__":
    main()
