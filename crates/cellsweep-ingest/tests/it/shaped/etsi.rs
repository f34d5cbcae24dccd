//! Retained data in the three shapes that occur.

use insta::assert_snapshot;

use super::{ship, told_shaped};

fn message(records: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<rd:RetainedDataMessage xmlns:rd="http://uri.etsi.org/02657/v1.26.1#/RetainedData"><retainedDataHeader><cSPID>OP-1</cSPID></retainedDataHeader>
<rd:retainedDataPayload><responseMessage><responsePayload>
{records}
</responsePayload></responseMessage></rd:retainedDataPayload></rd:RetainedDataMessage>
"#
    )
}

const PARTIES: &str = "<ResponseRecord><recordNumber>1</recordNumber><recordPayload><telephonyRecord><telephonyServiceUsage><partyInformation>
<TelephonyPartyInformation><partyRole><originating-Party/></partyRole><partyNumber>33639980001</partyNumber><iMSI>208011234567890</iMSI><iMEI>490154203237518</iMEI>
<communicationTime><startTime>20261101030304+0100</startTime><durationTime>61</durationTime></communicationTime>
<detailedLocation><cellInformation><userLocationInformation>1802F810123402F81000567801</userLocationInformation></cellInformation></detailedLocation></TelephonyPartyInformation>
<TelephonyPartyInformation><partyRole><terminating-Party/></partyRole><partyNumber>33639980002</partyNumber></TelephonyPartyInformation>
</partyInformation></telephonyServiceUsage></telephonyRecord></recordPayload></ResponseRecord>";

const SESSION: &str = "<ResponseRecord><recordNumber>2</recordNumber><recordPayload><networkAccessRecord><naServiceUsage><internetAccess>
<iMSI>208011234567890</iMSI><iMEI>490154203237518</iMEI><startTime>20261101021500Z</startTime><endTime>20261101022000Z</endTime>
<userLocationInformation>0202F81012345678</userLocationInformation></internetAccess></naServiceUsage></networkAccessRecord></recordPayload></ResponseRecord>";

const HYBRID: &str = "<ResponseRecord><recordNumber>3</recordNumber><recordPayload><telephonyRecord><telephonyServiceUsage><partyInformation>
<TelephonyPartyInformation><partyRole><originating-Party/></partyRole><partyNumber>33639980001</partyNumber><iMSI>208011234567890</iMSI><iMEI>490154203237518</iMEI></TelephonyPartyInformation>
</partyInformation></telephonyServiceUsage></telephonyRecord><networkAccessRecord><internetAccess><startTime>20261101031500+0100</startTime>
<location><userLocationInformation>0102F81012345678</userLocationInformation></location></internetAccess></networkAccessRecord></recordPayload></ResponseRecord>";

const BARE: &str = "<ResponseRecord><recordNumber>4</recordNumber><recordPayload><telephonyRecord><telephonyServiceUsage><partyInformation>
<TelephonyPartyInformation><iMEI>490154203237518</iMEI><communicationTime><startTime>20261101030304+0100</startTime></communicationTime></TelephonyPartyInformation>
</partyInformation></telephonyServiceUsage></telephonyRecord></recordPayload></ResponseRecord>
<ResponseRecord><recordNumber>5</recordNumber><note>nothing &amp; nobody</note></ResponseRecord>";

#[test]
fn parties_sessions_and_both_mixed() {
    let text = message(&[PARTIES, SESSION, HYBRID, BARE].join("\n"));
    assert_snapshot!(told_shaped(&ship("etsi-ts-102-657"), "rd.xml", text.as_bytes()), @"
    3 of 5 kept
    line 17: technology is blank
    line 20: time is blank
    2026-11-01T02:03:04Z,OP-1,voice,out,490154203237518,208011234567890,33639980001,33639980002,61,LTE,208-01-5666817,
    2026-11-01T02:15:00Z,OP-1,data,none,490154203237518,208011234567890,,,,UMTS,208-01-4660-22136,
    2026-11-01T02:15:00Z,OP-1,data,out,490154203237518,208011234567890,33639980001,,,GSM,208-01-4660-22136,
    ");
}

/// [`HYBRID`] with a second party who is named, and what its session says of whose it is.
fn call(second: &str, session: &str) -> String {
    let second = format!(
        "<TelephonyPartyInformation><partyRole><terminating-Party/></partyRole><partyNumber>33639980002</partyNumber><iMSI>208010000000002</iMSI>{second}</TelephonyPartyInformation>\n</partyInformation>"
    );
    HYBRID.replace("</partyInformation>", &second).replace("<internetAccess>", &format!("<internetAccess>{session}"))
}

#[test]
fn a_session_is_only_that_partys_whom_it_names() {
    let told = |record: &str| told_shaped(&ship("etsi-ts-102-657"), "rd.xml", message(record).as_bytes());
    let nobody = told(&call("", ""));
    let first = told(&call("", "<iMSI>208011234567890</iMSI><iMEI>490154203237518</iMEI>"));
    let by_number = told(&call("", "<mSISDN>0639980002</mSISDN>"));
    // The second party's own place stays its own.
    let place = "<location><userLocationInformation>0102F81012345679</userLocationInformation></location>";
    let own = told(&call(place, "<iMSI>208011234567890</iMSI>"));
    assert_snapshot!(nobody, @"
    0 of 2 kept
    line 4: technology is blank
    line 4: technology is blank
    ");
    assert_snapshot!(first, @"
    1 of 2 kept
    line 4: technology is blank
    2026-11-01T02:15:00Z,OP-1,data,out,490154203237518,208011234567890,33639980001,33639980002,,GSM,208-01-4660-22136,
    ");
    assert_snapshot!(by_number, @"
    1 of 2 kept
    line 4: technology is blank
    2026-11-01T02:15:00Z,OP-1,data,in,,208010000000002,33639980002,33639980001,,GSM,208-01-4660-22136,
    ");
    assert_snapshot!(own, @"
    2 of 2 kept
    2026-11-01T02:15:00Z,OP-1,data,out,490154203237518,208011234567890,33639980001,33639980002,,GSM,208-01-4660-22136,
    2026-11-01T02:15:00Z,OP-1,data,in,,208010000000002,33639980002,33639980001,,GSM,208-01-4660-22137,
    ");
}

#[test]
fn antennas_in_degrees_of_both_kinds() {
    let place = |lat: &str, lon: &str, uli: &str| {
        SESSION.replace(
            "<userLocationInformation>0202F81012345678</userLocationInformation>",
            &format!("<userLocationInformation>{uli}</userLocationInformation><latitude>{lat}</latitude><longitude>{lon}</longitude><azimuth>120</azimuth><transmitterDetails><beamWidth>65</beamWidth></transmitterDetails>"),
        )
    };
    let text = message(
        &[
            place("N485130", "E0022118", "0202F81012345678"),
            place("48.8583", "-2.355", "0202F81012345679"),
            place("N485130", "E0022118", "0202F81012345678"),
            place("N488130", "E0022118", "0202F8101234567A"),
        ]
        .join("\n"),
    );
    assert_snapshot!(told_shaped(&ship("etsi-ts-102-657-sectors"), "rd.xml", text.as_bytes()), @"
    2 of 4 kept
    line 10: sector stood in an earlier row (208-01-4660-22136)
    line 13: lat is not a number (N488130)
    208-01-4660-22136,UMTS,OP-1,48.858333333333334,2.355,120.0,65.0,,,
    208-01-4660-22137,UMTS,OP-1,48.8583,-2.355,120.0,65.0,,,
    ");
}

#[test]
fn broken_files() {
    let profile = ship("etsi-ts-102-657");
    let cut = message(&[PARTIES, SESSION].join("\n"));
    assert_snapshot!(told_shaped(&profile, "rd.xml", &cut.as_bytes()[..cut.len() - 300]), @"
    1 of 2 kept
    line 11: file is cut off
    doubt: file is cut off: 1
    2026-11-01T02:03:04Z,OP-1,voice,out,490154203237518,208011234567890,33639980001,33639980002,61,LTE,208-01-5666817,
    ");
    assert_snapshot!(told_shaped(&profile, "rd.xml", &cut.as_bytes()[..200]), @"
    refused: rd.xml, line 3: this is not well-formed XML: syntax error: tag not closed: `>` not found before end of input
    hint: ask for the file again and compare sizes or digests with the sender
    ");
    assert_snapshot!(told_shaped(&profile, "rd.xml", b"<a><b></a>"), @"
    refused: rd.xml, line 1: this is not well-formed XML: ill-formed document: expected `</b>`, but `</a>` was found
    hint: ask for the file again and compare sizes or digests with the sender
    ");
    assert_snapshot!(told_shaped(&profile, "rd.xml", b"<note><to>you</to></note>"), @"
    refused: rd.xml, line 1: this is not retained data of ETSI TS 102 657
    hint: name another profile; `cellsweep profile guess FILE` proposes one
    ");
    assert_snapshot!(told_shaped(&profile, "rd.xml", b"imei,imsi\n1,2\n"), @"
    refused: rd.xml, line 3: this is not retained data of ETSI TS 102 657
    hint: name another profile; `cellsweep profile guess FILE` proposes one
    ");
}

#[test]
fn the_sample_beside_the_clone() {
    let Some(path) = super::shared("../validators/rd.xml") else { return };
    let path = path.canonicalize().unwrap();
    assert_snapshot!(super::told_shaped_at(&ship("etsi-ts-102-657"), &path), @"
    1 of 1 kept
    2026-11-01T02:03:04Z,OP-SYNTH-1,voice,out,490154203237518,208011234567890,33639980001,,61,LTE,208-01-5666817,
    ");
    assert_snapshot!(super::told_shaped_at(&ship("etsi-ts-102-657-sectors"), &path), @"
    1 of 1 kept
    208-01-5666817,LTE,OP-SYNTH-1,48.858333333333334,2.355,120.0,65.0,,,
    ");
}
