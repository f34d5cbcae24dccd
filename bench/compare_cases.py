"""How alike two or more cases look to attribution, by what can be counted without knowing the truth.

    compare_cases.py CASE=OUT…

CASE is a folder of inputs, OUT what `cellsweep run` wrote of it. Handsets are those that are kept with a probability of 0.8 and more.
Prints a table: a row a figure, a column a case.
"""

import json
import pathlib
import sys

import duckdb

FIGURES = """
    select 'inmates held a facility' as figure, (select count(*) from held) / (select count(distinct facility) from held) as value
    union all select 'inmates a cell in use', (select count(*) from held) / (select count(distinct (facility, cell)) from held)
    union all select 'numbers listed an inmate', (select count(*) from listed) / (select count(*) from held)
    union all select 'inmates who list nobody', 1 - (select count(distinct inmate) from listed) / (select count(*) from held)
    union all select 'inmates a listed number', (select count(*) from listed) / (select count(distinct msisdn) from listed)
    union all select 'cases an inmate', (select count(*) from charged) / (select count(*) from held)
    union all select 'inmates a case', (select count(*) from charged) / (select count(distinct "case") from charged)
    union all select 'numbers a case', (select count(*) from offence) / (select count(distinct "case") from offence)
    union all select 'handsets likely kept a facility', (select count(distinct handset) from device) / (select count(distinct facility) from held)
    union all select 'numbers a handset', (select count(*) from number) / (select count(distinct handset) from number)
    union all select 'numbers called once', (select avg((calls = 1)::int) from number)
    union all select 'handsets with a number listed here', (select count(distinct handset) from here) / (select count(distinct handset) from device)
    union all select 'handsets with one that one inmate here lists', (select count(distinct handset) from here where listers = 1) / (select count(distinct handset) from device)
    union all select 'such numbers a handset', (select count(distinct (handset, msisdn)) from here where listers = 1) / (select count(distinct handset) from device)
    union all select 'cells that such numbers point to', (select avg(cells) from (select count(distinct cell) as cells from here where listers = 1 group by handset))
    union all select 'numbers listed elsewhere, a handset, a thousand facilities', (select count(distinct (handset, msisdn)) from number join listed using (msisdn) join held using (inmate) where held.facility <> number.facility) * 1000 / (select count(distinct handset) from device) / ((select count(distinct facility) from held) - 1)
    union all select 'facilities with sensors', (select count(distinct facility) from sensor) / (select count(distinct facility) from held)
"""


def figures(case, out):
    case, out = pathlib.Path(case), pathlib.Path(out)
    at = json.loads((case / "operation.json").read_text())["time"]
    csv = lambda name: f"read_csv('{case}/{name}.csv', all_varchar = true)"
    database = duckdb.connect()
    database.execute(f"""
        create table device as select handset, left(imei, 14) as imei, facility from read_csv('{out}/devices.csv', all_varchar = true)
            where probability::double >= 0.8 and imei is not null;
        create table call as select left(imei::varchar, 14) as imei, peer::varchar as msisdn from read_parquet('{case}/records*.parquet', union_by_name = true)
            where peer is not null and peer::varchar <> '';
        create table number as select handset, facility, msisdn, count(*) as calls from device join call using (imei) group by all;
        create table held as select inmate, facility, cell from {csv("roster")}
            where "from"::timestamp <= '{at}'::timestamp and ("to" is null or "to"::timestamp > '{at}'::timestamp)
            qualify row_number() over (partition by inmate order by "from" desc) = 1;
        create table listed as select distinct inmate, msisdn from {csv("contacts")} join held using (inmate);
        create table charged as select distinct inmate, "case" from {csv("cases")} join held using (inmate);
        create table offence as select distinct "case", msisdn from {csv("offences")} where msisdn is not null;
        create table sensor as select distinct facility from {csv("sensors")};
        create table here as select number.handset, number.msisdn, held.inmate, held.cell,
            count(held.inmate) over (partition by number.handset, number.msisdn) as listers
            from number join listed using (msisdn) join held on held.inmate = listed.inmate and held.facility = number.facility;
    """)
    return database.execute(FIGURES).fetchall()


def main():
    pairs = [argument.split("=", 1) for argument in sys.argv[1:]]
    columns = [dict(figures(case, out)) for case, out in pairs]
    print(f"| | {' | '.join(pathlib.Path(out).parent.name or out for _, out in pairs)} |\n|---|{'---|' * len(pairs)}")
    for figure in columns[0]:
        print(f"| {figure} | {' | '.join(f'{column[figure]:.2f}' for column in columns)} |")


if __name__ == "__main__":
    main()
