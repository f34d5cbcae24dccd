//! XML that a recipient's tools may be made to choke on: entities that unfold, or that fetch files.

use crate::zip::MemberName;

const XML: &[&str] = &[".xml", ".graphml", ".gexf", ".svg", ".kml", ".gpx", ".rdf", ".owl", ".xhtml", ".xsd", ".xsl"];

/// Whether a member is no XML, or XML in UTF-8 without a document type: entities can't be declared without one.
pub(super) fn is_harmless(name: &MemberName, bytes: &[u8]) -> bool {
    if !is_xml(name, bytes) {
        return true;
    }
    let plain = std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) && says_utf8(bytes);
    plain && !contains(bytes, b"<!doctype") && !contains(bytes, b"<!entity")
}

fn is_xml(name: &MemberName, bytes: &[u8]) -> bool {
    let folded = name.folded();
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let wide = [b"\xff\xfe".as_slice(), b"\xfe\xff", b"<\0?\0", b"\0<\0?"].iter().any(|mark| bytes.starts_with(mark));
    XML.iter().any(|end| folded.ends_with(end)) || text.starts_with(b"<?xml") || wide
}

/// An XML declaration may name another encoding, and hide a document type in it.
fn says_utf8(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let head = text.split(|byte| *byte == b'>').next().unwrap_or_default().to_ascii_lowercase();
    let declared = head.starts_with(b"<?xml") && contains(&head, b"encoding");
    !declared || contains(&head, b"utf-8") || contains(&head, b"us-ascii")
}

fn contains(bytes: &[u8], lower: &[u8]) -> bool {
    bytes.windows(lower.len()).any(|window| window.eq_ignore_ascii_case(lower))
}
