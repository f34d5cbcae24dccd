//! Lines into buyers.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::block::{self, Pair};
use crate::cluster::{self, Groups, Link};
use crate::fit::{self, Evidence, Lesson, Model};
use crate::party::{Cleaned, Party};

/// What steers the merging.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settings {
    /// Two parties are linked from this probability on that they are one.
    pub threshold: f64,
    /// The country's calling code, by which national numbers are completed.
    pub calling_code: String,
    /// A key that more parties than this share is not followed.
    pub block_limit: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { threshold: 0.9, calling_code: "33".to_owned(), block_limit: 500 }
    }
}

/// One buyer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Buyer {
    /// `B00001` and so on, in the order of the first lines.
    pub id: String,
    /// Positions of its lines, ascending.
    pub lines: Vec<usize>,
    /// Spellings that differ once they are cleaned.
    pub spellings: usize,
    /// Why its spellings are one buyer: one merge less than spellings, the surest first.
    pub merges: Vec<Merge>,
}

/// Two spellings that were taken for one buyer, and so the groups that they stood in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Merge {
    /// Position of the first line with the one spelling.
    pub a: usize,
    /// Position of the first line with the other.
    pub b: usize,
    /// Field by field.
    pub evidence: Evidence,
    /// The log10 odds before it, the same for all.
    pub prior_log10_odds: f64,
    /// With both: that they are one.
    pub probability: f64,
}

/// Who bought.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// Buyers, in the order of their first lines.
    pub buyers: Vec<Buyer>,
    /// Positions of lines that name no buyer.
    pub unnamed: Vec<usize>,
    /// What weighed.
    pub model: Model,
    /// Pairs that were compared.
    pub pairs: usize,
    /// Keys that too many parties share to be followed: what they are made of, and how many share one.
    pub not_followed: Vec<(&'static str, usize)>,
}

/// Spellings, and the lines that have each.
struct Spellings {
    parties: Vec<Cleaned>,
    lines: Vec<Vec<usize>>,
    unnamed: Vec<usize>,
}

/// Resolves the buyers of lines: which lines are one buyer's doesn't depend on their order.
///
/// The fit is made twice: the second time values are counted over the buyers found first, so that who orders
/// often makes no name common.
pub fn resolve(parties: &[Party], settings: &Settings) -> Resolved {
    let spellings = spellings(parties, settings);
    let blocks = block::blocks(&spellings.parties, settings.block_limit);
    let alone: Vec<Vec<u32>> = (0..spellings.parties.len() as u32).map(|index| vec![index]).collect();
    let (_, first) = round(&spellings.parties, &blocks.pairs, &alone, settings);
    let (model, merged) = round(&spellings.parties, &blocks.pairs, &first.members, settings);
    let buyers = buyers(&spellings, &merged, &model);
    Resolved { buyers, unnamed: spellings.unnamed, model, pairs: blocks.pairs.len(), not_followed: blocks.too_large }
}

fn round(parties: &[Cleaned], pairs: &[Pair], groups: &[Vec<u32>], settings: &Settings) -> (Model, Groups) {
    let model = fit::fit(&Lesson { parties, pairs, groups, calling_code: &settings.calling_code });
    let merged = cluster::groups(parties, links(parties, pairs, &model, settings), &model);
    (model, merged)
}

/// Lines that are the same once cleaned are one spelling, where at least two fields say so: a bare name may be
/// two people's, and is weighed like any other.
fn spellings(parties: &[Party], settings: &Settings) -> Spellings {
    let mut found: BTreeMap<(Cleaned, Option<usize>), Vec<usize>> = BTreeMap::new();
    let mut unnamed = Vec::new();
    for (position, party) in parties.iter().enumerate() {
        let cleaned = party.cleaned(&settings.calling_code);
        match cleaned.filled() {
            0 => unnamed.push(position),
            1 => found.entry((cleaned, Some(position))).or_default().push(position),
            _ => found.entry((cleaned, None)).or_default().push(position),
        }
    }
    let mut spellings = Spellings { parties: Vec::new(), lines: Vec::new(), unnamed };
    for ((party, _), lines) in found {
        spellings.parties.push(party);
        spellings.lines.push(lines);
    }
    spellings
}

fn links(parties: &[Cleaned], pairs: &[Pair], model: &Model, settings: &Settings) -> Vec<Link> {
    let prior = model.prior_log10_odds();
    let link = |pair: &Pair| {
        let log10_lr = model.weigh(&parties[pair.a as usize], &parties[pair.b as usize]).log10_lr;
        Link { a: pair.a, b: pair.b, log10_odds: log10_lr + prior }
    };
    let sure = |link: &Link| Model::probability(link.log10_odds) >= settings.threshold;
    pairs.iter().map(link).filter(sure).collect()
}

fn buyers(spellings: &Spellings, groups: &Groups, model: &Model) -> Vec<Buyer> {
    let mut buyers: Vec<Buyer> = Vec::with_capacity(groups.members.len());
    for (members, links) in groups.members.iter().zip(&groups.links) {
        let mut lines: Vec<usize> =
            members.iter().flat_map(|member| spellings.lines[*member as usize].iter().copied()).collect();
        lines.sort_unstable();
        let merges = links.iter().map(|link| merge(spellings, link, model)).collect();
        buyers.push(Buyer { id: String::new(), lines, spellings: members.len(), merges });
    }
    buyers.sort_by_key(|buyer| buyer.lines.first().copied());
    for (index, buyer) in buyers.iter_mut().enumerate() {
        buyer.id = format!("B{:05}", index + 1);
        buyer.merges.sort_by(|x, y| y.probability.total_cmp(&x.probability).then((x.a, x.b).cmp(&(y.a, y.b))));
    }
    buyers
}

fn merge(spellings: &Spellings, link: &Link, model: &Model) -> Merge {
    let evidence = model.weigh(&spellings.parties[link.a as usize], &spellings.parties[link.b as usize]);
    let first = |spelling: u32| spellings.lines[spelling as usize].first().copied().unwrap_or_default();
    let (a, b) = (first(link.a), first(link.b));
    Merge {
        a: a.min(b),
        b: a.max(b),
        evidence,
        prior_log10_odds: model.prior_log10_odds(),
        probability: Model::probability(link.log10_odds),
    }
}
