"""What a page of SQL makes of whose a handset is: its numbers against those that inmates listed.

    duckdb_holders.py --case FOLDER --devices devices.csv --out OUT

For each traced handset in its likeliest facility, each number that it spoke with and that somebody held there listed
counts one, divided by those who listed it; an inmate's share of the sum, times the handset's probability, is theirs.
OUT gets devices.csv, holders.csv and places.csv, as bench/score_holders.py reads them.
"""

import argparse
import json
import pathlib
import shutil

import duckdb

HOLDERS = """
copy (
    with device as (
        select handset, imei, other_imeis, facility, probability from read_csv(getvariable('devices'), all_varchar = true)
        qualify row_number() over (partition by handset order by probability::double desc, facility) = 1
    ),
    imei as (
        select handset, facility, probability, unnest(string_split(concat_ws(' ', imei, other_imeis), ' ')) as imei
        from device where imei is not null
    ),
    spoken as (
        select distinct imei.handset, imei.facility, imei.probability, call.peer::varchar as msisdn
        from call join imei on left(call.imei, 14) = left(imei.imei, 14)
        where call.peer is not null
    ),
    held as (
        select inmate, facility, cell from read_csv(getvariable('roster'), all_varchar = true)
        where "from"::timestamp <= getvariable('asked_at')::timestamp
            and ("to" is null or "to"::timestamp > getvariable('asked_at')::timestamp)
        qualify row_number() over (partition by inmate order by "from" desc) = 1
    ),
    listed as (
        select inmate, msisdn, count(*) over (partition by msisdn) as by_so_many
        from (select distinct inmate, msisdn from read_csv(getvariable('contacts'), all_varchar = true))
    ),
    scored as (
        select handset, facility, any_value(probability)::double as kept, inmate, any_value(cell) as cell,
            sum(1.0 / by_so_many) as score
        from spoken join listed using (msisdn) join held using (inmate, facility)
        group by handset, facility, inmate
    )
    select handset, handset as imei, row_number() over (of_handset order by score desc, inmate) as rank, inmate,
        facility, cell, log10(score) as log10_lr, kept * score / sum(score) over (of_handset) as probability
    from scored
    window of_handset as (partition by handset, facility)
    order by handset, rank
) to '{out}/holders.csv' (header)
"""

PLACES = """
copy (
    select handset, facility, cell, sum(probability) as probability
    from read_csv('{out}/holders.csv', all_varchar = false) group by all order by handset, probability desc
) to '{out}/places.csv' (header)
"""

CALLS = """
create table call as
select imei::varchar as imei, peer from read_parquet(getvariable('records'), union_by_name = true)
where imei is not null and peer is not null and event in ('voice', 'sms')
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", type=pathlib.Path, required=True)
    parser.add_argument("--devices", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    shutil.copy(arguments.devices, arguments.out / "devices.csv")
    connection = duckdb.connect()
    at = json.loads((arguments.case / "operation.json").read_text())["time"]
    tables = {name: arguments.case / f"{name}.csv" for name in ("roster", "contacts")}
    for name, value in {"asked_at": at, "devices": arguments.devices, **tables}.items():
        connection.execute(f"set variable {name} = '{value}'")
    files = sorted(str(file) for file in arguments.case.glob("records*.parquet"))
    connection.execute(f"set variable records = {files}")
    connection.execute("set timezone = 'UTC'")
    connection.execute(CALLS)
    connection.execute(HOLDERS.format(out=arguments.out))
    connection.execute(PLACES.format(out=arguments.out))


if __name__ == "__main__":
    main()
