//! A candidate's weight, taken apart into findings that add up to it.

use cellsweep_model::finding::Source;
use cellsweep_model::holder::{BuyerMatch, HolderFact, HolderFinding, SourceClass};

use crate::Phone;
use crate::calls::{Part, Size};
use crate::custody::Flag;
use crate::pair::{Context, Hits, Pair, Pairs};
use crate::phone::PeerSum;
use crate::second::Seconds;
use crate::weigh::{Model, Posterior};

/// Everything that one candidate's findings are read from.
pub struct Candidate<'a> {
    pub context: &'a Context<'a>,
    pub model: &'a Model,
    pub pairs: &'a Pairs,
    pub phone: &'a Phone,
    pub pair: &'a Pair,
    pub posterior: &'a Posterior,
    pub prison: u32,
    pub position: u32,
}

type Weighed = (HolderFact, Source, SourceClass, f64);

impl Candidate<'_> {
    /// Findings with weights in log10 that add up to `log10_lr`; what is left over, the others and
    /// the bound, is said last.
    pub fn findings(&self, log10_lr: f64) -> Vec<HolderFinding> {
        let mut weighed = Vec::new();
        let empty = Hits { position: self.position, ..Hits::default() };
        let hits = self.pair.hits.iter().find(|hits| hits.position == self.position).unwrap_or(&empty);
        self.numbers(hits, &mut weighed);
        self.of_case(hits, &mut weighed);
        self.buyer(hits, &mut weighed);
        self.cellmates(&mut weighed);
        self.custody(hits, &mut weighed);
        let sum: f64 = weighed.iter().map(|(_, _, _, ln)| ln).sum();
        let own = self.posterior.likelihoods[self.position as usize].max(1e-300).ln();
        // Renters' share of the calls is the same for nearly everybody and goes with the others.
        let others = log10_lr - sum / std::f64::consts::LN_10;
        debug_assert!(own.is_finite());
        let mut findings: Vec<HolderFinding> = weighed
            .into_iter()
            .map(|(fact, source, class, ln)| HolderFinding {
                fact,
                source,
                class,
                log10_lr: ln / std::f64::consts::LN_10,
            })
            .filter(|finding| finding.log10_lr.abs() >= 0.005)
            .collect();
        let left_out: f64 = log10_lr - others - findings.iter().map(|finding| finding.log10_lr).sum::<f64>();
        findings.push(HolderFinding {
            fact: HolderFact::Others,
            source: Source::Records,
            class: SourceClass::Judicial,
            log10_lr: others + left_out,
        });
        findings.sort_by(|a, b| b.log10_lr.abs().total_cmp(&a.log10_lr.abs()));
        findings
    }

    /// Each number adds what the weight would lack without it; how many are not listed is the rest.
    fn numbers(&self, hits: &Hits, weighed: &mut Vec<Weighed>) {
        let (size, _) = self.sizes();
        let scaled = self.pair.scaled(&hits.listed, hits.shares.0);
        let weight =
            |hits: &[crate::calls::Hit]| self.model.listed.likelihood(size, Part::Main, &self.pair.by_class, hits).ln();
        let whole = weight(&scaled);
        let mut rest = whole;
        for (index, number) in hits.listed.iter().enumerate() {
            let mut without = scaled.clone();
            without.remove(index);
            let ln = whole - weight(&without);
            rest -= ln;
            let fact = self.listed_number(self.pair.number(*number));
            weighed.push((fact, Source::Administration, SourceClass::Judicial, ln));
        }
        let all = self.pair.by_class.iter().sum();
        if all > 0 {
            let fact = HolderFact::OtherNumbers { listed: hits.listed.len() as u32, all };
            weighed.push((fact, Source::Records, SourceClass::Judicial, rest));
        }
    }

    fn sizes(&self) -> (Size, Size) {
        let place = &self.context.roll.prisons[self.prison as usize];
        self.context.sizes(place.held[self.position as usize].inmate)
    }

    fn listed_number(&self, peer: &PeerSum) -> HolderFact {
        let here = |inmate: &&u32| self.context.roll.held_at[**inmate as usize] == Some(self.prison);
        let whole: f64 = self.phone.stays.iter().map(|(_, probability)| probability).sum();
        HolderFact::ListedNumber {
            number: peer.number,
            days: peer.days,
            listed_by: self.context.lists.of(peer.number).iter().filter(here).count() as u32,
            also_called_by: (self.pairs.background.spoke(peer.number) - whole).max(0.0).round() as u32,
        }
    }

    fn of_case(&self, hits: &Hits, weighed: &mut Vec<Weighed>) {
        let (_, size) = self.sizes();
        let scaled = self.pair.scaled(&hits.of_case, hits.shares.1);
        let ln = self.model.cases.likelihood(size, Part::Main, &self.pair.by_class, &scaled).ln();
        let count = hits.of_case.len().max(1) as f64;
        for number in &hits.of_case {
            let peer = self.pair.number(*number);
            let fact = HolderFact::CaseNumber { case: self.case_of(peer), number: peer.number, days: peer.days };
            weighed.push((fact, Source::Administration, SourceClass::Judicial, ln / count));
        }
    }

    fn case_of(&self, peer: &PeerSum) -> String {
        let inmate = self.context.roll.prisons[self.prison as usize].held[self.position as usize].inmate;
        let inmate = &self.context.roll.inmates[inmate as usize];
        let own: Vec<&str> = self
            .context
            .evidence
            .cases
            .iter()
            .filter(|case| case.inmate == *inmate)
            .map(|case| case.case.as_str())
            .collect();
        let offences = self.context.evidence.offences.iter();
        let found = offences.filter(|offence| offence.number == peer.number).find(|o| own.contains(&o.case.as_str()));
        found.map(|offence| offence.case.clone()).unwrap_or_default()
    }

    fn buyer(&self, hits: &Hits, weighed: &mut Vec<Weighed>) {
        let by: Option<BuyerMatch> = hits.buyer;
        if let Some(by) = by {
            let ln = self.model.buyer_ratio(self.pair, hits).ln();
            weighed.push((HolderFact::Buyer { by }, Source::Ledger, SourceClass::Judicial, ln));
        }
    }

    fn cellmates(&self, weighed: &mut Vec<Weighed>) {
        let place = &self.context.roll.prisons[self.prison as usize];
        let seconds = Seconds::new(self.context, self.model, self.pair, place);
        let mut ln = 0.0;
        let mut numbers = 0;
        for (mate, more) in seconds.mates(self.position) {
            ln += (1.0 - self.model.mate + self.model.mate * more).ln();
            let hits = mate.map(|mate| &self.pair.hits[mate]);
            numbers += hits.map_or(0, |hits| hits.listed.len() + hits.of_case.len()) as u32;
        }
        if numbers > 0 {
            weighed.push((HolderFact::Cellmates { numbers }, Source::Administration, SourceClass::Judicial, ln));
        }
    }

    fn custody(&self, hits: &Hits, weighed: &mut Vec<Weighed>) {
        let place = &self.context.roll.prisons[self.prison as usize];
        let occupant = &place.held[self.position as usize];
        let flags = self.pair.flags[self.position as usize];
        for (flag, (_, there)) in Flag::ALL.iter().zip(&self.model.flags) {
            if flags & flag.bit() == 0 {
                continue;
            }
            let fact = match flag {
                Flag::BeforeArrival => HolderFact::BeforeArrival {
                    days: self.pairs.custody.days_before(self.phone, self.prison, occupant.since),
                },
                Flag::Transfer => match occupant.before {
                    Some((from, _)) => {
                        HolderFact::Transfer { from: self.context.roll.prisons[from as usize].id.clone() }
                    }
                    None => continue,
                },
                Flag::DuringVisit => HolderFact::DuringVisit { visits: 1 },
                Flag::CalledInVisit => HolderFact::CalledInVisit { visits: 1 },
                Flag::FoundInCell => {
                    HolderFact::FoundInCell { finds: self.pairs.custody.finds(self.prison, occupant.cell) }
                }
                Flag::CalledByListed => HolderFact::CalledByListed { numbers: hits.called_by },
                Flag::SinceArrival => HolderFact::SinceArrival,
            };
            // What the handset did stands in operators' records only.
            let class = if *flag == Flag::FoundInCell { SourceClass::Open } else { SourceClass::Judicial };
            weighed.push((fact, Source::Administration, class, there.ln()));
        }
        let heard = occupant.cell.and_then(|cell| self.pair.heard.get(cell as usize));
        let radio = place.wing_of(occupant).and_then(|wing| self.pair.radio.get(wing as usize));
        if let Some(ln) = radio {
            weighed.push((HolderFact::Wing, Source::Records, SourceClass::Judicial, *ln));
        }
        if let Some(ln) = heard {
            let fact = HolderFact::Sensors { heard: self.phone.events.len() as u32 };
            weighed.push((fact, Source::Administration, SourceClass::Judicial, *ln));
        }
    }
}
