//! Who may use a handset, now and over time.

use cellsweep_model::holder::SourceClass;
use cellsweep_model::{Holder, Segment};
use cellsweep_report::{DevicePage, holder_limits, holder_sentence, holder_verbal};
use serde::Serialize;
use utoipa::ToSchema;

use super::handset::FindingView;
use super::{Eyes, Text, number};
use crate::attribute::day_text;

/// Somebody who may use a handset.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HolderView {
    /// The inmate's number; `None` = none on the roster.
    pub inmate: Option<String>,
    /// Their cell at the asked time.
    pub cell: Option<String>,
    /// That the handset is kept here and they use it.
    pub probability: f64,
    /// "Used by this inmate" against "by another one here", log10.
    pub log10_lr: f64,
    /// That weight in words.
    pub verbal: Text,
    /// What it is made of.
    pub findings: Vec<FindingView>,
}

/// A stretch of a handset's use by one person.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SegmentView {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// That it is somebody else's than the stretch before; `None` of the first.
    pub changed: Option<f64>,
    /// Who that person may be, best first, none on the roster last.
    pub users: Vec<UserView>,
}

/// Somebody who may have used a handset for a stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct UserView {
    /// The inmate's number; `None` = none on the roster, or somebody who isn't named here.
    pub inmate: Option<String>,
    /// Their cell then.
    pub cell: Option<String>,
    /// That the handset is kept here and they used it then.
    pub probability: f64,
    /// "Used by this inmate" against "by another one here", log10.
    pub log10_lr: f64,
}

/// Who may have used it when. Of a handset that didn't change hands, whoever may use it now, all along.
pub(super) fn segment_views(page: &DevicePage) -> Vec<SegmentView> {
    let device = &page.device;
    if !page.segments.is_empty() {
        return page.segments.chunk_by(|a, b| a.from == b.from).map(segment_view).collect();
    }
    let users = page.holders.iter().map(|holder| UserView {
        inmate: number(holder.inmate.as_ref()),
        cell: holder.cell.as_ref().map(ToString::to_string),
        probability: holder.probability,
        log10_lr: holder.log10_lr,
    });
    let users: Vec<UserView> = users.collect();
    let day = |time: i64| day_text(time.div_euclid(86_400_000_000) as i32);
    let (from, to) = (day(device.first_seen), day(device.last_seen));
    if users.is_empty() { Vec::new() } else { vec![SegmentView { from, to, changed: None, users }] }
}

fn segment_view(rows: &[Segment]) -> SegmentView {
    let user = |row: &Segment| UserView {
        inmate: number(row.inmate.as_ref()),
        cell: row.cell.as_ref().map(ToString::to_string),
        probability: row.probability,
        log10_lr: row.log10_lr,
    };
    let first = rows.first();
    SegmentView {
        from: first.map(|row| day_text(row.from)).unwrap_or_default(),
        to: first.map(|row| day_text(row.to)).unwrap_or_default(),
        changed: first.and_then(|row| row.changed),
        users: rows.iter().map(user).collect(),
    }
}

pub(super) fn holder_view(holder: &Holder, eyes: &Eyes) -> HolderView {
    let findings = holder.findings.iter().map(|finding| {
        if !eyes.cleared.contains(&finding.class) {
            return restricted(finding.log10_lr);
        }
        let class = match finding.class {
            SourceClass::Open => Text::new("Source ouverte", "Open source"),
            SourceClass::Judicial => Text::new("Source judiciaire", "Judicial source"),
            SourceClass::Intelligence => Text::new("Renseignement", "Intelligence"),
        };
        FindingView {
            title: Text::both(|lang| holder_sentence(&finding.fact, lang)),
            sentence: Text::both(|lang| holder_sentence(&finding.fact, lang)),
            limits: Text::both(|lang| holder_limits(&finding.fact, lang).to_owned()),
            source: class,
            log10_lr: finding.log10_lr,
            restricted: false,
        }
    });
    HolderView {
        inmate: number(holder.inmate.as_ref()),
        cell: holder.cell.as_ref().map(ToString::to_string),
        probability: holder.probability,
        log10_lr: holder.log10_lr,
        verbal: Text::both(|lang| holder_verbal(holder.log10_lr, lang)),
        findings: findings.collect(),
    }
}

/// What those see who aren't cleared: that there is something, and no hint of what.
pub(super) fn restricted(log10_lr: f64) -> FindingView {
    FindingView {
        title: Text::new("Constatation réservée", "Restricted finding"),
        sentence: Text::new("", ""),
        limits: Text::new("", ""),
        source: Text::new("", ""),
        log10_lr,
        restricted: true,
    }
}
