"""The per-device table of `cellsweep trace`, as a skilled analyst writes it for ClickHouse (chDB).

    chdb_devices.py --case FOLDER --out devices.csv

The same columns and the same score as duckdb_devices.py, in ClickHouse's SQL. Its settings suit as they come:
as many threads as cores, and a group by that spills to disk once it holds half of the memory.
"""

import argparse
import json
import pathlib

import chdb

FIELDS = (
    "event String, direction String, imei Nullable(String), imsi Nullable(String), technology String, sector String"
)

# All keys are integers of a fixed width, so that a row's four lie side by side in one hash key: a handset
# is the 14 digits of its IMEI, and a sector the 64-bit hash of its name.
# First stage: one row for each handset, day, sector and subscriber, as trace's daily profiles are.
DAYS = """
create table days engine = Memory as
with toInt64OrNull(left(imei, 14)) as digits,
     toUnixTimestamp64Micro(time) as micros,
     toUInt8(intDiv(micros, 3600000000) % 24) as utc_hour,
     (utc_hour + 1) % 24 as hour
select assumeNotNull(digits) as handset, toUInt16(intDiv(micros, 86400000000)) as day, cityHash64(sector) as sector_key,
       ifNull(toInt64OrNull(imsi), -1) as imsi,
       count() as events,
       countIf(event = 'voice') as voice,
       countIf(event = 'sms') as sms,
       countIf(event = 'data') as data,
       countIf(event in ('attach', 'detach')) as on_off,
       countIf(direction = 'out') as outgoing,
       countIf(technology = 'GSM') as gsm,
       countIf(hour >= 18 or hour < 2) as evening,
       countIf(hour between 2 and 6) as night,
       groupBitOr(bitShiftLeft(toUInt32(1), utc_hour)) as hours,
       count(timing_advance) as ta_count, sum(timing_advance) as ta_sum,
       min(time) as first_seen, max(time) as last_seen
from ({records})
where digits is not null
group by handset, day, sector_key, imsi
"""

# Sectors that serve inside: the survey's, and where there is none the antennas within 1,500 m.
INSIDE = """
create table inside engine = Memory as
select facility, sector_key, share from survey
union all
select f.facility, s.sector_key, 0.05
from sectors s cross join (select * from facilities where facility not in (select facility from survey)) f
where 111195 * sqrt(pow(s.lat - f.lat, 2) + pow((s.lon - f.lon) * cos(radians(f.lat)), 2)) < 1500
"""

THERE = """
create table there engine = Memory as
select handset, facility, sum(events) as events_inside, uniqExact(day) as days_inside, sum(events * share) as fit
from days join inside using (sector_key)
group by handset, facility
"""

DEVICES = """
create table devices engine = Memory as
with whole as (
    select handset, intDiv(handset, 1000000) as tac, sum(events) as events, uniqExact(day) as days,
           uniqExact(sector_key) as sectors, uniqExactIf(imsi, imsi >= 0) as imsis, sum(voice) as voice, sum(sms) as sms, sum(data) as data,
           sum(on_off) as on_off, sum(outgoing) as outgoing, sum(gsm) as gsm, sum(evening) as evening,
           sum(night) as night, sum(bitCount(hours)) as hours, min(first_seen) as first_seen,
           max(last_seen) as last_seen
    from days where handset in (select handset from there) group by handset
), by_sector as (
    select distinct handset, sector_key from days where handset in (select handset from there)
), away as (
    select handset, facility,
           max(111195 * sqrt(pow(s.lat - f.lat, 2) + pow((s.lon - f.lon) * cos(radians(f.lat)), 2))) as farthest_m
    from by_sector b join sectors s using (sector_key) join there t using (handset) join facilities f using (facility)
    group by handset, facility
)
select * except (tac), handset in (select handset from ledger) as in_ledger,
       handset in (select handset from known) as known
from there join whole using (handset) join away using (handset, facility) left join models using (tac)
order by handset, fit desc, facility
limit 2 by handset
"""

SCORED = """
with - 7.0
     + 6.0 * events_inside / events
     + 0.6 * log(1 + days_inside)
     + 2.0 * evening / events
     + 2.0 * least(on_off / events, 0.5)
     + 0.8 * least(toInt64(imsis) - 1, 2)
     + multiIf(class = 'mini', 2.0, class = 'iot', -3.0, 0.0)
     + if(in_ledger, 2.0, 0.0)
     - if(known, 4.0, 0.0)
     - multiIf(farthest_m > 10000, 3.0, farthest_m > 4000, 1.0, 0.0)
     - if(voice + sms = 0, 2.0, 0.0) as score,
     '%Y-%m-%dT%H:%i:%S.%f+0000' as iso
select leftPad(toString(handset), 14, '0') as handset, handset as imei, facility,
       1 / (1 + exp(-score)) as probability, score / log(10) as log10_lr,
       formatDateTime(first_seen, iso) as first_seen, formatDateTime(last_seen, iso) as last_seen,
       events, days_inside as days_present, imsis, in_ledger::Bool as in_ledger, class
from devices where events_inside >= 3
order by probability desc, handset, facility
into outfile '{out}' truncate format CSVWithNames
"""


def centres(case):
    """Each facility with the middle of its outline."""
    for feature in json.loads((case / "facilities.geojson").read_text())["features"]:
        corners = feature["geometry"]["coordinates"][0][:-1]
        lat = sum(corner[1] for corner in corners) / len(corners)
        lon = sum(corner[0] for corner in corners) / len(corners)
        yield str(feature["properties"]["facility"]), lat, lon


def records(case):
    """The case's record files as one query."""
    parts = []
    if any(case.glob("records*.parquet")):
        fields = f"time DateTime64(6, ''UTC''), {FIELDS}, timing_advance Nullable(Int32)"
        parts.append(f"select * from file('{case}/records*.parquet', Parquet, '{fields}')")
    for pattern in ("records*.csv", "records*.csv.gz", "records*.csv.zst"):
        if any(case.glob(pattern)):
            # Real exports have broken lines; an analyst passes over them.
            fields = f"time Nullable(String), {FIELDS}, timing_advance Nullable(String)"
            parts.append(f"""
                select assumeNotNull(parseDateTime64BestEffortOrNull(raw.time, 6, 'UTC') as moment) as time,
                       event, direction, imei, imsi, technology, sector,
                       toInt32OrNull(raw.timing_advance) as timing_advance
                from file('{case}/{pattern}', CSVWithNames, '{fields}') as raw
                where moment is not null""")
    return " union all ".join(parts)


def sources(con, case):
    """Makes the case's small tables."""
    con.query("create table facilities (facility String, lat Float64, lon Float64) engine = Memory")
    rows = ", ".join(f"('{facility}', {lat!r}, {lon!r})" for facility, lat, lon in centres(case))
    con.query(f"insert into facilities values {rows}")
    handset = "distinct toInt64OrNull(left(replaceRegexpAll(imei, '[^0-9]', ''), 14)) as handset"
    small = {
        "sectors": ("sectors.csv", "sector String, lat Float64, lon Float64", "cityHash64(sector) as sector_key, lat, lon"),
        "survey": ("survey.csv", "facility String, sector String, share Float64", "facility, cityHash64(sector) as sector_key, share"),
        "models": ("models.csv", "tac Int64, class String", "tac, class"),
        "ledger": ("ledger.csv", "imei String", handset),
        "known": ("known_devices.csv", "imei String", handset),
    }
    for table, (file, fields, columns) in small.items():
        source = f"file('{case}/{file}', CSVWithNames, '{fields}')" if (case / file).exists() else f"null('{fields}')"
        con.query(f"create table {table} engine = Memory as select {columns} from {source}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    con = chdb.connect(":memory:")
    # A line with too few fields is read as far as it goes.
    con.query("set input_format_csv_allow_variable_number_of_columns = 1")
    sources(con, arguments.case)
    con.query(DAYS.format(records=records(arguments.case)))
    for statement in (INSIDE, THERE, DEVICES):
        con.query(statement)
    con.query(SCORED.format(out=arguments.out))


if __name__ == "__main__":
    main()
