//! What a package says of itself. No person's name is in it.

use jiff::Timestamp;

use super::MEDIA_TYPE;
use super::xml::Xml;
use crate::Paper;

/// The list of the package's parts.
pub(super) fn manifest() -> String {
    let mut xml = Xml::new();
    xml.raw("<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">\n");
    xml.raw(&format!(
        "<manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" manifest:media-type=\"{MEDIA_TYPE}\"/>\n"
    ));
    for part in ["content.xml", "styles.xml", "meta.xml"] {
        xml.raw(&format!("<manifest:file-entry manifest:full-path=\"{part}\" manifest:media-type=\"text/xml\"/>\n"));
    }
    xml.raw("</manifest:manifest>\n");
    xml.0
}

/// Its properties: title, language, date.
pub(super) fn meta(paper: &Paper, made: Timestamp) -> String {
    let mut xml = Xml::new();
    xml.raw(
        "<office:document-meta xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" office:version=\"1.3\"><office:meta>",
    );
    xml.element("meta:generator", "", concat!("cellsweep/", env!("CARGO_PKG_VERSION")));
    xml.element("dc:title", "", &paper.title.replace('\u{a0}', " "));
    let second = made.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    xml.element("meta:creation-date", "", &second);
    xml.element("dc:date", "", &second);
    xml.element("dc:language", "", &format!("{}-{}", paper.lang.tag(), paper.lang.country()));
    xml.raw("</office:meta></office:document-meta>\n");
    xml.0
}
