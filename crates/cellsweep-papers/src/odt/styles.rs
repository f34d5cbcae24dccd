//! How papers look: one page style, and named styles that whoever edits a paper finds in the list of styles.

use super::xml::{Writer, attribute};
use crate::{Lang, Paper};

/// The namespaces of `content.xml` and `styles.xml`.
pub(super) const NAMESPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
     xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
     xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
     xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
     xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
     xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\"";

const SERIF: &str = "'Liberation Serif', 'Times New Roman', Tinos, serif";
const SANS: &str = "'Liberation Sans', Arial, Arimo, sans-serif";
const MONO: &str = "'Liberation Mono', 'Courier New', Cousine, monospace";

/// Paragraph styles: name, shown name, parent, paragraph properties, text properties.
type Style = (&'static str, &'static str, &'static str, &'static str, &'static str);

const PARAGRAPHS: &[Style] = &[
    ("Standard", "", "", "fo:margin-top=\"0mm\" fo:margin-bottom=\"0mm\"", ""),
    (
        "Text_20_body",
        "Text body",
        "Standard",
        "fo:margin-bottom=\"2.2mm\" fo:line-height=\"118%\" fo:hyphenation-ladder-count=\"2\" fo:orphans=\"2\" fo:widows=\"2\"",
        "",
    ),
    (
        "Title",
        "",
        "Standard",
        "fo:text-align=\"center\" fo:margin-top=\"5mm\" fo:margin-bottom=\"5mm\" fo:keep-with-next=\"always\"",
        "style:font-name=\"Sans\" fo:font-size=\"16pt\" fo:font-weight=\"bold\" fo:hyphenate=\"false\"",
    ),
    ("Heading", "", "Standard", "fo:keep-with-next=\"always\"", "style:font-name=\"Sans\" fo:hyphenate=\"false\""),
    (
        "Heading_20_1",
        "Heading 1",
        "Heading",
        "fo:margin-top=\"4.5mm\" fo:margin-bottom=\"2mm\" fo:padding-bottom=\"0.6mm\" fo:border-bottom=\"0.5pt solid #44546a\"",
        "fo:font-size=\"12pt\" fo:font-weight=\"bold\" fo:color=\"#1f2f46\"",
    ),
    (
        "Heading_20_2",
        "Heading 2",
        "Heading",
        "fo:margin-top=\"3mm\" fo:margin-bottom=\"1.4mm\"",
        "fo:font-size=\"10.5pt\" fo:font-weight=\"bold\"",
    ),
    (
        "Exercise",
        "",
        "Standard",
        "fo:text-align=\"center\" fo:padding=\"2mm\" fo:border=\"1.5pt solid #b00020\" fo:margin-bottom=\"2mm\" style:join-border=\"false\"",
        "style:font-name=\"Sans\" fo:font-size=\"12pt\" fo:font-weight=\"bold\" fo:color=\"#b00020\" fo:hyphenate=\"false\"",
    ),
    (
        "Draft",
        "",
        "Standard",
        "fo:text-align=\"center\" fo:padding=\"1.6mm\" fo:border=\"0.75pt solid #44546a\" fo:background-color=\"#eef1f5\" style:join-border=\"false\"",
        "style:font-name=\"Sans\" fo:font-size=\"10.5pt\" fo:font-weight=\"bold\" fo:color=\"#1f2f46\" fo:hyphenate=\"false\"",
    ),
    ("Lead", "", "Text_20_body", "fo:keep-with-next=\"always\"", ""),
    ("Point", "", "Text_20_body", "fo:margin-bottom=\"1.2mm\"", ""),
    (
        "Room",
        "",
        "Standard",
        "fo:padding=\"2mm\" fo:padding-bottom=\"22mm\" style:join-border=\"false\" fo:border=\"0.5pt solid #8a94a3\" fo:margin-bottom=\"3mm\"",
        "",
    ),
    ("Table_20_contents", "Table contents", "Standard", "", "fo:font-size=\"9pt\""),
    ("Table_20_contents_20_end", "Table contents end", "Table_20_contents", "fo:text-align=\"end\"", ""),
    (
        "Table_20_heading",
        "Table heading",
        "Table_20_contents",
        "fo:keep-with-next=\"always\"",
        "style:font-name=\"Sans\" fo:font-size=\"8.5pt\" fo:font-weight=\"bold\" fo:hyphenate=\"false\"",
    ),
    ("Table_20_heading_20_end", "Table heading end", "Table_20_heading", "fo:text-align=\"end\"", ""),
    (
        "Label",
        "",
        "Standard",
        "",
        "style:font-name=\"Sans\" fo:font-size=\"9pt\" fo:font-weight=\"bold\" fo:color=\"#3a4658\" fo:hyphenate=\"false\"",
    ),
    ("Value", "", "Standard", "", ""),
    ("Citation", "", "Standard", "fo:text-align=\"end\"", "fo:hyphenate=\"false\""),
    ("Sign", "", "Value", "fo:padding-bottom=\"16mm\" fo:border=\"none\"", ""),
    ("After_20_table", "After table", "Standard", "", "fo:font-size=\"4pt\""),
    (
        "Header",
        "",
        "Standard",
        "fo:border-bottom=\"0.5pt solid #8a94a3\" fo:padding-bottom=\"1mm\"",
        "style:font-name=\"Sans\" fo:font-size=\"8.5pt\" fo:color=\"#3a4658\" fo:hyphenate=\"false\"",
    ),
    (
        "Footer",
        "",
        "Standard",
        "",
        "style:font-name=\"Sans\" fo:font-size=\"8.5pt\" fo:color=\"#3a4658\" fo:hyphenate=\"false\"",
    ),
];

/// Text styles: name, properties. Code has no language, so that nothing hyphenates or corrects it.
const TEXTS: &[(&str, &str)] = &[
    ("Strong", "fo:font-weight=\"bold\""),
    (
        "Digest",
        "style:font-name=\"Mono\" fo:font-size=\"7pt\" fo:language=\"zxx\" fo:country=\"none\" fo:hyphenate=\"false\"",
    ),
    (
        "Code",
        "style:font-name=\"Mono\" fo:font-size=\"8.5pt\" fo:language=\"zxx\" fo:country=\"none\" fo:hyphenate=\"false\"",
    ),
    ("Blank", "fo:background-color=\"#fff2b3\" fo:font-style=\"italic\""),
    ("Cite", "style:font-name=\"Sans\" fo:font-size=\"7.5pt\" fo:color=\"#56637a\" fo:hyphenate=\"false\""),
];

const CELLS: &[(&str, &str)] = &[
    ("Fact", "fo:padding=\"0.75mm\" fo:border=\"none\" fo:border-bottom=\"0.25pt solid #c3cad4\""),
    ("Empty", "fo:border=\"none\""),
    ("Cell", "fo:padding=\"1.1mm\" fo:border=\"0.5pt solid #8a94a3\""),
    (
        "Head",
        "fo:padding=\"1.1mm\" fo:border=\"0.5pt solid #8a94a3\" fo:background-color=\"#e6eaf0\" style:vertical-align=\"bottom\"",
    ),
];

/// The part `styles.xml`.
pub(super) fn styles(paper: &Paper) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-styles {NAMESPACES} office:version=\"1.3\">\n"
    );
    out.push_str("<office:font-face-decls>");
    for (name, family) in [("Serif", SERIF), ("Sans", SANS), ("Mono", MONO)] {
        let family = attribute(family);
        out.push_str(&format!("<style:font-face style:name=\"{name}\" svg:font-family=\"{family}\"/>"));
    }
    out.push_str("</office:font-face-decls>\n<office:styles>\n");
    defaults(&mut out, paper.lang);
    PARAGRAPHS.iter().for_each(|style| paragraph(&mut out, style));
    named(&mut out);
    out.push_str("</office:styles>\n");
    page(&mut out, paper);
    out.push_str("</office:document-styles>\n");
    out
}

fn defaults(out: &mut String, lang: Lang) {
    out.push_str(&format!(
        "<style:default-style style:family=\"paragraph\">\
         <style:paragraph-properties style:tab-stop-distance=\"10mm\" style:writing-mode=\"page\"/>\
         <style:text-properties style:font-name=\"Serif\" fo:font-size=\"10.5pt\" fo:language=\"{}\" fo:country=\"{}\" \
         fo:hyphenate=\"true\" fo:hyphenation-remain-char-count=\"3\" fo:hyphenation-push-char-count=\"3\"/>\
         </style:default-style>\n<style:default-style style:family=\"table\">\
         <style:table-properties table:border-model=\"collapsing\"/></style:default-style>\n\
         <style:default-style style:family=\"table-column\"/>\
         <style:default-style style:family=\"table-cell\"/>\
         <style:default-style style:family=\"table-row\"><style:table-row-properties fo:keep-together=\"auto\"/>\
         </style:default-style>\n",
        lang.tag(),
        lang.country()
    ));
}

fn paragraph(out: &mut String, (name, shown, parent, paragraph, text): &Style) {
    out.push_str(&format!("<style:style style:name=\"{name}\" style:family=\"paragraph\""));
    if !shown.is_empty() {
        out.push_str(&format!(" style:display-name=\"{shown}\""));
    }
    if !parent.is_empty() {
        out.push_str(&format!(" style:parent-style-name=\"{parent}\""));
    }
    if let Some(level) = name.strip_prefix("Heading_20_") {
        out.push_str(&format!(" style:next-style-name=\"Text_20_body\" style:default-outline-level=\"{level}\""));
    }
    out.push('>');
    match *name {
        "Header" | "Footer" => {
            out.push_str(&format!("<style:paragraph-properties {paragraph}>{TAB}</style:paragraph-properties>"))
        }
        _ => out.push_str(&format!("<style:paragraph-properties {paragraph}/>")),
    }
    out.push_str(&format!("<style:text-properties {text}/></style:style>\n"));
}

/// At the right edge of the text.
const TAB: &str = "<style:tab-stops><style:tab-stop style:position=\"170mm\" style:type=\"right\"/></style:tab-stops>";

fn named(out: &mut String) {
    for (name, text) in TEXTS {
        out.push_str(&format!(
            "<style:style style:name=\"{name}\" style:family=\"text\"><style:text-properties {text}/></style:style>\n"
        ));
    }
    out.push_str(
        "<text:list-style style:name=\"Points\"><text:list-level-style-bullet text:level=\"1\" text:bullet-char=\"–\">\
         <style:list-level-properties text:list-level-position-and-space-mode=\"label-alignment\">\
         <style:list-level-label-alignment text:label-followed-by=\"listtab\" text:list-tab-stop-position=\"6mm\" \
         fo:text-indent=\"-4mm\" fo:margin-left=\"6mm\"/></style:list-level-properties>\
         </text:list-level-style-bullet></text:list-style>\n",
    );
}

/// The styles of tables that a body uses, for `content.xml`: LibreOffice passes over common styles of cells and rows, though
/// ODF allows them.
pub(super) fn tables(out: &mut String, body: &str) {
    let mut add = |name: &str, family: &str, properties: &str| {
        if body.contains(&format!("table:style-name=\"{name}\"")) {
            out.push_str(&format!(
                "<style:style style:name=\"{name}\" style:family=\"{family}\"><style:{family}-properties {properties}/>\
                 </style:style>\n"
            ));
        }
    };
    for (name, breaks) in [("Facts", "true"), ("FewFacts", "false"), ("Grid", "true")] {
        add(name, "table", &format!("{TABLE} style:may-break-between-rows=\"{breaks}\""));
    }
    add("Row", "table-row", "fo:keep-together=\"always\"");
    CELLS.iter().for_each(|(name, cell)| add(name, "table-cell", cell));
}

const TABLE: &str = "style:width=\"170mm\" table:align=\"left\" table:border-model=\"collapsing\"";

fn page(out: &mut String, paper: &Paper) {
    out.push_str(
        "<office:automatic-styles><style:page-layout style:name=\"A4\"><style:page-layout-properties \
         fo:page-width=\"210mm\" fo:page-height=\"297mm\" style:print-orientation=\"portrait\" fo:margin-top=\"12mm\" \
         fo:margin-bottom=\"12mm\" fo:margin-left=\"20mm\" fo:margin-right=\"20mm\"/>\
         <style:header-style><style:header-footer-properties fo:min-height=\"10mm\" fo:margin-bottom=\"5mm\"/>\
         </style:header-style><style:footer-style><style:header-footer-properties fo:min-height=\"8mm\" \
         fo:margin-top=\"4mm\"/></style:footer-style></style:page-layout></office:automatic-styles>\n\
         <office:master-styles><style:master-page style:name=\"Standard\" style:page-layout-name=\"A4\">",
    );
    out.push_str("<style:header><text:p text:style-name=\"Header\">");
    let mut writer = Writer::default();
    writer.put(out, &paper.reference);
    writer.put(out, "\t");
    let marks: Vec<&str> = paper.marks.iter().map(|mark| mark.short(paper.lang)).collect();
    writer.put(out, &marks.join(" — "));
    out.push_str("</text:p></style:header><style:footer><text:p text:style-name=\"Footer\">");
    footer(out, paper);
    out.push_str("</text:p></style:footer></style:master-page></office:master-styles>\n");
}

fn footer(out: &mut String, paper: &Paper) {
    let mut writer = Writer::default();
    writer.put(out, &paper.title);
    writer.put(out, "\t");
    writer.put(out, paper.lang.pick("page\u{a0}", "page\u{a0}"));
    out.push_str("<text:page-number text:select-page=\"current\">1</text:page-number>");
    writer.put(out, paper.lang.pick("\u{a0}sur\u{a0}", "\u{a0}of\u{a0}"));
    out.push_str("<text:page-count>1</text:page-count>");
}
