//! Retained data as ETSI TS 102 657 hands them over, streamed record by record.
//!
//! Names are matched without their namespaces, for several versions circulate. Three shapes occur: parties of a
//! call, each with its identity, time and place; sessions with all of it; and a hybrid in which parties have the
//! identities and a session the time and the place.

mod record;
mod uli;

use crate::error::{IngestError, Refusal};
use crate::reject;
use crate::sheet::xml::{Node, Xml};
use crate::sheet::{Body, Found, Go, Opened, RawRow, Take};
use crate::source::{Container, Input};
use crate::value::Cell;
use record::{COLUMNS, Record};

/// A file of retained data.
pub(crate) struct EtsiSheet<'a> {
    input: &'a Input,
    container: Container,
}

pub(super) fn open(input: &Input) -> Result<Opened<'_>, IngestError> {
    let container = input.container()?;
    let names = COLUMNS.iter().map(|name| (*name).to_owned()).collect();
    Ok(Opened { names, doubts: Vec::new(), body: Body::Etsi(EtsiSheet { input, container }) })
}

impl EtsiSheet<'_> {
    pub(super) fn read(self, take: &mut Take<'_>) -> Result<(), IngestError> {
        let mut xml = Xml::open(self.input, self.container)?;
        let mut walk = Walk::default();
        loop {
            let line = xml.line();
            let done = match xml.next() {
                Ok(Node::Open(tag)) => walk.open(tag.name(), line),
                Ok(Node::Text(text)) => walk.text(text),
                Ok(Node::Close) => walk.close(),
                Ok(Node::End) => break,
                // What came before the break is sound.
                Err(IngestError::Refused { why: Refusal::CutOff, .. }) if walk.records > 0 => {
                    return cut_off(&walk, line, take);
                }
                Err(error) => return Err(error),
            };
            if let Some(record) = done
                && hand_on(&record, take)? == Go::Enough
            {
                return Ok(());
            }
        }
        if walk.records == 0 && !walk.retained { Err(xml.refuse(Refusal::NotEtsi)) } else { Ok(()) }
    }
}

fn cut_off(walk: &Walk, line: u64, take: &mut Take<'_>) -> Result<(), IngestError> {
    take(Found::Doubt(crate::Doubt::CutOff))?;
    let start = walk.record.as_ref().map(Record::raw).unwrap_or_default();
    take(Found::Bad(reject::bad_line(line, crate::ReasonCode::CutOff, start.as_bytes()))).map(|_| ())
}

fn hand_on(record: &Record, take: &mut Take<'_>) -> Result<Go, IngestError> {
    for row in record.rows() {
        let cells: Vec<Cell<'_>> =
            row.iter().map(|text| text.as_ref().map_or(Cell::Blank, |text| Cell::text(text.as_bytes()))).collect();
        let raw = || reject::raw(record.raw().as_bytes());
        if take(Found::Row(RawRow { line: record.line, cells: &cells, raw: &raw }))? == Go::Enough {
            return Ok(Go::Enough);
        }
    }
    Ok(Go::On)
}

/// Where the reader stands in the document.
#[derive(Default)]
struct Walk {
    /// Names of open elements, in small letters; behind `depth` is room of those that were closed.
    path: Vec<String>,
    depth: usize,
    text: String,
    record: Option<Record>,
    /// The path's length at the record's element.
    record_depth: usize,
    operator: Option<String>,
    records: u64,
    /// Whether the document is one of retained data at all.
    retained: bool,
}

impl Walk {
    fn open(&mut self, name: &str, line: u64) -> Option<Record> {
        if self.depth == self.path.len() {
            self.path.push(String::new());
        }
        let (parents, rest) = self.path.split_at_mut(self.depth);
        let own = &mut rest[0];
        own.clear();
        own.push_str(name);
        own.make_ascii_lowercase();
        self.retained |= own == "retaineddatamessage" || own == "retaineddatapayload";
        if own == "responserecord" && self.record.is_none() {
            self.record = Some(Record::new(line, self.operator.clone()));
            self.record_depth = self.depth;
        } else if let Some(record) = &mut self.record {
            record.open(own, parents.last().map_or("", String::as_str));
        }
        self.depth += 1;
        self.text.clear();
        None
    }

    fn text(&mut self, text: &str) -> Option<Record> {
        // No value of a record is that long; what is cut then fails its check.
        if self.text.len() + text.len() < 4096 {
            self.text.push_str(text);
        }
        None
    }

    fn close(&mut self) -> Option<Record> {
        self.depth = self.depth.checked_sub(1)?;
        let (name, text) = (&self.path[self.depth], self.text.trim());
        match &mut self.record {
            Some(record) if self.depth > self.record_depth => record.close(name, text),
            Some(_) => {
                self.records += 1;
                return self.record.take();
            }
            None if name == "cspid" => self.operator = Some(text.to_owned()),
            None => {}
        }
        self.text.clear();
        None
    }
}
