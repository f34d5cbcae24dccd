//! A profile made ready for one file: rows of the file in, rows of the contract out.

mod convert;
mod resolve;
mod step;

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::error::Refusal;
use crate::profile::time::{OffsetCache, Zone};
use crate::profile::{Joined, Profile};
use crate::reason::{Doubt, ReasonCode};
use crate::value::Cell;
use convert::Converter;
use resolve::Names;
use step::{Place, Step};

/// A value on its way: as the file gave it, or made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Cell(Cell<'a>),
    Owned(Vec<u8>),
    /// A row of a second file, where there is one.
    Row(Option<u32>),
}

impl Value<'_> {
    pub(crate) fn cell(&self) -> Cell<'_> {
        match self {
            Value::Cell(cell) => *cell,
            Value::Owned(text) => Cell::text(text),
            Value::Row(_) => Cell::Blank,
        }
    }
}

/// Why a row doesn't become one of the contract's.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Blame {
    /// The contract's column, by position.
    pub column: Option<usize>,
    pub reason: ReasonCode,
    /// What stood there.
    pub value: Vec<u8>,
}

/// What changes from row to row; one for each thread.
#[derive(Debug, Default)]
pub(crate) struct MapState {
    cache: OffsetCache,
    zones: FxHashMap<Vec<u8>, Option<ZoneOf>>,
    /// Doubts about the row at hand.
    pending: Vec<Doubt>,
    /// Doubts about rows that went on.
    pub doubts: FxHashMap<Doubt, u64>,
}

#[derive(Debug)]
struct ZoneOf {
    zone: Zone,
    cache: OffsetCache,
}

impl MapState {
    fn begin(&mut self) {
        self.pending.clear();
    }

    /// The row that was mapped last went on.
    pub(crate) fn kept(&mut self) {
        for doubt in self.pending.drain(..) {
            *self.doubts.entry(doubt).or_default() += 1;
        }
    }
}

/// A profile made ready for one file.
pub(crate) struct Mapper {
    joins: Vec<Joined>,
    steps: Vec<Step>,
    skips: Vec<SkipRule>,
    converters: Vec<Converter>,
    /// By the file's columns: whether anything reads it.
    used: Vec<bool>,
    blank: Vec<Vec<u8>>,
}

struct SkipRule {
    place: Place,
    name: String,
    is: Vec<String>,
    starts: Vec<String>,
    is_not: Vec<String>,
    present: bool,
}

impl Mapper {
    /// Finds every column that a profile names among a file's.
    ///
    /// # Errors
    /// When one isn't there.
    pub(crate) fn new(profile: &Profile, names: &[String], joins: Vec<Joined>) -> Result<Self, Refusal> {
        let mut names = Names::new(names, &joins);
        let steps = names.add_derived(profile)?;
        let skip = |skip: &crate::profile::Skip| {
            let lower = |words: &[String]| words.iter().map(|word| word.to_lowercase()).collect();
            let place = names.place(&skip.column)?;
            Ok(SkipRule {
                place,
                name: skip.column.clone(),
                is: lower(&skip.is),
                starts: lower(&skip.starts),
                is_not: lower(&skip.is_not),
                present: skip.present,
            })
        };
        let skips = profile.skip.iter().map(skip).collect::<Result<_, Refusal>>()?;
        let converters = profile.table.columns().iter().enumerate();
        let converters = converters
            .map(|(index, column)| Converter::new(profile, index, column, &names))
            .collect::<Result<_, Refusal>>()?;
        let used = names.used();
        let blank = profile.file.blank.iter().map(|word| word.trim().to_lowercase().into_bytes()).collect();
        Ok(Self { joins, steps, skips, converters, used, blank })
    }

    /// Whether the file's column at a position is read at all.
    pub(crate) fn uses(&self, position: usize) -> bool {
        self.used.get(position).copied().unwrap_or(false)
    }

    /// What is doubtful about the second files.
    pub(crate) fn join_doubts(&self) -> impl Iterator<Item = (Doubt, u64)> {
        self.joins.iter().map(|join| (Doubt::SeveralMatches(join.name.clone()), join.repeated))
    }

    /// The contract's values of a row, by the contract's columns.
    ///
    /// # Errors
    /// When one can't be made, or the profile leaves the row out.
    pub(crate) fn map<'r>(&self, row: &[Cell<'r>], state: &mut MapState) -> Result<Vec<Value<'r>>, Blame> {
        state.begin();
        let mut view = View { mapper: self, row, derived: Vec::with_capacity(self.steps.len()) };
        for step in &self.steps {
            let value = step.make(&view, state);
            view.derived.push(value);
        }
        if let Some(rule) = self.skips.iter().find(|rule| rule.leaves_out(&view)) {
            let shown = view.get(rule.place).printed().unwrap_or_default();
            let value = [rule.name.as_bytes(), b": ", &shown].concat();
            return Err(Blame { column: None, reason: ReasonCode::LeftOut, value });
        }
        self.converters.iter().map(|converter| converter.convert(&view, state)).collect()
    }

    fn is_blank(&self, cell: Cell<'_>) -> bool {
        !self.blank.is_empty() && cell.printed().is_some_and(|text| is_among(&self.blank, &text))
    }
}

/// Whether a text is among words in small letters.
fn is_among(words: &[Vec<u8>], text: &[u8]) -> bool {
    let lower = lowered(text);
    words.iter().any(|word| word.as_slice() == lower.as_ref())
}

/// In small letters, whatever the script.
fn lowered(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.is_ascii() {
        return crate::value::decode(text).to_lowercase().into_bytes().into();
    }
    if text.iter().any(u8::is_ascii_uppercase) { text.to_ascii_lowercase().into() } else { text.into() }
}

impl SkipRule {
    fn leaves_out(&self, view: &View<'_, '_>) -> bool {
        let text = view.get(self.place).printed().unwrap_or_default();
        let text = String::from_utf8_lossy(&lowered(&text)).into_owned();
        self.is.contains(&text)
            || self.starts.iter().any(|start| text.starts_with(start))
            || (self.present && !text.is_empty())
            || (!self.is_not.is_empty() && !self.is_not.contains(&text))
    }
}

/// A row with what was made of it so far.
struct View<'m, 'r> {
    mapper: &'m Mapper,
    row: &'m [Cell<'r>],
    derived: Vec<Value<'r>>,
}

impl<'r> View<'_, 'r> {
    fn get(&self, place: Place) -> Cell<'_> {
        match place {
            Place::Raw(position) => self.raw(position),
            Place::Derived(step) => self.derived.get(step).map_or(Cell::Blank, Value::cell),
            Place::Joined { step, join, column } => match self.derived.get(step) {
                Some(Value::Row(Some(row))) => {
                    self.mapper.joins[join].value(*row, column).map_or(Cell::Blank, Cell::text)
                }
                _ => Cell::Blank,
            },
        }
    }

    fn raw(&self, position: usize) -> Cell<'r> {
        let cell = self.row.get(position).copied().unwrap_or(Cell::Blank);
        if self.mapper.is_blank(cell) { Cell::Blank } else { cell }
    }

    /// A value that outlives the view: borrowed from the row where it came from there.
    fn take(&self, place: Place) -> Value<'r> {
        match place {
            Place::Raw(position) => Value::Cell(self.raw(position)),
            _ => match self.get(place) {
                Cell::Text(text) => Value::Owned(text.to_vec()),
                Cell::Blank => Value::Cell(Cell::Blank),
                Cell::Integer(value) => Value::Cell(Cell::Integer(value)),
                Cell::Float(value) => Value::Cell(Cell::Float(value)),
                Cell::Micros(value) => Value::Cell(Cell::Micros(value)),
                Cell::Local(value) => Value::Cell(Cell::Local(value)),
            },
        }
    }
}
