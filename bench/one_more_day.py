"""What one more day costs a case of thirty, and whether it leaves what a case from scratch does.

    one_more_day.py --program cellsweep --folder FOLDER [--seed 1] [--facilities 66] [--days 31] [--records 30000000]

Operators' records are cut into a file for each operator and day, as operators that answer daily drop them. One JSON object on standard
output. Needs polars.
"""

import argparse
import hashlib
import json
import pathlib
import shutil
import time

from watch import by_day, run

TABLES = ("sectors", "facilities", "survey", "models", "ledger", "known_devices", "requests", "roster", "contacts")


def took(*words):
    start = time.monotonic()
    run(*words)
    return round(time.monotonic() - start, 2)


def begin(program, world, case):
    shutil.rmtree(case, ignore_errors=True)
    run(program, "init", case, "--exercise")
    for table in TABLES:
        files = sorted((world / "case").glob(f"{table}.*"))
        if files:
            run(program, "import", table, *files, "--case", case)


def add(program, case, files):
    return took(program, "import", "records", *files, "--case", case)


def devices(case):
    """The digest of what the last trace listed."""
    latest = max((case / "runs").iterdir(), key=lambda run: run.name)
    return hashlib.sha256((latest / "devices.parquet").read_bytes()).hexdigest()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--folder", required=True, type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--facilities", type=int, default=66)
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--records", type=int, default=30_000_000)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    world, daily = asked.folder / "world", asked.folder / "daily"
    for old in (world, daily):
        shutil.rmtree(old, ignore_errors=True)
    size = ("--days", asked.days, "--facilities", asked.facilities, "--records", asked.records, "--seed", asked.seed)
    run(asked.program, "world", world, *size)
    days = by_day(world / "case", daily)
    files = {day: sorted((daily / day).iterdir()) for day in days}
    last = days[-1]
    before = [file for day in days[:-1] for file in files[day]]

    case, whole = asked.folder / "grown", asked.folder / "whole"
    begin(asked.program, world, case)
    first = {"import": add(asked.program, case, before), "trace": took(asked.program, "trace", "--case", case)}
    more = {"import": add(asked.program, case, files[last]), "trace": took(asked.program, "trace", "--case", case)}
    begin(asked.program, world, whole)
    add(asked.program, whole, before + files[last])
    run(asked.program, "trace", "--case", whole)
    ratios = {step: round(more[step] / first[step], 3) for step in first}
    both = round(sum(more.values()) / sum(first.values()), 3)
    same = devices(case) == devices(whole)
    print(json.dumps({"days": len(days), "files": len(before), "first": first, "one_more_day": more, "ratios": {**ratios, "both": both}, "same_bytes": same}, indent=1))


if __name__ == "__main__":
    main()
