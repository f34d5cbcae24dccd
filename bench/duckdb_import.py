"""A CSV file of records to canonical Parquet, as a skilled analyst writes it in SQL for DuckDB.

    duckdb_import.py --file FILE.csv --out FILE.parquet [--sort]

The same casts as an import's, to the same columns: identifiers as integers that keep their leading zeros, words as
their codes, sectors as 64 bits. Spared are what an import also does: checking each value, quarantine, doubts, sorting
by handset (unless --sort), daily profiles and peers.
"""

import argparse
import pathlib

import duckdb

TYPES = {
    "time": "TIMESTAMPTZ",
    "operator": "VARCHAR",
    "event": "VARCHAR",
    "direction": "VARCHAR",
    "imei": "VARCHAR",
    "imsi": "VARCHAR",
    "msisdn": "VARCHAR",
    "peer": "VARCHAR",
    "duration_s": "INTEGER",
    "technology": "VARCHAR",
    "sector": "VARCHAR",
    "timing_advance": "SMALLINT",
}

# A leading 1 keeps leading zeros. Sectors are a mixed radix: network, then area and cell or one flat number.
SELECT = """
select case when imei is not null then ('1' || left(imei, 14))::ubigint
            when imsi is not null then (1::ubigint << 60) + ('1' || imsi)::ubigint
            else (2::ubigint << 60) + ('1' || msisdn)::ubigint end as handset,
       time,
       ('1' || imei)::ubigint as imei,
       ('1' || imsi)::ubigint as imsi,
       ('1' || msisdn)::ubigint as msisdn,
       coalesce(try_cast('1' || peer as bigint), -(hash(peer) >> 2)::bigint) as peer,
       operator,
       list_position(['voice', 'sms', 'data', 'attach', 'update', 'detach'], event)::utinyint as event,
       list_position(['out', 'in', 'none'], direction)::utinyint as direction,
       list_position(['GSM', 'UMTS', 'LTE', 'NR'], technology)::utinyint as technology,
       case when parts[4] is null
            then (990000::ubigint << 44) + (network << 36) + parts[3]::ubigint
            else (network << 44) + (parts[3]::ubigint << 28) + parts[4]::ubigint end as sector,
       timing_advance,
       duration_s
from (
    select *, (parts[1]::ubigint * 1100 + parts[2]::ubigint + if(length(parts[2]) = 3, 100, 0))::ubigint as network
    from (select *, string_split(sector, '-') as parts
          from read_csv('{file}', header = true, auto_detect = false, delim = ',', quote = '"', columns = {types}))
)
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--sort", action="store_true")
    arguments = parser.parse_args()
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute("set threads = 2")
    connection.execute("set preserve_insertion_order = false")
    query = SELECT.format(file=arguments.file, types=TYPES)
    if arguments.sort:
        query += " order by handset, time"
    connection.execute(f"copy ({query}) to '{arguments.out}' (format parquet, compression lz4)")


if __name__ == "__main__":
    main()
