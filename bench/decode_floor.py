"""The floor of any query: decoding, on two threads, the columns that it needs from the raw Parquet files.

    decode_floor.py --case FOLDER [--out IGNORED]
"""

import argparse
import pathlib

import pyarrow as pa
import pyarrow.dataset as ds

COLUMNS = ["time", "event", "direction", "imei", "imsi", "technology", "sector", "timing_advance"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path)
    arguments = parser.parse_args()
    pa.set_cpu_count(2)
    pa.set_io_thread_count(2)
    files = sorted(str(file) for file in arguments.case.glob("records*.parquet"))
    rows = 0
    # Batch by batch, so that the memory stays small, as in the programs beside it.
    for batch in ds.dataset(files, format="parquet").to_batches(columns=COLUMNS):
        rows += batch.num_rows
    print(rows)


if __name__ == "__main__":
    main()
