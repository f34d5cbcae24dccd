//! Database dumps: the rows of `INSERT INTO table (columns) VALUES (…), (…);`, read as they stream. Nothing is
//! executed.

mod lexer;

use crate::error::{IngestError, Refusal};
use crate::profile::{Escapes, Layout};
use crate::reason::ReasonCode;
use crate::reject;
use crate::sheet::{Body, Found, Go, Opened, RawRow, Take};
use crate::source::{Container, Input};
use crate::value::Cell;
use lexer::{Lexer, Token};

/// More columns than that, or values in a row, are no table's.
const MAX_COLUMNS: usize = 2048;

/// A dump, and which of its tables is wanted.
pub(crate) struct SqlSheet<'a> {
    input: &'a Input,
    container: Container,
    table: Option<String>,
    names: Vec<String>,
    escapes: Option<Escapes>,
}

pub(super) fn open<'a>(input: &'a Input, layout: &Layout) -> Result<Opened<'a>, IngestError> {
    let mut sheet = SqlSheet {
        input,
        container: input.container()?,
        table: layout.sheet.clone(),
        names: layout.names.clone(),
        escapes: layout.escapes,
    };
    // Statements of one table may name different columns: all are looked through first.
    let mut names = layout.names.clone();
    let mut table = layout.sheet.clone();
    let mut other = Vec::new();
    sheet.statements(&mut |statement| {
        if table.is_none() {
            table = Some(statement.table.clone());
        }
        if !is(&table, &statement.table) {
            if !other.contains(&statement.table) && other.len() < MAX_COLUMNS {
                other.push(statement.table.clone());
            }
            return Ok(Go::On);
        }
        for column in &statement.columns {
            if !names.iter().any(|name| name.eq_ignore_ascii_case(column)) && names.len() < MAX_COLUMNS {
                names.push(column.clone());
            }
        }
        Ok(Go::On)
    })?;
    if names.is_empty() {
        let wanted = table.unwrap_or_else(|| "any table".to_owned());
        return Err(input.refuse(Refusal::NoInsert { table: wanted, found: other.join(", ") }));
    }
    sheet.names.clone_from(&names);
    sheet.table = table;
    Ok(Opened { names, doubts: Vec::new(), body: Body::Sql(sheet) })
}

fn is(wanted: &Option<String>, table: &str) -> bool {
    wanted.as_ref().is_some_and(|wanted| wanted.eq_ignore_ascii_case(table))
}

/// One row of a statement.
struct Statement {
    line: u64,
    table: String,
    /// As the statement names them; none where it doesn't.
    columns: Vec<String>,
    /// `None` is a blank; no row at all where it can't be read as `VALUES`.
    values: Option<Vec<Option<String>>>,
}

impl SqlSheet<'_> {
    pub(super) fn read(self, take: &mut Take<'_>) -> Result<(), IngestError> {
        self.statements(&mut |statement| {
            if !is(&self.table, &statement.table) {
                return Ok(Go::On);
            }
            let Some(values) = &statement.values else {
                return take(Found::Bad(reject::bad_line(
                    statement.line,
                    ReasonCode::NotInsert,
                    statement.table.as_bytes(),
                )));
            };
            let columns = if statement.columns.is_empty() { &self.names } else { &statement.columns };
            let shown = || values.iter().map(|value| value.as_deref().unwrap_or("NULL")).collect::<Vec<_>>().join(", ");
            if values.len() != columns.len() {
                let reason =
                    if values.len() < columns.len() { ReasonCode::TooFewFields } else { ReasonCode::TooManyFields };
                return take(Found::Bad(reject::bad_line(statement.line, reason, shown().as_bytes())));
            }
            let value = |name: &String| {
                let position = columns.iter().position(|column| column.eq_ignore_ascii_case(name))?;
                values.get(position)?.as_deref()
            };
            let cells: Vec<Cell<'_>> = self
                .names
                .iter()
                .map(|name| value(name).map_or(Cell::Blank, |text| Cell::text(text.as_bytes())))
                .collect();
            let raw = || reject::raw(shown().as_bytes());
            take(Found::Row(RawRow { line: statement.line, cells: &cells, raw: &raw }))
        })
    }

    /// Every row of every statement.
    fn statements(&self, each: &mut dyn FnMut(&Statement) -> Result<Go, IngestError>) -> Result<(), IngestError> {
        let mut lexer = Lexer::new(self.input, self.input.text(self.container)?.reader, self.escapes);
        while let Some(token) = lexer.next()? {
            if !token.is_word("insert") {
                continue;
            }
            if insert(&mut lexer, each)? == Go::Enough {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// The rest of an INSERT.
fn insert(
    lexer: &mut Lexer<'_>,
    each: &mut dyn FnMut(&Statement) -> Result<Go, IngestError>,
) -> Result<Go, IngestError> {
    let mut statement = Statement { line: lexer.line(), table: String::new(), columns: Vec::new(), values: None };
    loop {
        match lexer.next()? {
            None => return Ok(Go::On),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("into") || word.eq_ignore_ascii_case("only") => {}
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("values") => return rows(lexer, &mut statement, each),
            // `schema.table`: the last word is the table.
            Some(Token::Word(word) | Token::Name(word)) if statement.columns.is_empty() => statement.table = word,
            Some(Token::Sign(b'(')) if statement.columns.is_empty() => statement.columns = columns(lexer)?,
            Some(Token::Sign(b'.')) => {}
            Some(_) => {
                let go = each(&statement)?;
                lexer.skip_statement()?;
                return Ok(go);
            }
        }
    }
}

fn columns(lexer: &mut Lexer<'_>) -> Result<Vec<String>, IngestError> {
    let mut columns = Vec::new();
    loop {
        match lexer.next()? {
            Some(Token::Word(word) | Token::Name(word)) if columns.len() < MAX_COLUMNS => columns.push(word),
            Some(Token::Sign(b')')) | None => return Ok(columns),
            Some(_) => {}
        }
    }
}

fn rows(
    lexer: &mut Lexer<'_>,
    statement: &mut Statement,
    each: &mut dyn FnMut(&Statement) -> Result<Go, IngestError>,
) -> Result<Go, IngestError> {
    loop {
        match lexer.next()? {
            Some(Token::Sign(b'(')) => {
                statement.line = lexer.line();
                statement.values = values(lexer)?;
                if each(statement)? == Go::Enough {
                    return Ok(Go::Enough);
                }
            }
            Some(Token::Sign(b',')) => {}
            Some(Token::Sign(b';')) | None => return Ok(Go::On),
            // ON CONFLICT … and the like say nothing more about rows.
            Some(Token::Word(_)) => {
                lexer.skip_statement()?;
                return Ok(Go::On);
            }
            Some(_) => {
                statement.values = None;
                let go = each(statement)?;
                lexer.skip_statement()?;
                return Ok(go);
            }
        }
    }
}

/// Where in a value the next token stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Nothing of it was read.
    Start,
    /// Behind words: `NULL`, `sysdate`, or what stands before a text (`TIMESTAMP '…'`) or a call's parenthesis.
    Words,
    /// Within a call, or parentheses, that deep.
    Call(u32),
    /// Behind the whole of it, whose last token was a text, or wasn't.
    Done { text: bool },
    /// Behind `::`, where a type is named that deep in parentheses.
    Type(u32),
}

/// Values up to the closing parenthesis; `None` where anything else than a comma stands behind one, for then it is
/// not what the sender's database would read. Of a call such as `TO_DATE('2019-10-17', 'YYYY-MM-DD')` its first text
/// or number is the value.
fn values(lexer: &mut Lexer<'_>) -> Result<Option<Vec<Option<String>>>, IngestError> {
    let mut values = Vec::new();
    let mut value: Option<String> = None;
    let mut at = At::Start;
    loop {
        let token = lexer.next()?.ok_or_else(|| lexer.refuse(Refusal::CutOff))?;
        at = match (at, token) {
            (At::Start | At::Words | At::Done { .. } | At::Type(0), Token::Sign(b')')) => {
                values.push(value);
                return Ok(Some(values));
            }
            (At::Words | At::Done { .. } | At::Type(0), Token::Sign(b',')) if values.len() < MAX_COLUMNS => {
                values.push(value.take());
                At::Start
            }
            (At::Start | At::Words, Token::Sign(b'(')) => At::Call(1),
            (At::Start, Token::Number(text)) => {
                value = Some(text);
                At::Done { text: false }
            }
            (At::Start | At::Words, Token::Text(text)) => {
                value = Some(text);
                At::Done { text: true }
            }
            (At::Start, Token::Name(text)) if lexer.is_backslashed() => {
                value = Some(text);
                At::Done { text: true }
            }
            (At::Start, Token::Word(word)) if ["true", "false"].iter().any(|flag| word.eq_ignore_ascii_case(flag)) => {
                value = Some(word.to_lowercase());
                At::Done { text: false }
            }
            (At::Start | At::Words, Token::Word(_)) => At::Words,
            (At::Call(deep), token) => within(deep, token, &mut value),
            (At::Done { .. } | At::Words, Token::Sign(b':')) => At::Type(0),
            (At::Type(deep), Token::Sign(b'(')) => At::Type(deep + 1),
            (At::Type(deep), Token::Sign(b')')) => At::Type(deep - 1),
            (At::Type(deep), Token::Word(_) | Token::Name(_) | Token::Number(_) | Token::Sign(b':' | b',')) => {
                At::Type(deep)
            }
            // Whatever follows may be within a text or without: nothing tells.
            (At::Done { text: true }, Token::Word(_) | Token::Number(_) | Token::Text(_)) => {
                return Err(lexer.refuse(Refusal::LooseQuote));
            }
            (at, token) => return skip_row(lexer, at, &token).map(|()| None),
        }
    }
}

/// Within a call: its first text or number is the value.
fn within(deep: u32, token: Token, value: &mut Option<String>) -> At {
    match token {
        Token::Sign(b'(') => return At::Call(deep.saturating_add(1)),
        Token::Sign(b')') if deep == 1 => return At::Done { text: false },
        Token::Sign(b')') => return At::Call(deep - 1),
        Token::Text(text) | Token::Number(text) if value.is_none() => *value = Some(text),
        _ => {}
    }
    At::Call(deep)
}

/// Passes over what is left of a row.
fn skip_row(lexer: &mut Lexer<'_>, at: At, token: &Token) -> Result<(), IngestError> {
    let mut deep = match at {
        At::Type(deep) => deep + 1,
        _ => 1,
    };
    deep += u32::from(*token == Token::Sign(b'('));
    while deep > 0 {
        match lexer.next()?.ok_or_else(|| lexer.refuse(Refusal::CutOff))? {
            Token::Sign(b'(') => deep = deep.saturating_add(1),
            Token::Sign(b')') => deep -= 1,
            _ => {}
        }
    }
    Ok(())
}
