//! What was really sold: without what came back and what never left.

use std::collections::BTreeMap;

use cellsweep_model::id::Imei;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::text::fold;
use crate::{Line, StockItem};

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// All of it was sold.
    Sold,
    /// A part of it came back; which devices is not said.
    PartlyBack,
    /// It came back.
    Back,
    /// It lay in the supplier's stock later: it never left, or came back.
    InStock,
    /// The line is a refund itself.
    Refund,
    /// A refund of which no sale is in the ledger.
    RefundOfNothing,
    /// No device on it.
    Nothing,
}

impl State {
    /// Its name in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            State::Sold => "sold",
            State::PartlyBack => "partly_back",
            State::Back => "back",
            State::InStock => "in_stock",
            State::Refund => "refund",
            State::RefundOfNothing => "refund_of_nothing",
            State::Nothing => "nothing",
        }
    }
}

/// A line, net.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LineNet {
    /// Devices that the buyer kept, never negative.
    pub quantity: i64,
    /// What became of it.
    pub state: State,
}

impl LineNet {
    /// Whether the devices that it names are out there.
    pub const fn is_out(self) -> bool {
        self.quantity > 0
    }
}

/// A model's count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ModelCount {
    /// Devices ordered.
    pub ordered: i64,
    /// Devices that came back.
    pub back: i64,
    /// Devices in stock that no line names: subtracted from the whole, for nobody knows whose they were to be.
    pub unsold: i64,
    /// Devices out there: ordered, less what came back or lay in stock.
    pub out: i64,
    /// Of these, devices whose IMEI is known.
    pub named: i64,
}

/// The whole ledger, net.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sold {
    /// In the lines' order.
    pub lines: Vec<LineNet>,
    /// By the shop's names of the models; blank where a line names none.
    pub models: BTreeMap<String, ModelCount>,
}

/// Nets the lines. A refund takes back the device that it names; without a name, devices of its own order
/// and model, those without an IMEI first. Stock that names a device takes the line that sold it, if the stock was
/// counted at or after the sale; stock that only counts is subtracted from the model.
pub fn sold(lines: &[Line], stock: &[StockItem]) -> Sold {
    let mut book = Book::open(lines);
    let mut order: Vec<usize> = (0..lines.len()).collect();
    // What comes back at the moment of its sale was sold first.
    order.sort_by_key(|index| (lines[*index].time, lines[*index].quantity < 0));
    for index in order {
        book.read(index);
    }
    let counted: Vec<&StockItem> = stock.iter().filter(|item| !book.in_stock(item)).collect();
    book.close(&counted)
}

struct Book<'a> {
    lines: &'a [Line],
    net: Vec<LineNet>,
    /// The line that sold a device last.
    seller: FxHashMap<Imei, usize>,
    by_order: FxHashMap<&'a str, Vec<usize>>,
}

impl<'a> Book<'a> {
    fn open(lines: &'a [Line]) -> Self {
        let net = lines.iter().map(|line| LineNet { quantity: line.quantity.max(0), state: start(line) }).collect();
        let mut by_order: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (index, line) in lines.iter().enumerate() {
            if let Some(order) = line.order.as_deref().filter(|_| line.quantity > 0) {
                by_order.entry(order).or_default().push(index);
            }
        }
        Self { lines, net, seller: FxHashMap::default(), by_order }
    }

    fn read(&mut self, index: usize) {
        let line = &self.lines[index];
        if line.quantity > 0 {
            for imei in &line.imeis {
                self.seller.insert(*imei, index);
            }
        } else if line.quantity < 0 && self.take_back(line) == 0 {
            self.net[index].state = State::RefundOfNothing;
        }
    }

    /// Devices that a refund takes back.
    fn take_back(&mut self, refund: &Line) -> i64 {
        let named = refund.imeis.iter().find_map(|imei| self.seller.remove(imei));
        if let Some(sale) = named {
            return self.reduce(sale, -refund.quantity, State::Back);
        }
        let lines = self.lines;
        let mut sales = refund.order.as_deref().and_then(|order| self.by_order.get(order)).cloned().unwrap_or_default();
        sales.retain(|sale| lines[*sale].time <= refund.time);
        sales.retain(|sale| refund.model.is_none() || same_model(&lines[*sale].model, &refund.model));
        // A refund that names a device which no line names can only mean one of those without a name.
        sales.retain(|sale| refund.imeis.is_empty() || lines[*sale].imeis.is_empty());
        sales.sort_by_key(|sale| (!lines[*sale].imeis.is_empty(), *sale));
        let mut left = -refund.quantity;
        for sale in sales {
            left -= self.reduce(sale, left, State::Back);
        }
        -refund.quantity - left
    }

    fn reduce(&mut self, sale: usize, by: i64, state: State) -> i64 {
        let net = &mut self.net[sale];
        let taken = by.min(net.quantity);
        if taken > 0 {
            net.quantity -= taken;
            net.state = if net.quantity == 0 { state } else { State::PartlyBack };
        }
        taken
    }

    /// Whether a counted item names a device that a line sold before.
    fn in_stock(&mut self, item: &StockItem) -> bool {
        let seller = item.imeis.iter().find_map(|imei| self.seller.get(imei).copied());
        let Some(sale) = seller else { return false };
        if item.time.is_some_and(|counted| counted < self.lines[sale].time) {
            // It lay there before it was sold: nothing to subtract.
            return true;
        }
        self.reduce(sale, item.quantity.max(1), State::InStock);
        true
    }

    fn close(self, counted: &[&StockItem]) -> Sold {
        let mut models: BTreeMap<String, ModelCount> = BTreeMap::new();
        for (line, net) in self.lines.iter().zip(&self.net).filter(|(line, _)| line.quantity > 0) {
            let count = models.entry(line.model.clone().unwrap_or_default()).or_default();
            count.ordered += line.quantity;
            count.back += line.quantity - net.quantity;
            count.out += net.quantity;
            count.named += if line.imeis.is_empty() { 0 } else { net.quantity.min(1) };
        }
        for item in counted.iter().filter(|item| item.imeis.is_empty()) {
            let known =
                models.keys().find(|name| fold(name) == fold(item.model.as_deref().unwrap_or_default())).cloned();
            let name = known.unwrap_or_else(|| item.model.clone().unwrap_or_default());
            let count = models.entry(name).or_default();
            count.unsold += item.quantity.max(0);
            count.out = (count.out - item.quantity.max(0)).max(count.named);
        }
        Sold { lines: self.net, models }
    }
}

const fn start(line: &Line) -> State {
    match line.quantity {
        0 => State::Nothing,
        1.. => State::Sold,
        _ => State::Refund,
    }
}

fn same_model(a: &Option<String>, b: &Option<String>) -> bool {
    a.as_deref().map(fold) == b.as_deref().map(fold)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Party;

    fn line(order: &str, time: i64, quantity: i64, imei: &str) -> Line {
        Line {
            order: Some(order.to_owned()),
            time,
            model: Some("Mini 3".to_owned()),
            quantity,
            imeis: imei.split_whitespace().filter_map(|text| text.parse().ok()).collect(),
            party: Party::default(),
            country: None,
        }
    }

    fn stock(time: Option<i64>, quantity: i64, imei: &str) -> StockItem {
        let imeis = imei.split_whitespace().filter_map(|text| text.parse().ok()).collect();
        StockItem { time, model: Some("MINI 3".to_owned()), quantity, imeis }
    }

    fn check(lines: &[Line], stock: &[StockItem], expect: &[(i64, State)]) -> ModelCount {
        let sold = sold(lines, stock);
        let found: Vec<(i64, State)> = sold.lines.iter().map(|net| (net.quantity, net.state)).collect();
        assert_eq!(found, expect);
        sold.models.get("Mini 3").cloned().unwrap_or_default()
    }

    const A: &str = "35000000000001";
    const B: &str = "35000000000002";

    #[test]
    fn a_named_device_comes_back() {
        let lines = [line("1", 1, 1, A), line("1", 1, 1, B), line("9", 5, -1, B)];
        let count = check(&lines, &[], &[(1, State::Sold), (0, State::Back), (0, State::Refund)]);
        assert_eq!((count.ordered, count.back, count.out, count.named), (2, 1, 1, 1));
    }

    #[test]
    fn a_device_sold_again_is_out_again() {
        let lines = [line("1", 1, 1, A), line("2", 9, 1, A), line("1", 5, -1, A)];
        check(&lines, &[], &[(0, State::Back), (1, State::Sold), (0, State::Refund)]);
    }

    #[test]
    fn a_refund_takes_back_what_was_sold_before_it() {
        let lines = [line("1", 5, -1, A), line("1", 5, 1, A)];
        check(&lines, &[], &[(0, State::Refund), (0, State::Back)]);
        let lines = [line("1", 5, -2, ""), line("1", 9, 4, "")];
        check(&lines, &[], &[(0, State::RefundOfNothing), (4, State::Sold)]);
    }

    #[test]
    fn a_refund_without_a_name_takes_unnamed_devices_of_its_order_first() {
        let lines = [line("1", 1, 1, A), line("1", 1, 5, ""), line("1", 4, -3, ""), line("7", 4, -1, "")];
        let expected = [(1, State::Sold), (2, State::PartlyBack), (0, State::Refund), (0, State::RefundOfNothing)];
        check(&lines, &[], &expected);
        let lines = [line("1", 1, 1, A), line("1", 1, 5, ""), line("1", 4, -6, "")];
        check(&lines, &[], &[(0, State::Back), (0, State::Back), (0, State::Refund)]);
    }

    #[test]
    fn either_imei_of_a_dual_sim_handset_names_it() {
        let lines = [line("1", 1, 1, &format!("{A} {B}")), line("1", 2, -1, B)];
        check(&lines, &[], &[(0, State::Back), (0, State::Refund)]);
    }

    #[test]
    fn stock_is_subtracted() {
        let lines = [line("1", 10, 1, A), line("2", 10, 8, "")];
        let count = check(&lines, &[stock(Some(20), 1, A)], &[(0, State::InStock), (8, State::Sold)]);
        assert_eq!(count.out, 8);
        let count = check(&lines, &[stock(Some(5), 1, A)], &[(1, State::Sold), (8, State::Sold)]);
        assert_eq!(count.out, 9);
        let count = check(&lines, &[stock(None, 6, "")], &[(1, State::Sold), (8, State::Sold)]);
        assert_eq!((count.unsold, count.out), (6, 3));
        assert_eq!(check(&lines, &[stock(None, 99, "")], &[(1, State::Sold), (8, State::Sold)]).out, 1);
    }
}
