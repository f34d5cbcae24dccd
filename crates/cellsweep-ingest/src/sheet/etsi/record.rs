//! One record of retained data: who, when and where, wherever in it that stands.

use crate::sheet::etsi::uli::{self, Place};

/// The columns of the rows.
pub(super) const COLUMNS: [&str; 17] = [
    "record",
    "time",
    "end",
    "operator",
    "event",
    "direction",
    "imei",
    "imsi",
    "msisdn",
    "peer",
    "duration_s",
    "technology",
    "sector",
    "lat",
    "lon",
    "azimuth_deg",
    "beamwidth_deg",
];

/// A record has a few dozen values; one with thousands is not one.
const MAX_VALUES: usize = 4096;

/// What part of a record values stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Party,
    Session,
}

/// Values that stand together, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bag {
    part: Part,
    /// A dozen at most: looking through them is faster than a tree.
    values: Vec<(&'static str, String)>,
}

impl Bag {
    fn new(part: Part) -> Self {
        Self { part, values: Vec::new() }
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    fn names_someone(&self) -> bool {
        self.has("imsi") || self.has("imei")
    }

    /// Whether an identity stands in both, and none that differs.
    fn meets(&self, other: &Bag) -> bool {
        let meet = |name: &str| self.get(name).zip(other.get(name)).is_some_and(|(a, b)| alike(name, a, b));
        WHO.iter().any(|name| meet(name)) && self.agrees(other)
    }

    /// Whether no identity differs.
    fn agrees(&self, other: &Bag) -> bool {
        let agree = |name: &str| self.get(name).zip(other.get(name)).is_none_or(|(a, b)| alike(name, a, b));
        WHO.iter().all(|name| agree(name))
    }

    fn says_where(&self) -> bool {
        PLACE.iter().any(|name| self.has(name))
    }

    /// Takes over what another part knows and this one doesn't.
    fn fill(&mut self, other: &Bag, names: &[&'static str]) {
        for name in names {
            if let (Some(value), false) = (other.get(name), self.has(name)) {
                self.values.push((name, value.to_owned()));
            }
        }
    }
}

const PLACE: [&str; 4] = ["uli", "cgi", "ecgi", "ncgi"];
const WHERE: [&str; 9] = ["uli", "cgi", "ecgi", "ncgi", "rat", "lat", "lon", "azimuth", "beam"];
const WHEN: [&str; 3] = ["start", "end", "duration"];
const WHO: [&str; 3] = ["imei", "imsi", "number"];
const WHAT: [&str; 2] = ["type", "role"];

/// A record as it is read.
#[derive(Debug)]
pub(super) struct Record {
    /// Where it begins.
    pub line: u64,
    operator: Option<String>,
    number: Option<String>,
    bags: Vec<Bag>,
    /// Which bag each open element's values go to.
    open: Vec<usize>,
    values: usize,
}

impl Record {
    pub(super) fn new(line: u64, operator: Option<String>) -> Self {
        Self { line, operator, number: None, bags: vec![Bag::new(Part::Whole)], open: Vec::new(), values: 0 }
    }

    pub(super) fn open(&mut self, name: &str, parent: &str) {
        let within = self.open.last().copied().unwrap_or(0);
        // A choice says itself by the name of an element: <partyRole><originating-Party/></partyRole>.
        match parent {
            "partyrole" => self.put(within, "role", name),
            "communicationtype" | "telephonycommunicationtype" => self.put(within, "type", name),
            _ => {}
        }
        let bag = match name {
            "telephonypartyinformation"
            | "messagepartyinformation"
            | "msgpartyinformation"
            | "multimediapartyinformation" => self.begin(Part::Party),
            "internetaccess" | "naserviceusage" | "packetdatasession" => match self.bags[within].part {
                Part::Session => within,
                _ => self.begin(Part::Session),
            },
            _ => within,
        };
        self.open.push(bag);
    }

    fn begin(&mut self, part: Part) -> usize {
        if self.bags.len() < MAX_VALUES {
            self.bags.push(Bag::new(part));
        }
        self.bags.len() - 1
    }

    pub(super) fn close(&mut self, name: &str, text: &str) {
        let bag = self.open.pop().unwrap_or(0);
        if text.is_empty() {
            return;
        }
        match name {
            "recordnumber" => self.number = Some(text.to_owned()),
            "cspid" => self.operator = Some(text.to_owned()),
            _ => {
                if let Some(field) = field(name) {
                    self.put(bag, field, text);
                }
            }
        }
    }

    /// The first value of a name counts.
    fn put(&mut self, bag: usize, field: &'static str, text: &str) {
        self.values += 1;
        if self.values <= MAX_VALUES && !self.bags[bag].has(field) {
            self.bags[bag].values.push((field, text.to_owned()));
        }
    }

    /// The rows that it stands for: one for each party or session that says who.
    pub(super) fn rows(&self) -> Vec<Vec<Option<String>>> {
        let mut holders: Vec<Bag> = self.bags.iter().filter(|bag| bag.names_someone()).cloned().collect();
        if holders.is_empty() {
            let numbered =
                self.bags.iter().filter(|bag| bag.has("number") && (bag.says_where() || self.bags.len() == 1));
            holders = numbered.cloned().collect();
        }
        if holders.is_empty() {
            // Nobody is named: the row is handed on all the same, so that it is counted and seen.
            holders.push(self.bags[0].clone());
        }
        same_holder_once(&mut holders);
        holders.iter().map(|holder| self.row(&self.completed(holder, &holders))).collect()
    }

    /// A part with what it lacks from the others: a time, and a place and an identity that stand in its session or in
    /// the record as a whole; never another party's. Where a session names nobody and several are named, it is
    /// nobody's, and the rows lack a place.
    fn completed(&self, holder: &Bag, holders: &[Bag]) -> Bag {
        let mut whole = holder.clone();
        let shared = self.bags.iter().filter(|bag| bag.part != Part::Party);
        let is_alone = |other: &Bag| holders.iter().filter(|holder| *holder != other).count() <= 1;
        let is_theirs = |other: &&Bag| holder.meets(other) || (is_alone(other) && holder.agrees(other));
        for other in shared.clone().filter(is_theirs) {
            if !whole.says_where() || !other.says_where() {
                whole.fill(other, &WHERE);
            }
            whole.fill(other, &WHO);
        }
        if !whole.has("start") {
            shared.for_each(|other| whole.fill(other, &WHEN));
            self.bags.iter().for_each(|other| whole.fill(other, &WHEN));
        }
        for other in &self.bags {
            whole.fill(other, &WHAT[..1]);
        }
        whole
    }

    fn row(&self, bag: &Bag) -> Vec<Option<String>> {
        let place = uli::place(bag.get("uli"), bag.get("cgi"), bag.get("ecgi"), bag.get("ncgi"), bag.get("rat"));
        let text = |name: &str| bag.get(name).map(str::to_owned);
        let (technology, sector) = match place {
            Some(Place { technology, sector }) => (technology.map(str::to_owned), Some(sector)),
            None => (None, None),
        };
        vec![
            self.number.clone(),
            text("start").or_else(|| text("end")),
            text("end"),
            self.operator.clone(),
            Some(self.event(bag).to_owned()),
            Some(direction(bag).to_owned()),
            text("imei"),
            text("imsi"),
            text("number"),
            self.peer(bag),
            text("duration"),
            technology,
            sector,
            text("lat"),
            text("lon"),
            text("azimuth"),
            text("beam"),
        ]
    }

    fn event(&self, bag: &Bag) -> &'static str {
        let kind = bag.get("type").unwrap_or("").to_ascii_lowercase();
        if kind.contains("sms") || kind.contains("mms") || kind.contains("message") {
            "sms"
        } else if bag.part == Part::Session || self.bags.iter().any(|bag| bag.part == Part::Session) {
            "data"
        } else {
            "voice"
        }
    }

    /// The other party's number.
    fn peer(&self, bag: &Bag) -> Option<String> {
        let own = bag.get("number");
        let others = self.bags.iter().filter(|other| other.part == Part::Party && other.get("role") != bag.get("role"));
        others.filter_map(|other| other.get("number")).find(|number| Some(*number) != own).map(str::to_owned)
    }

    /// The record as a reject keeps it.
    pub(super) fn raw(&self) -> String {
        let bag = |bag: &Bag| {
            let mut values: Vec<String> = bag.values.iter().map(|(name, value)| format!("{name}={value}")).collect();
            values.sort();
            values.join(" ")
        };
        let mut raw = format!("record {}: ", self.number.as_deref().unwrap_or("without number"));
        raw.push_str(&self.bags.iter().map(bag).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" | "));
        raw
    }
}

/// The same identity; a number may stand with its country's code or without.
fn alike(name: &str, a: &str, b: &str) -> bool {
    let (a_bare, b_bare) = (a.trim_start_matches(['+', '0']), b.trim_start_matches(['+', '0']));
    // A service's number is short, and could be any number's end.
    let long = a_bare.len().min(b_bare.len()) >= 6;
    a == b || (name == "number" && long && (a_bare.ends_with(b_bare) || b_bare.ends_with(a_bare)))
}

/// Two parts that name the same handset or card are one holder's.
fn same_holder_once(holders: &mut Vec<Bag>) {
    let mut kept: Vec<Bag> = Vec::with_capacity(holders.len());
    for holder in holders.drain(..) {
        let same = |other: &&mut Bag| {
            let agree = |name: &str| other.get(name).zip(holder.get(name)).is_none_or(|(a, b)| a == b);
            let meet = ["imsi", "imei"].iter().any(|name| other.has(name) && other.get(name) == holder.get(name));
            meet && agree("imsi") && agree("imei") && other.part != holder.part
        };
        match kept.iter_mut().find(same) {
            Some(other) => {
                other.fill(&holder, &WHO);
                if !other.says_where() {
                    other.fill(&holder, &WHERE);
                }
                other.fill(&holder, &WHEN);
                other.fill(&holder, &WHAT);
            }
            None => kept.push(holder),
        }
    }
    *holders = kept;
}

fn direction(bag: &Bag) -> &'static str {
    let role = bag.get("role").unwrap_or("").to_ascii_lowercase();
    if role.starts_with("originating") || role.contains("calling") {
        "out"
    } else if role.starts_with("terminating") || role.contains("called") {
        "in"
    } else {
        "none"
    }
}

/// Which value an element's text is.
fn field(name: &str) -> Option<&'static str> {
    Some(match name {
        "imsi" => "imsi",
        "imei" => "imei",
        "partynumber" | "msisdn" | "subscribernumber" => "number",
        "starttime" | "eventtime" => "start",
        "endtime" => "end",
        "durationtime" | "duration" => "duration",
        "userlocationinformation" => "uli",
        "globalcellid" => "cgi",
        "ecgi" => "ecgi",
        "ncgi" | "nrcgi" => "ncgi",
        "rattype" | "radioaccesstechnology" => "rat",
        "latitude" => "lat",
        "longitude" => "lon",
        "azimuth" => "azimuth",
        "beamwidth" => "beam",
        "partyrole" => "role",
        "communicationtype" | "telephonycommunicationtype" => "type",
        _ => return None,
    })
}
