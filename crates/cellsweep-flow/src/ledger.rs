//! The supplier's ledger: its buyers, and what was sold net of refunds and unsold stock.

use std::collections::BTreeMap;
use std::io::Write;

use cellsweep_buyers::{Buyer, Line, Party, Resolved, Settings, Sold, StockItem, resolve, sold};
use cellsweep_model::custody::Sale;
use cellsweep_model::rows::{FromRow, LedgerLine, Row, RowError};
use cellsweep_model::table::Table;
use cellsweep_store::Case;
use serde_json::{Map, Value, json};

use crate::trace::read;
use crate::{FlowError, timestamp};

/// The ledger as it is read.
#[derive(Debug, Clone)]
pub struct LedgerView {
    /// Its lines by time, whatever file they came from.
    pub lines: Vec<Line>,
    /// Net of refunds and stock.
    pub sold: Sold,
    /// Who bought.
    pub resolved: Resolved,
}

/// What of it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerList {
    /// A row a buyer.
    Buyers,
    /// A row a line, with its buyer.
    Lines,
    /// A row a model.
    Models,
    /// A row a field of each merge of two spellings.
    Merges,
}

/// Rows under a header.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerSheet {
    /// Columns.
    pub header: &'static [&'static str],
    /// Values in the columns' order.
    pub rows: Vec<Vec<Value>>,
}

/// Reads the case's ledger.
///
/// # Errors
/// When the case has none, or a file of it can't be read.
pub fn ledger(case: &Case, settings: &Settings) -> Result<LedgerView, FlowError> {
    let (lines, stock) = lines(case)?;
    if lines.is_empty() {
        return Err(FlowError::NoLedger { dir: case.dir().to_owned() });
    }
    let parties: Vec<Party> = lines.iter().map(|line| line.party.clone()).collect();
    let resolved = resolve(&parties, settings);
    let sold = sold(&lines, &stock);
    Ok(LedgerView { lines, sold, resolved })
}

fn lines(case: &Case) -> Result<(Vec<Line>, Vec<StockItem>), FlowError> {
    let mut lines: Vec<Line> = read(case, Table::Ledger)?;
    lines.sort_by(|a, b| key(a).cmp(&key(b)));
    Ok((lines, read(case, Table::Stock)?))
}

/// By time; lines of a moment by what they say, so that the files' order doesn't matter.
fn key(line: &Line) -> impl Ord + '_ {
    (line.time, &line.order, &line.model, &line.imeis, line.quantity, &line.party, &line.country)
}

/// A row of the ledger as both read it: what was sold, and who bought.
struct Bought {
    line: Line,
    sale: Sale,
}

impl FromRow for Bought {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self { line: Line::from_row(row)?, sale: Sale::from_row(row)? })
    }
}

/// What attribution reads: lines whose devices are out there, with as many as are, and which of these lines are one
/// buyer's; a line that names nobody stands alone. Who is one buyer all lines tell, refunds among them.
pub(crate) fn kept_sales(case: &Case) -> Result<(Vec<Sale>, Vec<Vec<usize>>), FlowError> {
    let mut bought: Vec<Bought> = read(case, Table::Ledger)?;
    bought.sort_by(|a, b| key(&a.line).cmp(&key(&b.line)));
    let (lines, sales): (Vec<Line>, Vec<Sale>) = bought.into_iter().map(|row| (row.line, row.sale)).unzip();
    let net = sold(&lines, &read::<StockItem>(case, Table::Stock)?);
    let mut kept = Vec::new();
    let mut at = vec![None; lines.len()];
    for (index, (sale, net)) in sales.into_iter().zip(net.lines).enumerate().filter(|(_, (_, net))| net.is_out()) {
        at[index] = Some(kept.len());
        kept.push(Sale { quantity: net.quantity, ..sale });
    }
    let theirs = |lines: Vec<usize>| lines.into_iter().filter_map(|line| at[line]).collect::<Vec<usize>>();
    let buyers = buyers_lines(lines).into_iter().map(theirs).filter(|lines| !lines.is_empty()).collect();
    Ok((kept, buyers))
}

/// Which lines are one buyer's.
fn buyers_lines(lines: Vec<Line>) -> Vec<Vec<usize>> {
    let parties: Vec<Party> = lines.into_iter().map(|line| line.party).collect();
    let resolved = resolve(&parties, &Settings::default());
    let mut buyers: Vec<Vec<usize>> = resolved.buyers.into_iter().map(|buyer| buyer.lines).collect();
    let mut named = vec![false; parties.len()];
    buyers.iter().flatten().for_each(|line| named[*line] = true);
    buyers.extend((0..parties.len()).filter(|line| !named[*line]).map(|line| vec![line]));
    buyers
}

/// What trace reads: lines whose devices are out there.
pub(crate) fn sold_lines(case: &Case) -> Result<Vec<LedgerLine>, FlowError> {
    let (lines, stock) = lines(case)?;
    let net = sold(&lines, &stock);
    let out = lines.into_iter().zip(net.lines).filter(|(_, net)| net.is_out());
    let row = |(line, net): (Line, cellsweep_buyers::LineNet)| LedgerLine {
        time: line.time,
        imei: line.imeis.first().copied(),
        other_imei: line.imeis.get(1).copied(),
        model: line.model,
        quantity: net.quantity,
    };
    Ok(out.map(row).collect())
}

const BUYER_COLUMNS: &[&str] = &[
    "buyer",
    "name",
    "email",
    "phone",
    "address",
    "postcode",
    "city",
    "country",
    "spellings",
    "orders",
    "first",
    "last",
    "ordered",
    "out",
    "named",
];
const LINE_COLUMNS: &[&str] = &[
    "buyer",
    "order",
    "time",
    "model",
    "quantity",
    "out",
    "state",
    "imei",
    "other_imei",
    "name",
    "email",
    "phone",
    "address",
    "postcode",
    "city",
    "country",
];
const MODEL_COLUMNS: &[&str] = &["model", "ordered", "back", "unsold", "out", "named"];
const MERGE_COLUMNS: &[&str] =
    &["buyer", "a_order", "b_order", "field", "level", "log10_lr", "coincidence", "prior_log10_odds", "probability"];

impl LedgerView {
    /// One list of it; `buyer` leaves only that buyer's rows (models have none).
    pub fn sheet(&self, list: LedgerList, buyer: Option<&str>) -> LedgerSheet {
        let asked = |found: &&Buyer| buyer.is_none_or(|asked| asked == found.id);
        let buyers = self.resolved.buyers.iter().filter(asked);
        match list {
            LedgerList::Buyers => {
                LedgerSheet { header: BUYER_COLUMNS, rows: buyers.map(|buyer| self.buyer_row(buyer)).collect() }
            }
            LedgerList::Lines => LedgerSheet { header: LINE_COLUMNS, rows: self.line_rows(buyer) },
            LedgerList::Models => LedgerSheet { header: MODEL_COLUMNS, rows: self.model_rows() },
            LedgerList::Merges => {
                LedgerSheet { header: MERGE_COLUMNS, rows: buyers.flat_map(|buyer| self.merge_rows(buyer)).collect() }
            }
        }
    }

    /// A buyer's details, each as it is written most often.
    pub fn usual(&self, buyer: &Buyer) -> Party {
        let field = |pick: fn(&Party) -> &Option<String>| usual(buyer, |line| pick(&self.lines[line].party).as_deref());
        Party {
            name: field(|party| &party.name),
            email: field(|party| &party.email),
            phone: field(|party| &party.phone),
            address: field(|party| &party.address),
            postcode: field(|party| &party.postcode),
            city: field(|party| &party.city),
        }
    }

    /// Devices that a buyer kept.
    pub fn out(&self, buyer: &Buyer) -> i64 {
        buyer.lines.iter().map(|line| self.sold.lines[*line].quantity).sum()
    }

    fn buyer_row(&self, buyer: &Buyer) -> Vec<Value> {
        let lines = || buyer.lines.iter().map(|index| (&self.lines[*index], self.sold.lines[*index]));
        let mut orders: Vec<_> = lines().filter_map(|(line, _)| line.order.as_deref()).collect();
        orders.sort_unstable();
        orders.dedup();
        let times = || lines().map(|(line, _)| line.time);
        let named = lines().filter(|(line, net)| net.is_out() && !line.imeis.is_empty()).count();
        let mut row = vec![json!(buyer.id)];
        row.extend(party(&self.usual(buyer)));
        row.push(json!(usual(buyer, |line| self.lines[line].country.as_deref())));
        row.extend([json!(buyer.spellings), json!(orders.len())]);
        row.extend([times().min(), times().max()].map(|time| json!(time.map(timestamp))));
        row.push(json!(lines().map(|(line, _)| line.quantity.max(0)).sum::<i64>()));
        row.extend([json!(self.out(buyer)), json!(named)]);
        row
    }

    fn line_rows(&self, asked: Option<&str>) -> Vec<Vec<Value>> {
        let mut of = vec![None; self.lines.len()];
        for buyer in &self.resolved.buyers {
            buyer.lines.iter().for_each(|line| of[*line] = Some(buyer.id.as_str()));
        }
        let wanted = |index: &usize| asked.is_none_or(|asked| of[*index] == Some(asked));
        (0..self.lines.len()).filter(wanted).map(|index| self.line_row(index, of[index])).collect()
    }

    fn line_row(&self, index: usize, buyer: Option<&str>) -> Vec<Value> {
        let (line, net) = (&self.lines[index], self.sold.lines[index]);
        let mut row = vec![json!(buyer), json!(line.order), json!(timestamp(line.time)), json!(line.model)];
        row.extend([json!(line.quantity), json!(net.quantity), json!(net.state.word())]);
        row.extend([line.imeis.first(), line.imeis.get(1)].map(|imei| json!(imei)));
        row.extend(party(&line.party));
        row.push(json!(line.country));
        row
    }

    fn model_rows(&self) -> Vec<Vec<Value>> {
        let row = |(name, count): (&String, &cellsweep_buyers::ModelCount)| {
            let counts = [count.ordered, count.back, count.unsold, count.out, count.named];
            std::iter::once(json!(name)).chain(counts.map(|count| json!(count))).collect()
        };
        self.sold.models.iter().map(row).collect()
    }

    fn merge_rows(&self, buyer: &Buyer) -> Vec<Vec<Value>> {
        let mut rows = Vec::new();
        for merge in &buyer.merges {
            for field in &merge.evidence.fields {
                rows.push(vec![
                    json!(buyer.id),
                    json!(self.lines[merge.a].order),
                    json!(self.lines[merge.b].order),
                    json!(field.field),
                    json!(field.level),
                    json!(field.log10_lr),
                    json!(field.coincidence),
                    json!(merge.prior_log10_odds),
                    json!(merge.probability),
                ]);
            }
        }
        rows
    }
}

/// What a buyer's lines say most often; of two said as often, the one that comes first in the alphabet.
fn usual<'a>(buyer: &Buyer, said: impl Fn(usize) -> Option<&'a str>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in buyer.lines.iter().filter_map(|line| said(*line)) {
        *counts.entry(text).or_default() += 1;
    }
    let best = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    best.map(|(text, _)| text.to_owned())
}

fn party(party: &Party) -> [Value; 6] {
    [&party.name, &party.email, &party.phone, &party.address, &party.postcode, &party.city].map(|text| json!(text))
}

impl LedgerSheet {
    /// As CSV.
    ///
    /// # Errors
    /// When the output fails.
    pub fn write_csv(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(self.header)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(plain))?;
        }
        writer.flush()
    }

    /// A value a row, by column.
    pub fn objects(&self) -> Vec<Value> {
        let object = |row: &Vec<Value>| {
            let pairs = self.header.iter().zip(row).map(|(name, value)| ((*name).to_owned(), value.clone()));
            Value::Object(pairs.collect::<Map<_, _>>())
        };
        self.rows.iter().map(object).collect()
    }

    /// The named columns' values as text.
    pub fn texts(&self, columns: &[&str]) -> Vec<Vec<String>> {
        let at: Vec<usize> =
            columns.iter().filter_map(|name| self.header.iter().position(|column| column == name)).collect();
        self.rows.iter().map(|row| at.iter().map(|index| plain(&row[*index])).collect()).collect()
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
