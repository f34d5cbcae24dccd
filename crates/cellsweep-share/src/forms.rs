//! A snapshot in every form in which it leaves, under the names that a package has for them.

use std::collections::BTreeMap;

use crate::snapshot::CaseSnapshot;
use crate::zip::{MemberName, NameError};
use crate::{calls_csv, case_jsonld, ftm_entities, geopackage, graphml, links_csv, misp_event, places_geojson};

/// Why a form can't be written; never in practice.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// A value that doesn't become JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A database in memory that can't be written.
    #[error(transparent)]
    GeoPackage(#[from] rusqlite::Error),
    /// A name that isn't a member's.
    #[error(transparent)]
    Name(#[from] NameError),
}

/// All forms of a snapshot that was cut for its recipient. The snapshot rules; these say the same for other programs.
///
/// # Errors
/// Never in practice: all of it is text and finite numbers.
pub fn forms(snapshot: &CaseSnapshot) -> Result<BTreeMap<MemberName, Vec<u8>>, FormError> {
    let forms = [
        ("forms/case.jsonld", case_jsonld(snapshot)?),
        ("forms/followthemoney.json", ftm_entities(snapshot)?),
        ("forms/misp.json", misp_event(snapshot)?),
        ("forms/links.graphml", graphml(snapshot)),
        ("forms/links.csv", links_csv(snapshot)),
        ("forms/calls.csv", calls_csv(snapshot)),
        ("forms/places.geojson", places_geojson(snapshot)?),
        ("forms/places.gpkg", geopackage(snapshot)?),
    ];
    forms.into_iter().map(|(name, bytes)| Ok((name.parse()?, bytes))).collect()
}
