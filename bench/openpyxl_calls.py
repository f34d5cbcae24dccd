"""A workbook of records to a table, the obvious way in Python: openpyxl, read-only.

    openpyxl_calls.py --file calls.xlsx --out calls.parquet
"""

import argparse
import datetime
import pathlib

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

WHOLE = {"imei", "imsi", "msisdn", "duration_s", "timing_advance"}


def rows(path):
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    lines = sheet.iter_rows(values_only=True)
    names = next(lines)
    for line in lines:
        row = dict(zip(names, line))
        row["time"] = datetime.datetime.fromisoformat(row["time"])
        for name in WHOLE:
            value = row.get(name)
            row[name] = None if value is None else int(value)
        yield row


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    pq.write_table(pa.Table.from_pylist(list(rows(arguments.file))), arguments.out)


if __name__ == "__main__":
    main()
