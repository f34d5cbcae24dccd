"""What `cellsweep watch` raises on a made-up world whose records are dropped day by day, beside the truth.

    watch.py --program cellsweep --folder FOLDER [--seed 1] [--facilities 16] [--days 40] [--records 4000000]
             [--baseline 30] [--jammed 0] [--jam-effect 0.9]

The first `baseline` days lie in the folder when it is first looked at; each day after is one pass of `watch --once`.
One JSON object on standard output. Needs polars.
"""

import argparse
import csv
import datetime
import json
import pathlib
import shutil
import subprocess

import polars

DAY = datetime.timedelta(days=1)


def run(*words):
    ended = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if ended.returncode not in (0, 4):
        raise SystemExit(f"{' '.join(map(str, words))}: {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return ended.stdout


def records(case):
    """All records, with the operator's file that they came in."""
    for path in sorted(case.glob("records-*")):
        if path.suffix == ".parquet":
            frame = polars.read_parquet(path)
        else:
            frame = polars.read_csv(path, infer_schema_length=0)
        day = polars.col("time").cast(polars.String).str.slice(0, 10)
        yield path.name.split(".")[0], frame.with_columns(day=day)


def by_day(case, folder):
    """Writes a file for each operator and day; the days in order."""
    frames = list(records(case))
    counts = {}
    for _, frame in frames:
        for day, count in frame.group_by("day").len().iter_rows():
            counts[day] = counts.get(day, 0) + count
    usual = sorted(counts.values())[len(counts) // 2]
    # Rows whose time is wild, or none, came with the first day's file.
    days = {day for day, count in counts.items() if count * 100 >= usual}
    first = min(days)
    for name, frame in frames:
        frame = frame.with_columns(day=polars.when(polars.col("day").is_in(sorted(days))).then("day").otherwise(polars.lit(first)))
        for (day,), rows in frame.partition_by("day", as_dict=True).items():
            (folder / day).mkdir(parents=True, exist_ok=True)
            rows.drop("day").write_parquet(folder / day / f"{name}-{day}.parquet")
    return sorted(days)


def truth(world):
    """By IMEI (14 digits): its row."""
    rows = {}
    with open(world / "truth/handsets.csv", newline="") as file:
        for row in csv.DictReader(file):
            for imei in (row["imei14"], row["other_imei"]):
                # Of several that share an IMEI, one that is kept counts.
                if imei and rows.get(imei, {}).get("kept") != "true":
                    rows[imei] = row
    return rows


def watch(program, world, days, baseline):
    case, drop = world / "watched", world / "drop"
    run(program, "init", case, "--exercise")
    drop.mkdir()
    for path in (world / "case").iterdir():
        if not path.name.startswith("records") and path.name != "operation.json":
            shutil.copy(path, drop)
    alerts, seconds = [], []
    for index, day in enumerate(days):
        for path in (world / "days" / day).iterdir():
            shutil.move(path, drop)
        if index + 1 < baseline:
            continue
        began = datetime.datetime.now()
        said = run(program, "watch", drop, "--case", case, "--once", "--settle", "0", "--json", "--quiet")
        seconds.append((datetime.datetime.now() - began).total_seconds())
        alerts += [{**alert, "day": day} for alert in json.loads(said)["alerts"]]
    return case, alerts, seconds


def listed(program, case):
    rows = csv.DictReader(run(program, "devices", "--case", case, "--format", "csv").splitlines())
    return [row for row in rows if float(row["probability"]) >= 0.5]


def new_ones(alerts, known, days, baseline, program, case):
    first_new = days[baseline]
    kept = {row["key"]: row for row in known.values() if row["kept"] == "true" and int(row["events"]) > 0}
    fresh = {key: row for key, row in kept.items() if row["first"][:10] >= first_new}
    raised = [alert for alert in alerts if alert["kind"] == "new_handset"]
    rows = [known.get(alert["handset"][:14], {}) for alert in raised]
    right = [row for row, alert in zip(rows, raised) if row.get("kept") == "true" and row["facility"] == alert["facility"]]
    found = {row["key"] for row in right} & set(fresh)
    there = {known[row["imei"][:14]]["key"] for row in listed(program, case) if row["imei"][:14] in known}
    ages = {}
    for key, row in fresh.items():
        age = days.index(row["last"][:10]) - days.index(row["first"][:10]) + 1 if row["last"][:10] in days else 0
        band = "1-3" if age <= 3 else "4-7" if age <= 7 else "8+"
        had, all_ = ages.get(band, (0, 0))
        ages[band] = (had + (key in found), all_ + 1)
    return {
        "kept_and_first_heard_after": len(fresh),
        "of_them_raised": len(found),
        "of_them_listed_at_the_end": len(set(fresh) & there),
        "by_days_from_first_to_last_record": {band: f"{had} of {all_}" for band, (had, all_) in sorted(ages.items())},
        "raised": len(raised),
        "raised_and_kept_there": len(right),
        "raised_and_not_kept_there": len(raised) - len(right),
        "raised_and_heard_before": len(right) - len(found),
    }


def successions(alerts, known):
    raised = [alert for alert in alerts if alert["kind"] == "successor"]
    right = 0
    for alert in raised:
        earlier, later = known.get(alert["earlier"][:14]), known.get(alert["handset"][:14])
        right += bool(earlier and later and later["successor_of"] == earlier["key"])
    return {"raised": len(raised), "right": right}


def silences(alerts, world, days, baseline):
    raised = [alert for alert in alerts if alert["kind"] == "silent"]
    explained = [alert for alert in raised if any("May be explained" in why["en"] for why in alert["reasons"])]
    with open(world / "case/jamming.csv", newline="") as file:
        jammed = {(row["facility"], row["from"][:10]) for row in csv.DictReader(file)}
    with open(world / "case/facilities.geojson") as file:
        facilities = len(json.load(file)["features"])
    begun = {facility for facility, since in jammed if since >= days[baseline]}
    return {
        "facility_days": facilities * (len(days) - baseline),
        "raised": len(raised),
        "explained_by_what_the_case_knows": len(explained),
        "unexplained": len(raised) - len(explained),
        "facilities_whose_jamming_began_after": len(begun),
        "of_them_raised": len({alert["facility"] for alert in raised} & begun),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--folder", required=True, type=pathlib.Path)
    for name, usual in [("seed", 1), ("facilities", 16), ("days", 40), ("records", 4_000_000), ("baseline", 30), ("jammed", 0)]:
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--jam-effect", type=float, default=0.9)
    asked = parser.parse_args()
    world = asked.folder / f"watch-{asked.seed}"
    jam = ["--jammed", asked.jammed, "--jam-effect", asked.jam_effect, "--jam-from", asked.baseline + 2] if asked.jammed else []
    run(asked.program, "world", world, "--facilities", asked.facilities, "--days", asked.days, "--records", asked.records,
        "--seed", asked.seed, "--quiet", *jam)
    days = by_day(world / "case", world / "days")
    case, alerts, seconds = watch(asked.program, world, days, asked.baseline)
    known = truth(world)
    kinds = {}
    for alert in alerts:
        kinds[alert["kind"]] = kinds.get(alert["kind"], 0) + 1
    print(json.dumps({
        "seed": asked.seed,
        "days": len(days),
        "passes": len(seconds),
        "seconds_a_pass": round(sum(seconds[1:]) / max(len(seconds) - 1, 1), 2),
        "alerts": kinds,
        "new_handset": new_ones(alerts, known, days, asked.baseline, asked.program, case),
        "successor": successions(alerts, known),
        "silent": silences(alerts, world, days, asked.baseline),
    }, indent=1))


if __name__ == "__main__":
    main()
