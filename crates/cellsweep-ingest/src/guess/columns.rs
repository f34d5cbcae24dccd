//! Which of a file's columns seems to be which of the contract's.

use std::collections::BTreeMap;
use std::path::Path;

use cellsweep_model::table::{Column as Wanted, Kind, Presence, Table};

use crate::guess::layout::remark;
use crate::guess::values::{
    Column, SPACES, degrees, is_checked_imei, is_hms, is_imei, is_imsi, is_phone, is_sector, is_whole, needs_zone,
    spaced,
};
use crate::guess::words::{meaning, name_score, names_a_clock, plain, table_of};
use crate::guess::{Confidence, Known, Remark, Sample};
use crate::profile::{ColumnSpec, FORMAT, Layout, Numbers, Profile, Reading, Round, SectorParts, TimeSpec, Virtual};

/// Proposes the profile's columns.
pub(super) fn propose(path: &Path, layout: Layout, sample: &Sample, known: &Known) -> (Profile, Vec<Remark>) {
    let table = known.table.unwrap_or_else(|| table_of(&sample.names));
    let mut proposal = Proposal::new(path, layout, sample, known, table);
    if known.table.is_none() {
        proposal.remark("table", Confidence::Likely, "by the names of the columns; say another with `--table`");
    }
    proposal.assign();
    proposal.clock();
    proposal.parts_of_a_sector();
    proposal.constants();
    proposal.gaps();
    (proposal.profile, proposal.remarks)
}

struct Proposal<'a> {
    sample: &'a Sample,
    known: &'a Known,
    profile: Profile,
    remarks: Vec<Remark>,
    taken: Vec<bool>,
}

impl<'a> Proposal<'a> {
    fn new(path: &Path, file: Layout, sample: &'a Sample, known: &'a Known, table: Table) -> Self {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let simple: String =
            plain(&stem).chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '-' }).collect();
        let name = known.name.clone().unwrap_or_else(|| format!("my-{simple}"));
        let profile = Profile {
            format: FORMAT,
            name,
            version: "1".to_owned(),
            table,
            describes: String::new(),
            operator: known.operator.clone(),
            file,
            time: None,
            numbers: Numbers::default(),
            once_per: None,
            skip: Vec::new(),
            joins: Vec::new(),
            virtuals: Vec::new(),
            columns: BTreeMap::new(),
        };
        Self { sample, known, profile, remarks: Vec::new(), taken: vec![false; sample.names.len()] }
    }

    fn remark(&mut self, about: &str, confidence: Confidence, text: &str) {
        self.remarks.push(remark(about, confidence, text));
    }

    fn column(&self, index: usize) -> Column<'a> {
        Column::of(&self.sample.rows, index)
    }

    /// Takes the best pair of columns first, then the next among those that are left. A column of words may say
    /// both what happened and which way.
    fn assign(&mut self) {
        let wanted = self.profile.table.columns();
        let mut pairs: Vec<(u64, usize, usize)> = Vec::new();
        for (place, column) in wanted.iter().enumerate() {
            for index in 0..self.sample.names.len() {
                let score = self.score(column, index);
                if score >= 0.5 {
                    pairs.push(((score * 1000.0) as u64, place, index));
                }
            }
        }
        pairs.sort_by_key(|(score, place, index)| (std::cmp::Reverse(*score), *place, *index));
        for (_, place, index) in pairs {
            let column = &wanted[place];
            if self.profile.columns.contains_key(column.name) || (self.taken[index] && column.name != "direction") {
                continue;
            }
            self.take(column, index);
        }
        self.direction_within_event();
    }

    /// How well a column of the file suits one of the contract: values weigh more where they are unmistakable.
    fn score(&self, wanted: &Wanted, index: usize) -> f64 {
        let name = name_score(wanted.name, &self.sample.names[index]);
        let column = self.column(index);
        if column.values.is_empty() {
            return if name == 1.0 { 0.6 } else { 0.0 };
        }
        let value = self.value_score(wanted, &column);
        // A number of ten digits may be a time; only its name can say so.
        if name == 0.0
            && wanted.kind == Kind::Time
            && column.notation().is_some_and(|(notation, _)| notation.starts_with("unix"))
        {
            return 0.0;
        }
        match value {
            None => name,
            Some(value) if value < 0.5 => 0.0,
            Some(value) => name * 0.6 + value * 0.6 * if name == 0.0 { own_weight(wanted.name) } else { 1.0 },
        }
    }

    /// The share of values that the column may hold; nothing where any text may stand.
    fn value_score(&self, wanted: &Wanted, column: &Column<'_>) -> Option<f64> {
        Some(match wanted.kind {
            Kind::Time => f64::from(u8::from(column.notation().is_some())),
            Kind::Imei | Kind::Imeis => {
                column.share(is_imei) * if column.share(is_checked_imei) > 0.4 { 1.0 } else { 0.8 }
            }
            Kind::Imsi => column.share(is_imsi),
            Kind::Msisdn => column.share(is_phone) * if column.share(is_checked_imei) > 0.5 { 0.3 } else { 1.0 },
            Kind::Sector => column.share(is_sector),
            Kind::Tac => column.share(|text| text.len() == 8 && is_whole(text)),
            Kind::OneOf(words) => column.share(|text| {
                meaning(wanted.name, text).is_some() || words.iter().any(|word| word.eq_ignore_ascii_case(text))
            }),
            Kind::Integer { .. } if wanted.name == "duration_s" => {
                column.share(|text| is_whole(text) || is_hms(text) || degrees(text).is_some())
            }
            Kind::Integer { .. } => column.share(|text| spaced(text).is_some()),
            Kind::Number { min, max } => column.share(|text| {
                spaced(text.trim_end_matches(['°', '€', ' '])).is_some_and(|value| (min..=max).contains(&value))
            }),
            Kind::Text if wanted.name == "peer" => column.share(|text| is_phone(text) || text.len() < 12),
            Kind::Text => return None,
        })
    }

    fn take(&mut self, wanted: &Wanted, index: usize) {
        let name = self.sample.names[index].clone();
        let column = self.column(index);
        let mut spec = ColumnSpec::plain(&name);
        let by_name = name_score(wanted.name, &name);
        let by_value = self.value_score(wanted, &column);
        let confidence = match by_value {
            _ if by_name == 1.0 && by_value.is_none_or(|value| value > 0.9) && !column.values.is_empty() => {
                Confidence::Sure
            }
            Some(value) if value > 0.9 && own_weight(wanted.name) == 1.0 => Confidence::Sure,
            _ => Confidence::Likely,
        };
        match wanted.kind {
            Kind::Time => self.time(wanted.name, &column),
            Kind::OneOf(_) => self.words(wanted, &column, &mut spec),
            Kind::Integer { .. } | Kind::Number { .. } => self.number(wanted, &column, &mut spec),
            Kind::Msisdn => self.national(&column),
            _ => {}
        }
        if wanted.kind == Kind::Msisdn && by_name == 0.0 {
            let text = "by its values alone: the subscriber's own number or the other party's? A wrong one follows another phone";
            self.remark(wanted.name, Confidence::Unsure, text);
        }
        self.taken[index] = true;
        let shown = crate::header::shown(&name);
        self.remark(wanted.name, confidence, &format!("from `{shown}`"));
        self.profile.columns.insert(wanted.name.to_owned(), spec);
    }

    fn time(&mut self, wanted: &str, column: &Column<'_>) {
        let Some((notation, rival)) = column.notation() else { return };
        if let Some(rival) = rival {
            let text = format!("{notation} and {rival} both fit every value: no day is past the twelfth");
            self.remark(wanted, Confidence::Unsure, &text);
        }
        self.notation(notation, needs_zone(notation));
    }

    fn notation(&mut self, notation: &str, open: bool) {
        let zone = self.known.zone.clone();
        let time = self.profile.time.get_or_insert_with(|| TimeSpec {
            zone: "in-value".to_owned(),
            formats: Vec::new(),
            ambiguous: Default::default(),
            zone_from: None,
            zones: BTreeMap::new(),
        });
        if !time.formats.iter().any(|other| other == notation) {
            time.formats.push(notation.to_owned());
        }
        if open && time.zone == "in-value" {
            time.zone = zone.unwrap_or_default();
            if time.zone.is_empty() {
                self.remark(
                    "time.zone",
                    Confidence::Unsure,
                    "the times carry no zone: say it (`--zone Europe/Paris`); nothing in the file tells it",
                );
            }
        }
    }

    fn words(&mut self, wanted: &Wanted, column: &Column<'_>, spec: &mut ColumnSpec) {
        let Kind::OneOf(words) = wanted.kind else { return };
        for value in column.distinct() {
            if words.contains(&value.as_str()) {
                continue;
            }
            match meaning(wanted.name, &value) {
                Some(word) => drop(spec.map.insert(value, word.to_owned())),
                None => {
                    let text = format!(
                        "`{}` means none of the known words: add it to the map, or its rows are rejected",
                        crate::header::shown(&value)
                    );
                    self.remark(wanted.name, Confidence::Unsure, &text);
                }
            }
        }
    }

    fn direction_within_event(&mut self) {
        let has = |name: &str| self.profile.columns.contains_key(name);
        if self.profile.table != Table::Records || has("direction") || !has("event") {
            return;
        }
        let Some(from) = self.profile.columns.get("event").and_then(|spec| spec.from.clone()) else { return };
        let Some(index) = self.sample.names.iter().position(|name| *name == from) else { return };
        let column = self.column(index);
        let wanted = Table::Records.columns().iter().find(|column| column.name == "direction");
        let mut spec = ColumnSpec { other: Some("none".to_owned()), ..ColumnSpec::plain(&from) };
        for value in column.distinct() {
            if let Some(word) = meaning("direction", &value) {
                spec.map.insert(value, word.to_owned());
            }
        }
        if let Some(wanted) = wanted {
            self.remark(wanted.name, Confidence::Likely, "from the same words as the event; others mean none");
        }
        self.profile.columns.insert("direction".to_owned(), spec);
    }

    fn number(&mut self, wanted: &Wanted, column: &Column<'_>, spec: &mut ColumnSpec) {
        if column.share(|text| text.contains(',') && !text.contains('.')) > 0.3 {
            self.profile.numbers.decimal = Some(',');
        }
        for space in SPACES {
            if column.share(|text| text.trim().contains(space) && spaced(text).is_some()) > 0.0 {
                spec.strip.push(space.to_string());
            }
        }
        for sign in ["°", "€"] {
            if column.share(|text| text.contains(sign)) > 0.1 {
                spec.strip.push(sign.to_owned());
            }
        }
        if column.share(is_hms) > 0.5 {
            spec.read = Some(Reading::Hms);
        }
        if matches!(wanted.kind, Kind::Integer { .. })
            && column.share(|text| degrees(text).is_some_and(|value| value.fract() != 0.0)) > 0.0
        {
            spec.round = Some(Round::Nearest);
            self.remark(wanted.name, Confidence::Likely, "holds fractions, which are rounded");
        }
    }

    fn national(&mut self, column: &Column<'_>) {
        let national = column.share(|text| text.starts_with('0') && !text.starts_with("00"));
        if national > 0.1 && self.profile.numbers.country.is_none() {
            self.remark(
                "numbers.country",
                Confidence::Unsure,
                "numbers begin with a national 0: say the country's code with `country = \"33\"` under [numbers]",
            );
        }
    }

    /// A date in one column and a time of day in another.
    fn clock(&mut self) {
        let Some(from) = self.profile.columns.get("time").and_then(|spec| spec.from.clone()) else { return };
        let Some(date) = self.sample.names.iter().position(|name| *name == from) else { return };
        let Some((notation, _)) = self.column(date).notation() else { return };
        if notation.contains("%H")
            || notation.contains("%I")
            || notation.starts_with("unix")
            || notation.starts_with("iso")
        {
            return;
        }
        let free = (0..self.sample.names.len()).filter(|index| !self.taken[*index]);
        let clocks = free.filter_map(|index| Some((index, self.column(index).clock()?)));
        // Six digits may be anything: a name that says so goes first.
        let found = clocks.min_by_key(|(index, _)| (!names_a_clock(&self.sample.names[*index]), *index));
        let Some((index, clock)) = found else {
            self.remark(
                "time",
                Confidence::Unsure,
                "holds dates without a time of day: every event is then at midnight",
            );
            return;
        };
        let both = format!("{notation} {clock}");
        if let Some(time) = &mut self.profile.time {
            time.formats.retain(|other| other != notation);
        }
        self.notation(&both, true);
        self.taken[index] = true;
        let join = vec![from, self.sample.names[index].clone()];
        self.remark("time", Confidence::Likely, &format!("`{}` and `{}` put together", join[0], join[1]));
        self.profile.virtuals.push(Virtual {
            name: "when".to_owned(),
            join,
            with: Some(" ".to_owned()),
            ..Virtual::default()
        });
        self.profile.columns.insert("time".to_owned(), ColumnSpec::plain("when"));
    }

    /// Country, network, area and cell in columns of their own.
    fn parts_of_a_sector(&mut self) {
        let wanted = self.profile.table.columns().iter().any(|column| column.name == "sector");
        if !wanted || self.profile.columns.contains_key("sector") {
            return;
        }
        let named = |names: &[&str]| {
            let whole = |index: &usize| self.column(*index).share(is_whole) > 0.9;
            let free = (0..self.sample.names.len()).filter(whole);
            free.map(|index| self.sample.names[index].clone()).find(|name| names.contains(&plain(name).as_str()))
        };
        let (mcc, mnc) = (named(&["mcc"]), named(&["mnc", "net"]));
        let area = named(&["lac", "tac", "area", "location area"]);
        let Some(cell) = named(&["cell", "ci", "cid", "cell id", "cellid", "eci", "cgi cell"]) else { return };
        let network = self.known.operator.clone().filter(|network| network.split('-').count() == 2);
        if network.is_none() && (mcc.is_none() || mnc.is_none()) {
            self.remark(
                "sector",
                Confidence::Unsure,
                "the cell's number alone is no identity: say the network with `--operator 208-01`",
            );
            return;
        }
        let technology = self.profile.columns.get("technology").and_then(|spec| spec.from.clone());
        let network = if mcc.is_some() && mnc.is_some() { None } else { network };
        let parts = SectorParts { network, mcc, mnc, area, cell, technology, hex: false };
        self.remark("sector", Confidence::Likely, "put together of its parts");
        self.profile.virtuals.push(Virtual { name: "identity".to_owned(), sector: Some(parts), ..Virtual::default() });
        self.profile.columns.insert("sector".to_owned(), ColumnSpec::plain("identity"));
    }

    fn constants(&mut self) {
        if self.known.operator.is_some() {
            self.profile.columns.remove("operator");
        }
        let missing = |name: &str| !self.profile.columns.contains_key(name);
        let records = self.profile.table == Table::Records;
        if records && missing("event") {
            self.profile.columns.insert("event".to_owned(), ColumnSpec::constant("voice"));
            self.remark(
                "event",
                Confidence::Unsure,
                "no column says what happened: every row is called voice until you say otherwise",
            );
        }
        if records && !self.profile.columns.contains_key("direction") {
            self.profile.columns.insert("direction".to_owned(), ColumnSpec::constant("none"));
            self.remark("direction", Confidence::Unsure, "no column says which way");
        }
    }

    /// Says what is missing, and what is left.
    fn gaps(&mut self) {
        let wanted = self.profile.table.columns();
        for column in wanted.iter().filter(|column| column.presence == Presence::Required) {
            let operator = column.name == "operator" && self.profile.operator.is_some();
            if !self.profile.columns.contains_key(column.name) && !operator {
                let text =
                    "must have a value, and no column looks like it: name one, or `{ value = \"…\" }` for every row";
                self.remark(column.name, Confidence::Unsure, text);
            }
        }
        let left: Vec<String> = (0..self.taken.len())
            .filter(|index| !self.taken[*index])
            .map(|index| crate::header::shown(&self.sample.names[index]))
            .collect();
        if !left.is_empty() {
            self.remark("columns", Confidence::Likely, &format!("not used: {}", left.join(", ")));
        }
    }
}

/// How far values alone tell a column, whatever its name.
fn own_weight(column: &str) -> f64 {
    match column {
        "imei" | "imsi" | "sector" => 1.0,
        "time" | "event" | "technology" => 0.9,
        "msisdn" => 0.85,
        _ => 0.0,
    }
}
