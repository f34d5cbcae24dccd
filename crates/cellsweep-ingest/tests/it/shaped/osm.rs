//! Prisons out of OpenStreetMap.

use insta::assert_snapshot;

use super::{ship, told_shaped};

const XML: &str = r#"<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="48.0" lon="2.0"/><node id="2" lat="48.0" lon="2.01"/><node id="3" lat="48.01" lon="2.01"/><node id="4" lat="48.01" lon="2.0"/>
<node id="9" lat="49" lon="3"><tag k="amenity" v="prison"/><tag k="name" v="Point &amp; co"/></node>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="amenity" v="prison"/><tag k="name" v="Square"/><tag k="capacity" v="100"/></way>
<way id="11"><nd ref="1"/><nd ref="2"/><nd ref="3"/></way><way id="12"><nd ref="1"/><nd ref="4"/><nd ref="3"/></way>
<way id="13"><nd ref="1"/><nd ref="2"/><tag k="amenity" v="prison"/></way><way id="14"><nd ref="1"/><nd ref="2"/><tag k="amenity" v="school"/></way>
<relation id="20"><member type="way" ref="11" role="outer"/><member type="way" ref="12" role="outer"/><member type="way" ref="10" role="inner"/><tag k="type" v="multipolygon"/><tag k="amenity" v="prison"/><tag k="name" v="Ring"/></relation>
</osm>"#;

#[test]
fn xml() {
    assert_snapshot!(told_shaped(&ship("facilities-osm"), "x.osm", XML.as_bytes()), @"
    2 of 4 kept
    line 1: geometry is not a polygon (Point)
    line 3: geometry is not a polygon (open line)
    way/10,Square,prison,100,,POLYGON((2 48, 2.01 48, 2.01 48.01, 2 48.01, 2 48))
    relation/20,Ring,prison,,,POLYGON((2 48, 2 48.01, 2.01 48.01, 2.01 48, 2 48))
    ");
}

#[test]
fn pbf() {
    assert_snapshot!(told_shaped(&ship("facilities-osm"), "x.osm.pbf", &pbf_file()), @"
    1 of 1 kept
    way/10,Square,prison,,,POLYGON((2 48, 2.0100000000000002 48, 2.0100000000000002 48.010000000000005, 2 48.010000000000005, 2 48))
    ");
    assert_snapshot!(told_shaped(&ship("facilities-osm"), "x.osm.pbf", &pbf_file()[..120]), @"
    refused: x.osm.pbf: the OpenStreetMap data are cut off or damaged: protobuf error at 'blob content': Unexpected end of file
    hint: fetch the extract again
    ");
    assert_snapshot!(told_shaped(&ship("facilities-osm"), "x.osm.pbf", b"nothing of the kind"), @"
    refused: x.osm.pbf: this is neither OpenStreetMap XML nor PBF, and the profile says otherwise
    hint: check `kind` in the profile's [file], or name another profile
    ");
}

/// A varint of protobuf.
fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value > 127 {
        out.push(value as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}

fn bytes(field: u64, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    varint(field << 3 | 2, &mut out);
    varint(content.len() as u64, &mut out);
    out.extend_from_slice(content);
    out
}

fn number(field: u64, value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    varint(field << 3, &mut out);
    varint(value, &mut out);
    out
}

fn packed(field: u64, values: &[u64]) -> Vec<u8> {
    let mut content = Vec::new();
    values.iter().for_each(|value| varint(*value, &mut content));
    bytes(field, &content)
}

fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}

fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    let blob = [bytes(1, content), number(2, content.len() as u64)].concat();
    let header = [bytes(1, kind.as_bytes()), number(3, blob.len() as u64)].concat();
    [&(header.len() as u32).to_be_bytes()[..], &header, &blob].concat()
}

/// One prison as a way over four dense nodes (OpenStreetMap wiki, PBF format), written by hand.
fn pbf_file() -> Vec<u8> {
    let texts: Vec<u8> =
        ["", "amenity", "prison", "name", "Square"].iter().flat_map(|text| bytes(1, text.as_bytes())).collect();
    let degrees = |values: [f64; 4]| {
        let nanos: Vec<i64> = values.iter().map(|value| (value * 1e7).round() as i64).collect();
        let mut last = 0;
        nanos.iter().map(|value| zigzag(value - std::mem::replace(&mut last, *value))).collect::<Vec<_>>()
    };
    let dense = [
        packed(1, &[2, 2, 2, 2]),
        packed(8, &degrees([48.0, 48.0, 48.01, 48.01])),
        packed(9, &degrees([2.0, 2.01, 2.01, 2.0])),
    ]
    .concat();
    let way = [number(1, 10), packed(2, &[1, 3]), packed(3, &[2, 4]), packed(8, &[2, 2, 2, 2, zigzag(-3)])].concat();
    let group = bytes(2, &bytes(2, &dense));
    let ways = bytes(2, &bytes(3, &way));
    let block = [bytes(1, &texts), group, ways].concat();
    [blob("OSMHeader", &bytes(4, b"OsmSchema-V0.6")), blob("OSMData", &block)].concat()
}
