"""How well trace mends the sector table, against made-up worlds' truth.

    score_masts.py WORLD=CASE...

WORLD has case/sectors.csv and truth/masts.csv, CASE is the case that traced it. Prints a line a world: sectors that the
table puts more than 3 km from where they stand, anywhere in the country; those that trace moved, how many of them rightly, and how far from
their place they are then; those that the table lacks and trace placed, and how far from their place. Distances are the quartiles, in kilometres.
"""

import csv
import json
import math
import pathlib
import sys

WRONG_KM = 3.0


def places(path):
    with open(path, newline="") as file:
        return {row["sector"]: (float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)}


def apart_km(a, b):
    east = (a[1] - b[1]) * 111.195 * math.cos(math.radians((a[0] + b[0]) / 2))
    return math.hypot((a[0] - b[0]) * 111.195, east)


def quartiles(values):
    values = sorted(values)
    return [round(values[len(values) * part // 4], 1) for part in (1, 2, 3)] if values else []


def score(world, case):
    truth, table = places(world / "truth" / "masts.csv"), places(world / "case" / "sectors.csv")
    wrong = {sector for sector, at in table.items() if apart_km(at, truth[sector]) > WRONG_KM}
    trace = sorted(case.glob("runs/*-trace-*/trace.json"))[-1]
    doubts = json.loads(trace.read_text())["table_doubts"]
    error_km = lambda doubt: apart_km((doubt["at"]["lat"], doubt["at"]["lon"]), truth[doubt["sector"]])
    moved = [doubt for doubt in doubts if doubt["moved_m"] is not None]
    rightly = [doubt for doubt in moved if doubt["sector"] in wrong]
    lacking = [doubt for doubt in doubts if doubt["moved_m"] is None and doubt["sector"] in truth]
    print(
        f"{world.name}: {len(wrong)} of {len(table)} are wrong; moved {len(moved)}, {len(rightly)} rightly, to within "
        f"{quartiles(map(error_km, rightly))}; placed {len(lacking)} that are lacking, to within {quartiles(map(error_km, lacking))}"
    )


if __name__ == "__main__":
    for pair in sys.argv[1:]:
        world, case = pair.split("=", 1)
        score(pathlib.Path(world), pathlib.Path(case))
