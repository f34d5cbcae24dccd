"""A world's records in other formats: one CSV of all, and the first of them as XML and XLSX.

    make_formats.py --case WORLD/case --out FOLDER --rows N

Writes records.csv (all), calls.xml (N calls as ETSI TS 102 657 hands them over) and calls.xlsx (N rows) with the
profile calls.toml that reads the last.
"""

import argparse
import pathlib

import duckdb
import openpyxl

COLUMNS = """strftime(time at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') as time, operator, event, direction, imei, imsi,
       msisdn, peer, duration_s, technology, sector, timing_advance"""

RECORD = """<ResponseRecord><recordNumber>{number}</recordNumber><recordPayload><telephonyRecord><telephonyServiceUsage>
    <partyInformation>
     <TelephonyPartyInformation>
      <partyRole><{role}-Party/></partyRole><partyNumber>{msisdn}</partyNumber>
      <iMSI>{imsi}</iMSI><iMEI>{imei}</iMEI>
      <communicationTime><startTime>{start}+0000</startTime><durationTime>{duration}</durationTime></communicationTime>
      <detailedLocation><cellInformation><userLocationInformation>{place}</userLocationInformation></cellInformation></detailedLocation>
     </TelephonyPartyInformation>
    </partyInformation></telephonyServiceUsage></telephonyRecord></recordPayload></ResponseRecord>
"""

PROFILE = """format = 1
name = "bench-calls"
version = "1"
table = "records"

[file]
kind = "workbook"

[time]
zone = "in-value"
formats = ["iso"]

[columns]
"""


def user_location(sector):
    """A sector as User Location Information (TS 29.274 §8.21): CGI or ECGI with a nibble-swapped network."""
    parts = sector.split("-")
    mcc, mnc = parts[0], parts[1]
    third = mnc[2] if len(mnc) == 3 else "F"
    network = mcc[1] + mcc[0] + third + mcc[2] + mnc[1] + mnc[0]
    if len(parts) == 4:
        return f"01{network}{int(parts[2]):04X}{int(parts[3]) & 0xFFFF:04X}"
    return f"10{network}{int(parts[2]) & 0xFFFFFFF:08X}"


def write_xml(path, rows):
    with path.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        out.write('<RetainedDataMessage xmlns="http://uri.etsi.org/02657/v1.28.1#/RetainedData">\n')
        out.write("<retainedDataHeader><cSPID>OP-BENCH</cSPID></retainedDataHeader>\n")
        out.write("<retainedDataPayload><responseMessage><responsePayload>\n")
        for number, row in enumerate(rows, 1):
            time, _, _, direction, imei, imsi, msisdn, _, duration, _, sector, _ = row
            role = "originating" if direction == "out" else "terminating"
            out.write(
                RECORD.format(
                    number=number, role=role, msisdn=msisdn, imsi=imsi, imei=imei,
                    start=time[:19].translate({45: None, 58: None, 84: None}), duration=duration, place=user_location(sector),
                )
            )
        out.write("</responsePayload></responseMessage></retainedDataPayload>\n</RetainedDataMessage>\n")


def write_workbook(path, names, rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("calls")
    sheet.append(names)
    for row in rows:
        sheet.append(row)
    book.save(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    files = sorted(str(file) for file in arguments.case.glob("records*.parquet"))
    select = f"select {COLUMNS} from read_parquet({files})"
    connection.execute(f"copy ({select}) to '{arguments.out / 'records.csv'}' (header)")
    calls = connection.execute(
        f"{select} where event = 'voice' and imei is not null and imsi is not null and msisdn is not null"
        f" and technology in ('GSM', 'LTE') and duration_s is not null limit {arguments.rows}"
    )
    names = [column[0] for column in calls.description]
    rows = calls.fetchall()
    write_xml(arguments.out / "calls.xml", rows)
    write_workbook(arguments.out / "calls.xlsx", names, rows)
    columns = "".join(f'{name} = "{name}"\n' for name in names)
    (arguments.out / "calls.toml").write_text(PROFILE + columns)
    print(len(rows))


if __name__ == "__main__":
    main()
