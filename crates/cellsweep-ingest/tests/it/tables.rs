//! The small tables from CSV.

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use cellsweep_ingest::{IngestOptions, read_table_bytes};
use cellsweep_model::table::Table;
use insta::assert_snapshot;

use crate::told_table;

#[test]
fn identifiers_are_kept_in_the_form_that_joins() {
    let text = "order,time,model,quantity,imei,unit_price,currency,buyer,email,phone,address,postcode,city,country\n\
        O1,2024-05-03T14:53:57Z,MI-9,1,35 854660 927729 8,36.50,EUR,A,,+33 6 02 70 83 12,,00100,,FR\n";
    let (batch, report) =
        read_table_bytes(Table::Ledger, text.as_bytes(), &IngestOptions::default(), &mut |_| Ok(())).unwrap();
    let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().value(0).to_owned();
    assert_eq!(text("imei"), "358546609277298");
    assert_eq!(text("postcode"), "00100");
    assert_eq!(batch.column_by_name("quantity").unwrap().as_primitive::<Int64Type>().value(0), 1);
    assert_eq!(report.window, Some((1_714_748_037_000_000, 1_714_748_037_000_000)));
}

#[test]
fn bad_rows() {
    let text = "sector,technology,operator,lat,lon,azimuth_deg,beamwidth_deg,range_m\n\
        208-01-1-2,GSM,208-01,48.5,2.1,,65,1000\n\
        208-01-1-2,gsm,208-01,48.5,2.1,,65,1000\n\
        208-01-1-2,GSM,208-01,\"48,5\",2.1,,65,1000\n\
        208-01-1-2,GSM,208-01,948.5,2.1,,65,1000\n\
        x,GSM,208-01,48.5,2.1,,65,1000\n\
        208-01-1-2,GSM,208-01,48.5\n\
        208-01-1-2,GSM,\"208-01,48.5,2.1,,65,1000\n\
        208-01-1-2,GSM,208-01,48.5,2.1,,65,-1\n";
    assert_snapshot!(told_table(Table::Sectors, "sectors.csv", text.as_bytes()), @"
    2 of 8 kept
    line 4: lat has a decimal comma (48,5)
    line 5: lat out of range (948.5)
    line 6: sector is not a sector (x)
    line 7: fewer fields than the header (4 fields, not 8)
    line 8: quote is not closed
    line 9: range_m out of range (-1)
    doubt: technology is in other letters than the contract's: 1
    ");
}

#[test]
fn names_of_people_are_not_shown() {
    let text = "inmate,msisdn,source,name\n\
        I1,33612345678,phone_list,Mum\n\
        I2,O612345678,phone_list,Dad\n\
        ,33612345678,phone_list,Dad\n\
        I4,33612345678,letter,Dad\n";
    assert_snapshot!(told_table(Table::Contacts, "contacts.csv", text.as_bytes()), @"
    1 of 4 kept
    line 3: msisdn is not digits (10 characters, 9 of them digits)
    line 4: inmate is blank
    line 5: source is not a known word (letter)
    ");
}

#[test]
fn columns_that_may_be_missing() {
    let text = "imei\n490154203237518\n";
    assert_snapshot!(told_table(Table::KnownDevices, "known.csv", text.as_bytes()), @"
    1 of 1 kept
    doubt: column `role` is missing, read as blank: 1
    ");
    assert_snapshot!(told_table(Table::KnownDevices, "known.csv", b"role\nstaff\n"), @"
    refused: known.csv, line 1: column `imei` is missing; found role
    hint: rename or add the columns so that they carry the contract's names
    ");
    assert_snapshot!(told_table(Table::KnownDevices, "known.csv", b"imei;role\n1;staff\n"), @r#"
    refused: known.csv, line 1: fields are separated by semicolons, not by commas
    hint: save it with commas: `python3 -c "import csv, sys; csv.writer(sys.stdout).writerows(csv.reader(sys.stdin, delimiter=';'))" < IN > OUT`
    "#);
}

#[test]
fn header_only() {
    assert_snapshot!(told_table(Table::Jamming, "jamming.csv", b"facility,wing,from,to,technologies\n"), @"
    0 of 0 kept
    doubt: file has no rows: 1
    ");
}
