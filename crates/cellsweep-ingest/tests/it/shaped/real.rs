//! Real files, where they lie beside the clone: they come in whole, or with their bad rows named.

use insta::assert_snapshot;

use super::{shared, ship, table_of};

/// The counts alone: columns that a profile doesn't use are many.
fn counts(name: &str, profile: &str) -> Option<String> {
    let path = shared(name)?;
    let (_, told) = table_of(&path, &ship(profile)).unwrap();
    let lines = told.lines().filter(|line| !line.contains("is not used"));
    let mut kinds = std::collections::BTreeMap::<String, u32>::new();
    let mut text = String::new();
    for line in lines {
        match line.strip_prefix("line ").and_then(|rest| rest.split_once(": ")) {
            Some((_, reason)) => *kinds.entry(reason.split(" (").next().unwrap_or(reason).to_owned()).or_default() += 1,
            None => text.push_str(&format!("{line}\n")),
        }
    }
    for (reason, count) in kinds {
        text.push_str(&format!("rejected: {reason}: {count}\n"));
    }
    Some(text)
}

#[test]
fn cartoradio() {
    let Some(told) = counts("anfr-montpellier/ANFR_MTP_Supports.xls", "antennas-anfr-cartoradio") else { return };
    assert_snapshot!(told, @"6035 of 6035 kept");
    let (batch, _) =
        table_of(&shared("anfr-montpellier/ANFR_MTP_Supports.xls").unwrap(), &ship("antennas-anfr-cartoradio"))
            .unwrap();
    let supports = batch.column_by_name("support").unwrap();
    let mut different: Vec<String> =
        (0..batch.num_rows()).map(|row| arrow::util::display::array_value_to_string(supports, row).unwrap()).collect();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 206);
}

#[test]
fn osmocom_s_tacs() {
    let Some(told) = counts("tac/osmocom_tacdb.csv", "models-osmocom-tac") else { return };
    assert_snapshot!(told, @"22527 of 22527 kept");
}

#[test]
fn flowkit_s_cells() {
    let Some(told) = counts("flowkit/flowdb/testdata/synthetic_data/data/MLS-subset-cells-nepal.csv", "sectors-mls")
    else {
        return;
    };
    // The stray rows are named, each country's few one by one.
    assert_snapshot!(told, @"
    16129 of 16129 kept
    doubt: sector is of another country than all others (208-15-831-1112442): 1
    doubt: sector is of another country than all others (228-01-131-570329): 1
    doubt: sector is of another country than all others (234-20-831-672049): 1
    doubt: sector is of another country than all others (234-20-831-715643): 1
    doubt: sector is of another country than all others (234-20-831-716643): 1
    doubt: sector is of another country than all others (250-20-10111-14143): 1
    doubt: sector is of another country than all others (262-07-16102-11033): 1
    doubt: sector is of another country than all others (460-00-35184-21060): 1
    doubt: sector is of another country than all others (460-00-35184-25201): 1
    doubt: sector is of another country than all others (MCC 404): 44
    doubt: sector is of another country than all others (MCC 405): 70
    doubt: sector is of another country than all others (MCC 470): 7
    ");
}

#[test]
fn transfers_in_new_zealand() {
    let Some(told) = counts("nz-transfers/inter-prison-transfers-original.csv", "transfers-nz") else { return };
    assert_snapshot!(told, @"27780 of 27780 kept");
    assert_snapshot!(counts("nz-transfers/prison-locations.json", "establishments-nz").unwrap(), @"18 of 18 kept");
}

#[test]
fn beds_of_a_prison_system() {
    let Some(told) = counts("moj-prison-api/R__4_26__BED_ASSIGNMENT_HISTORIES.sql", "roster-nomis-beds") else {
        return;
    };
    assert_snapshot!(told, @"
    10 of 11 kept
    rejected: from out of range: 1
    ");
}

#[test]
fn french_blocks_of_numbers() {
    let Some(told) = counts("majnum/MAJNUM.csv", "numbering-fr-majnum") else { return };
    assert_snapshot!(told, @"
    19096 of 19096 kept
    doubt: first was national and got the profile's country code: 18828
    doubt: last was national and got the profile's country code: 18828
    ");
}

#[test]
fn lists_of_prisons() {
    let Some(told) = counts("prisons/us_hifld_prisons.csv", "establishments-us-hifld") else { return };
    assert_snapshot!(told, @"6737 of 6737 kept");
    assert_snapshot!(counts("prisons/uk-prison-register/V1_1__insert_prisons.sql", "establishments-uk-register").unwrap(), @"
    167 of 167 kept
    doubt: `address` has a key more than once, the first row counts: 1
    doubt: `address` has no row for it: 45
    ");
}
