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
    assert_snapshot!(told_shaped(&ship("etsi-ts-102-657"), "rd.xml", text.as_bytes()), @"");
}

#[test]
fn antennas_in_degrees_of_both_kinds() {
    let place = |lat: &str, lon: &str, uli: &str| {
        SESSION.replace(
            "<userLocationInformation>0202F81012345678</userLocationInformation>",
            &format!("<userLocationInformation>{uli}</userLocationInformation><latitude>{lat}</latitude><longitude>{lon}</longitude><azimuth>120</azimuth><transmitterDetails><beamWidth>65</beamWidth></transmitterDetails>"),
        )
    };
    let text = message(&[
        place("N485130", "E0022118", "0202F81012345678"),
        place("48.8583", "-2.355", "0202F81012345679"),
        place("N485130", "E0022118", "0202F81012345678"),
        place("N488130", "E0022118", "0202F8101234567A"),
    ].join("\n"));
    assert_snapshot!(told_shaped(&ship("etsi-ts-102-657-sectors"), "rd.xml", text.as_bytes()), @"");
}

#[test]
fn broken_files() {
    let profile = ship("etsi-ts-102-657");
    let cut = message(&[PARTIES, SESSION].join("\n"));
    assert_snapshot!(told_shaped(&profile, "rd.xml", &cut.as_bytes()[..cut.len() - 300]), @"");
    assert_snapshot!(told_shaped(&profile, "rd.xml", &cut.as_bytes()[..200]), @"");
    assert_snapshot!(told_shaped(&profile, "rd.xml", b"<a><b></a>"), @"");
    assert_snapshot!(told_shaped(&profile, "rd.xml", b"<note><to>you</to></note>"), @"");
    assert_snapshot!(told_shaped(&profile, "rd.xml", b"imei,imsi\n1,2\n"), @"");
}

#[test]
fn the_sample_beside_the_clone() {
    let Some(path) = super::shared("../validators/rd.xml") else { return };
    let path = path.canonicalize().unwrap();
    assert_snapshot!(super::told_shaped_at(&ship("etsi-ts-102-657"), &path), @"");
    assert_snapshot!(super::told_shaped_at(&ship("etsi-ts-102-657-sectors"), &path), @"");
}
