"""The per-device table of `cellsweep trace`, as a skilled analyst writes it in SQL for DuckDB.

    duckdb_devices.py --case FOLDER --out devices.csv

It reads the raw files and computes, for each handset and facility, what trace weighs: the share of
events at sectors that serve inside, days there, evenings and nights, calls, messages and data, attaches
and detaches, timing advance, subscribers, technologies, first and last seen, the farthest sector, the
catalogue's class, the ledger and the known devices. A score in plain SQL orders the rows.
"""

import argparse
import json
import pathlib

import duckdb

# IMEIs are compared on 14 digits, as integers: text keys cost twice the time.
# First stage: one row for each handset, day, sector and subscriber, as trace's daily profiles are.
DAYS = """
create temp table days as
select try_cast(left(imei, 14) as bigint) as handset, epoch_us(time) // 86400000000 as day, sector,
       try_cast(imsi as bigint) as imsi,
       count(*) as events,
       count(*) filter (event = 'voice') as voice,
       count(*) filter (event = 'sms') as sms,
       count(*) filter (event = 'data') as data,
       count(*) filter (event in ('attach', 'detach')) as on_off,
       count(*) filter (direction = 'out') as outgoing,
       count(*) filter (technology = 'GSM') as gsm,
       count(*) filter ((epoch_us(time) // 3600000000 + 1) % 24 in (18, 19, 20, 21, 22, 23, 0, 1)) as evening,
       count(*) filter ((epoch_us(time) // 3600000000 + 1) % 24 between 2 and 6) as night,
       bit_or(1 << (epoch_us(time) // 3600000000 % 24)::integer) as hours,
       count(timing_advance) as ta_count, sum(timing_advance) as ta_sum,
       min(time) as first_seen, max(time) as last_seen
from records
where imei is not null and time is not null
group by all
"""

# Sectors that serve inside: the survey's, and where there is none the antennas within 1,500 m.
INSIDE = """
create temp table inside as
select facility, sector, share from survey
union all
select f.facility, s.sector, 0.05
from facilities f join sectors s
  on abs(s.lat - f.lat) < 0.0135 and abs(s.lon - f.lon) < 0.02
where f.facility not in (select facility from survey)
  and 111195 * sqrt((s.lat - f.lat) ** 2 + ((s.lon - f.lon) * cos(radians(f.lat))) ** 2) < 1500
"""

DEVICES = """
create temp table devices as
with by_sector as (
    select handset, sector, sum(events) as events, count(distinct day) as days, sum(ta_sum) / sum(ta_count) as ta
    from days group by all
), whole as (
    select handset, sum(events) as events, count(distinct day) as days, count(distinct sector) as sectors,
           count(distinct imsi) as imsis, sum(voice) as voice, sum(sms) as sms, sum(data) as data,
           sum(on_off) as on_off, sum(outgoing) as outgoing, sum(gsm) as gsm, sum(evening) as evening,
           sum(night) as night, sum(bit_count(hours)) as hours, min(first_seen) as first_seen,
           max(last_seen) as last_seen
    from days group by all
), there as (
    select handset, facility, sum(events) as events_inside, count(distinct day) as days_inside,
           sum(events * share) as fit
    from days join inside using (sector) group by all
), away as (
    select handset, facility,
           max(111195 * sqrt((s.lat - f.lat) ** 2 + ((s.lon - f.lon) * cos(radians(f.lat))) ** 2)) as farthest_m
    from there join by_sector using (handset) join sectors s using (sector) join facilities f using (facility)
    group by all
)
select t.*, w.* exclude (handset), a.farthest_m, m.class, l.handset is not null as in_ledger,
       k.handset is not null as known
from there t join whole w using (handset) join away a using (handset, facility)
left join models m on m.tac = t.handset // 1000000
left join ledger l using (handset)
left join known k using (handset)
qualify row_number() over (partition by t.handset order by fit desc, facility) <= 2
"""

SCORED = """
copy (
    select lpad(handset::varchar, 14, '0') as handset, lpad(handset::varchar, 14, '0') as imei, facility,
           1 / (1 + exp(-score)) as probability, score / ln(10) as log10_lr,
           first_seen, last_seen, events, days_inside as days_present, imsis, in_ledger, class
    from (
        select *,
               - 7.0
               + 6.0 * events_inside / events
               + 0.6 * ln(1 + days_inside)
               + 2.0 * evening / events
               + 2.0 * least(on_off / events, 0.5)
               + 0.8 * least(imsis - 1, 2)
               + case class when 'mini' then 2.0 when 'iot' then -3.0 else 0 end
               + case when in_ledger then 2.0 else 0 end
               - case when known then 4.0 else 0 end
               - case when farthest_m > 10000 then 3.0 when farthest_m > 4000 then 1.0 else 0 end
               - case when voice + sms = 0 then 2.0 else 0 end as score
        from devices where events_inside >= 3
    )
    order by probability desc, handset, facility
) to $out (header)
"""


def centres(case):
    """Each facility with the middle of its outline."""
    for feature in json.loads((case / "facilities.geojson").read_text())["features"]:
        corners = feature["geometry"]["coordinates"][0][:-1]
        lat = sum(corner[1] for corner in corners) / len(corners)
        lon = sum(corner[0] for corner in corners) / len(corners)
        yield str(feature["properties"]["facility"]), lat, lon


def sources(con, case):
    """Names the case's files as views."""
    parts = []
    # Real exports have broken lines; an analyst passes over them.
    options = "header=true, delim=',', strict_mode=false, ignore_errors=true, null_padding=true"
    if any(case.glob("records*.parquet")):
        parts.append(f"select * from read_parquet('{case}/records*.parquet')")
    for pattern in ("records*.csv", "records*.csv.gz", "records*.csv.zst"):
        if any(case.glob(pattern)):
            types = "{'time': 'timestamptz', 'imei': 'varchar', 'imsi': 'varchar', 'msisdn': 'varchar', 'peer': 'varchar', 'timing_advance': 'integer', 'duration_s': 'integer'}"
            parts.append(f"select * from read_csv('{case}/{pattern}', {options}, types={types})")
    con.execute("create view records as " + " union all by name ".join(parts))
    text = "header=true, all_varchar=true"
    con.execute(f"""create temp table sectors as select sector, lat::double as lat, lon::double as lon
                    from read_csv('{case}/sectors.csv', {text})""")
    con.execute("create temp table facilities (facility varchar, lat double, lon double)")
    con.executemany("insert into facilities values (?, ?, ?)", list(centres(case)))
    small = {
        "survey": ("survey.csv", "facility, sector, share::double as share", "facility varchar, sector varchar, share double"),
        "models": ("models.csv", "tac::bigint as tac, class", "tac bigint, class varchar"),
        "ledger": ("ledger.csv", "distinct try_cast(left(regexp_replace(imei, '[^0-9]', '', 'g'), 14) as bigint) as handset", "handset bigint"),
        "known": ("known_devices.csv", "distinct try_cast(left(regexp_replace(imei, '[^0-9]', '', 'g'), 14) as bigint) as handset", "handset bigint"),
    }
    for table, (file, columns, empty) in small.items():
        if (case / file).exists():
            con.execute(f"create temp table {table} as select {columns} from read_csv('{case}/{file}', {text})")
        else:
            con.execute(f"create temp table {table} ({empty})")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    con = duckdb.connect()
    sources(con, arguments.case)
    for statement in (DAYS, INSIDE, DEVICES):
        con.execute(statement)
    con.execute(SCORED.replace("$out", f"'{arguments.out}'"))


if __name__ == "__main__":
    main()
