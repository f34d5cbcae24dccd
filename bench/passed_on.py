"""Handsets that change hands, made of a made-up world's: two of one prison become one that the first user had until a day and
the second one since, with its SIM or with the first one's.

    passed_on.py make --case WORLD/case --truth WORLD/truth --out FOLDER [--pairs 100] [--seed 1]
    passed_on.py score --truth WORLD/truth --folder FOLDER --out OUT

`make` writes FOLDER/case, and FOLDER/passed.csv, which says what was made. OUT holds holders.csv and segments.csv, as
`cellsweep run FOLDER/opened --from FOLDER/case --out OUT --exercise` leaves them. `score` prints one JSON object: how many of the
changes were found, whom the segments and the holders name, and how many of the handsets that did not change hands are cut.
"""

import argparse
import collections
import csv
import datetime
import json
import pathlib
import random
import shutil

import duckdb

# A handset that speaks on fewer days than this on either side has no company that could turn over.
LEAST_DAYS = 4
# A change is found where a cut lies within so many days.
WITHIN = datetime.timedelta(days=2)


def rows(path):
    with open(path, newline="") as file:
        yield from csv.DictReader(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    made = commands.add_parser("make")
    made.add_argument("--case", type=pathlib.Path, required=True)
    made.add_argument("--truth", type=pathlib.Path, required=True)
    made.add_argument("--out", type=pathlib.Path, required=True)
    made.add_argument("--pairs", type=int, default=100)
    made.add_argument("--seed", type=int, default=1)
    made.set_defaults(run=make)
    scored = commands.add_parser("score")
    scored.add_argument("--truth", type=pathlib.Path, required=True)
    scored.add_argument("--folder", type=pathlib.Path, required=True)
    scored.add_argument("--out", type=pathlib.Path, required=True)
    scored.set_defaults(run=score)
    arguments = parser.parse_args()
    arguments.run(arguments)


def plain(row):
    marks = ("jammed", "rented", "transferred", "seized", "arrives_mid", "cloned")
    return row["kept"] == "true" and not row["other_imei"] and all(row[mark] == "false" for mark in marks)


def make(arguments):
    records = sorted(path for path in arguments.case.iterdir() if path.name.startswith("records"))
    calls = calls_by_day(records)
    pairs = choose(arguments, calls)
    shutil.rmtree(arguments.out, ignore_errors=True)
    (arguments.out / "case").mkdir(parents=True)
    for path in arguments.case.iterdir():
        if path not in records:
            shutil.copy(path, arguments.out / "case")
    with open(arguments.out / "passed.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, pairs[0].keys())
        writer.writeheader()
        writer.writerows(pairs)
    for path in records:
        rewrite(path, arguments.out)


def source(path):
    """A file of records as DuckDB reads it; lines that are none are left out."""
    if path.suffix != ".csv":
        return f"'{path}'"
    return f"read_csv('{path}', header = true, delim = ',', quote = '\"', all_varchar = true, ignore_errors = true, null_padding = true)"


def calls_by_day(records):
    """Days with a call or message, by IMEI14."""
    days = collections.defaultdict(set)
    for path in records:
        found = duckdb.sql(f"""select distinct left(imei::varchar, 14), try_cast(time as timestamp)::date as day from {source(path)}
            where day is not null and peer is not null and imei is not null""").fetchall()
        for imei, day in found:
            days[imei].add(day)
    return days


def choose(arguments, calls):
    draw = random.Random(arguments.seed)
    by_facility = collections.defaultdict(list)
    for row in rows(arguments.truth / "handsets.csv"):
        if plain(row):
            by_facility[row["facility"]].append(row)
    pairs = []
    for _, handsets in sorted(by_facility.items()):
        draw.shuffle(handsets)
        for first, second in zip(handsets[::2], handsets[1::2]):
            both = sorted(calls[first["imei14"]] | calls[second["imei14"]])
            if first["holder"] == second["holder"] or len(both) < 2 * LEAST_DAYS:
                continue
            day = both[int(len(both) * draw.uniform(0.35, 0.65))]
            before = [each for each in calls[first["imei14"]] if each < day]
            since = [each for each in calls[second["imei14"]] if each >= day]
            if min(len(before), len(since)) >= LEAST_DAYS:
                keep = draw.random() < 0.5
                pairs.append({"first": first["imei14"], "second": second["imei14"], "day": day.isoformat(), "keeps_sim": str(keep).lower()})
    draw.shuffle(pairs)
    return pairs[: arguments.pairs]


def rewrite(path, out):
    kind = "csv, header" if path.suffix == ".csv" else "parquet"
    passed = f"read_csv('{out / 'passed.csv'}', types = {{'first': 'varchar', 'second': 'varchar', 'day': 'date', 'keeps_sim': 'boolean'}})"
    duckdb.sql(f"""copy (
        with cards as (select left(imei::varchar, 14) as key, mode(imei) as imei, mode(imsi) as imsi, mode(msisdn) as msisdn
            from {source(path)} group by 1)
        select r.* replace (
            case when s.first is not null then coalesce(c.imei, s.first) else r.imei end as imei,
            case when s.keeps_sim then coalesce(c.imsi, r.imsi) else r.imsi end as imsi,
            case when s.keeps_sim then coalesce(c.msisdn, r.msisdn) else r.msisdn end as msisdn)
        from {source(path)} r
        left join {passed} f on left(r.imei::varchar, 14) = f.first
        left join {passed} s on left(r.imei::varchar, 14) = s.second
        left join cards c on c.key = s.first
        where (f.first is null or try_cast(r.time as timestamp)::date < f.day) and (s.second is null or try_cast(r.time as timestamp)::date >= s.day)
    ) to '{out / 'case' / path.name}' (format {kind})""")


def score(arguments):
    holder = {row["imei14"]: row["holder"] for row in rows(arguments.truth / "handsets.csv")}
    kept = {row["imei14"] for row in rows(arguments.truth / "handsets.csv") if row["kept"] == "true"}
    best, segments = {}, collections.defaultdict(dict)
    for row in rows(arguments.out / "holders.csv"):
        key = row["imei"][:14]
        if row["inmate"] and float(row["probability"]) > best.get(key, (0.0, ""))[0]:
            best[key] = float(row["probability"]), row["inmate"]
    path = arguments.out / "segments.csv"
    for row in rows(path) if path.exists() else ():
        if row["rank"] == "1":
            segments[row["imei"][:14]][row["from"]] = row["inmate"]
    counts = collections.Counter()
    passed = list(rows(arguments.folder / "passed.csv"))
    for pair in passed:
        first, second = holder[pair["first"]], holder[pair["second"]]
        counts["passed_on"] += 1
        counts["traced"] += pair["first"] in best
        counts["holder_now"] += best.get(pair["first"], (0, ""))[1] == second
        counts["holder_before"] += best.get(pair["first"], (0, ""))[1] == first
        stretches = sorted(segments.get(pair["first"], {}).items())
        day = datetime.date.fromisoformat(pair["day"])
        found = any(abs(datetime.date.fromisoformat(start) - day) <= WITHIN for start, _ in stretches[1:])
        counts["found"] += found
        counts["found_with_the_sim_kept"] += found and pair["keeps_sim"] == "true"
        counts["sim_kept"] += pair["keeps_sim"] == "true"
        if found:
            counts["first_user_right"] += stretches[0][1] == first
            counts["last_user_right"] += stretches[-1][1] == second
    of_pairs = {pair[side] for pair in passed for side in ("first", "second")}
    counts["not_passed_on"] = len(kept - of_pairs)
    counts["cut_wrongly"] = len(set(segments) & kept - of_pairs)
    print(json.dumps(counts, indent=1))


if __name__ == "__main__":
    main()
