//! Other projects' programs read the papers: `odfpy` gets the text that went in, and the parts are valid by OASIS's RELAX
//! NG schemas and `openxml-audit`'s rules of packages.

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use cellsweep_papers::{Align, Block, Column, Fact, Lang, Line, Mark, Paper, Signatory, Span, odt};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::made::{MADE, at, papers};

const NEEDED: &str = "Python 3.11 or later with venv is needed (Debian: `apt-get install python3 python3-venv`), \
    and a package index that pip can reach; `cargo xtask ci setup` sees to the former where it can";
const REQUIREMENTS: &str = "odfpy==1.4.1\nopenxml-audit==0.8.0\nlxml==6.1.3\n";
const SCRIPT: &str = include_str!("outside/check.py");

/// A folder in cargo's target folder.
fn kept(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status();
    let status = status.unwrap_or_else(|error| panic!("{command:?}: {error}. {NEEDED}"));
    assert!(status.success(), "{command:?} ended with {status}. {NEEDED}");
}

/// The virtual environment; whole where its list of packages is the one asked for.
fn python() -> PathBuf {
    let folder = kept("odf");
    let (made_of, program) = (folder.join("made-of.txt"), folder.join("bin").join("python"));
    if std::fs::read_to_string(&made_of).is_ok_and(|made_of| made_of == REQUIREMENTS) {
        return program;
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    let mut pip = Command::new(&program);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    run(pip.args(REQUIREMENTS.lines()));
    std::fs::write(made_of, REQUIREMENTS).unwrap();
    program
}

fn check(folder: &Path) -> Output {
    let mut command = Command::new(python());
    let output = command.args(["-c", SCRIPT]).arg(folder).output();
    output.unwrap_or_else(|error| panic!("{command:?}: {error}. {NEEDED}"))
}

/// A paper beside its text.
fn write(folder: &Path, name: &str, paper: &Paper) -> Vec<u8> {
    let bytes = odt(paper, at(MADE)).unwrap();
    std::fs::write(folder.join(format!("{name}.odt")), &bytes).unwrap();
    let text: String = paper.paragraphs().iter().map(|paragraph| format!("{paragraph}\0")).collect();
    std::fs::write(folder.join(format!("{name}.txt")), text).unwrap();
    bytes
}

/// One test and one run, for the grammar takes seconds to load: good papers, and spoilt ones that have to be found.
#[test]
fn other_programs_read_what_went_in_and_find_it_valid() {
    let folder = kept("papers");
    for lang in Lang::ALL {
        for (name, paper) in papers(lang) {
            let bytes = write(&folder, &format!("{name}-{}", lang.tag()), &paper);
            assert_eq!(&bytes[30..38], b"mimetype");
            assert!(bytes[38..].starts_with(b"application/vnd.oasis.opendocument.textPK"));
        }
    }
    write(&folder, "anything", &anything());
    spoilt(&folder);
    let output = check(&folder);
    let (said, failed) = (text(&output.stdout), text(&output.stderr));
    let (found, wrong): (Vec<&str>, Vec<&str>) = said.lines().partition(|line| line.starts_with("spoilt-"));
    assert!(wrong.is_empty() && failed.is_empty(), "{wrong:#?}{failed}");
    for expected in ["spoilt-text.odt: paragraph 6: ", "spoilt-grammar.odt: content.xml: "] {
        assert!(found.iter().any(|line| line.starts_with(expected)), "{expected} is not in {found:#?}");
    }
}

/// One says another thing than its text, one has an attribute that ODF's grammar doesn't allow.
fn spoilt(folder: &Path) {
    let mut paper = papers(Lang::En).remove(2).1;
    let bytes = write(folder, "spoilt-grammar", &paper);
    let wrong = |xml: String| xml.replace("text:outline-level=\"1\"", "text:outline-level=\"first\"");
    std::fs::write(folder.join("spoilt-grammar.odt"), changed(&bytes, wrong)).unwrap();
    write(folder, "spoilt-text", &paper);
    if let Block::Facts(facts) = &mut paper.blocks[0] {
        facts[1].value = vec![Line::text("lyon-2027")];
    }
    std::fs::write(folder.join("spoilt-text.odt"), odt(&paper, at(MADE)).unwrap()).unwrap();
}

/// A package with another `content.xml`.
fn changed(bytes: &[u8], change: impl Fn(String) -> String) -> Vec<u8> {
    let mut before = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut after = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..before.len() {
        let mut part = before.by_index(index).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let name = part.name().unwrap().into_owned();
        let text = if name == "content.xml" { change(text) } else { text };
        after.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        after.write_all(text.as_bytes()).unwrap();
    }
    after.finish().unwrap().into_inner()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A paper with every kind of block and any text that XML can hold, spaces and markup above all.
fn anything() -> Paper {
    let words = proptest::string::string_regex("([ <>&\"'\\t\\n a-zé»\u{a0}\u{202f}☎𝄞]|\\PC){0,40}").unwrap();
    let mut runner = TestRunner::deterministic();
    let mut any = || kept_text(&words.new_tree(&mut runner).unwrap().current());
    let mut line = || Line(vec![Span::Text(any()), Span::Strong(any()), Span::Code(any()), Span::Blank(any())]);
    let mut blocks: Vec<Block> = (0..150).map(|_| Block::Para(line())).collect();
    blocks.push(Block::List((0..20).map(|_| line()).collect()));
    blocks.push(Block::Facts(
        (0..20).map(|_| Fact { label: line().read(Lang::Fr), value: vec![line(), line()], cite: line() }).collect(),
    ));
    let column = |title| Column { title, share: 3, align: Align::End };
    let head = vec![column(line().read(Lang::Fr)), column("b".to_owned())];
    blocks.push(Block::Table { head, rows: (0..20).map(|_| vec![vec![line()], vec![line(), line()]]).collect() });
    blocks.push(Block::Heading { level: 2, text: line().read(Lang::Fr) });
    blocks.push(Block::Blank(line().read(Lang::Fr)));
    blocks.push(Block::Signatures((0..3).map(|_| Signatory { role: line().read(Lang::Fr), who: line() }).collect()));
    let marks = vec![Mark::Exercise, Mark::Draft];
    Paper { lang: Lang::Fr, title: "<&\"é>".to_owned(), reference: " <&>\t\" ".to_owned(), marks, blocks }
}

/// What may stand in a paper: control characters and those that turn the reading direction are dropped.
fn kept_text(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}');
    text.chars().filter(|&c| matches!(c, '\t' | '\n') || !(c.is_control() || turns(c))).collect()
}
