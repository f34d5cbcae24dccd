"""Retained data (ETSI TS 102 657) to a table, the obvious way in Python: lxml's iterparse.

    lxml_etsi.py --file calls.xml --out calls.parquet

One row a party: who, when, how long, where. The place is decoded from its User Location Information; nothing is
checked beyond what decoding needs.
"""

import argparse
import datetime
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

NAMESPACE = "{http://uri.etsi.org/02657/v1.28.1#/RetainedData}"


def place(hexadecimal):
    data = bytes.fromhex(hexadecimal)
    digits = "".join(f"{byte & 15:X}{byte >> 4:X}" for byte in data[1:4])
    mcc, mnc = digits[:3], digits[4:6] + digits[3].replace("F", "")
    if data[0] & 16:
        return f"{mcc}-{mnc}-{int.from_bytes(data[4:8]) & 0xFFFFFFF}"
    return f"{mcc}-{mnc}-{int.from_bytes(data[4:6])}-{int.from_bytes(data[6:8])}"


def rows(path):
    for _, party in etree.iterparse(str(path), tag=f"{NAMESPACE}TelephonyPartyInformation"):
        text = lambda name: party.findtext(f".//{NAMESPACE}{name}")
        outgoing = party.find(f"{NAMESPACE}partyRole/{NAMESPACE}originating-Party") is not None
        yield {
            "time": datetime.datetime.strptime(text("startTime"), "%Y%m%d%H%M%S%z"),
            "direction": "out" if outgoing else "in",
            "imei": int(text("iMEI")[:14]),
            "imsi": int(text("iMSI")),
            "msisdn": int(text("partyNumber")),
            "duration_s": int(text("durationTime")),
            "sector": place(text("userLocationInformation")),
        }
        party.clear()
        while party.getprevious() is not None:
            del party.getparent()[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    pq.write_table(pa.Table.from_pylist(list(rows(arguments.file))), arguments.out)


if __name__ == "__main__":
    main()
