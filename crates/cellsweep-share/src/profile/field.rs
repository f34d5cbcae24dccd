//! Every field of every table: whether a row can be without it, and which personal data it is.

use serde::{Deserialize, Serialize};

/// What kind of personal data a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// IMEIs, and keys made of them.
    HandsetIdentifier,
    /// IMSIs.
    SubscriberIdentity,
    /// Phone numbers.
    PhoneNumber,
    /// Cards' numbers.
    CardNumber,
    /// That somebody called or wrote, when and for how long.
    Traffic,
    /// Where a handset was.
    Location,
    /// Who is meant, by reference.
    PersonReference,
    /// Names.
    Name,
    /// What a person is to the case.
    PersonCategory,
    /// Officials acting as such.
    Official,
    /// Likelihood ratios about people and what is theirs.
    Assessment,
    /// What somebody wrote, and may name anybody.
    FreeText,
}

impl Category {
    /// The word, as profiles have it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::HandsetIdentifier => "handset_identifier",
            Self::SubscriberIdentity => "subscriber_identity",
            Self::PhoneNumber => "phone_number",
            Self::CardNumber => "card_number",
            Self::Traffic => "traffic",
            Self::Location => "location",
            Self::PersonReference => "person_reference",
            Self::Name => "name",
            Self::PersonCategory => "person_category",
            Self::Official => "official",
            Self::Assessment => "assessment",
            Self::FreeText => "free_text",
        }
    }
}

/// A field of a table.
pub(super) struct Field {
    pub name: &'static str,
    /// Whether a row is none without it.
    pub needed: bool,
    pub holds: Option<Category>,
}

const fn needed(name: &'static str) -> Field {
    Field { name, needed: true, holds: None }
}

const fn may(name: &'static str) -> Field {
    Field { name, needed: false, holds: None }
}

const fn personal(name: &'static str, needed: bool, category: Category) -> Field {
    Field { name, needed, holds: Some(category) }
}

use Category as C;

/// The tables, in the snapshot's order.
pub(super) const TABLES: &[(&str, &[Field])] = &[
    (
        "authorities",
        &[
            needed("authority"),
            needed("country"),
            needed("body"),
            needed("number"),
            needed("legal_basis"),
            may("offences"),
            personal("reviewed_by", false, C::Official),
            may("kinds"),
            may("covers"),
            needed("data_from"),
            needed("data_to"),
            needed("valid_until"),
            may("cross_border_reference"),
        ],
    ),
    ("facilities", &[needed("facility"), may("name"), may("lat"), may("lon")]),
    ("sectors", &[needed("sector"), needed("technology"), needed("operator"), may("lat"), may("lon")]),
    (
        "persons",
        &[
            personal("person", true, C::PersonReference),
            personal("category", true, C::PersonCategory),
            personal("name", false, C::Name),
            may("role"),
            may("authority"),
        ],
    ),
    (
        "devices",
        &[
            personal("handset", true, C::HandsetIdentifier),
            personal("imeis", false, C::HandsetIdentifier),
            may("class"),
            may("model"),
            personal("facility", false, C::Location),
            may("cloned"),
            personal("first_seen", false, C::Traffic),
            personal("last_seen", false, C::Traffic),
            may("authority"),
            personal("assessment", false, C::Assessment),
        ],
    ),
    (
        "sims",
        &[
            needed("sim"),
            personal("imsi", false, C::SubscriberIdentity),
            personal("msisdn", false, C::PhoneNumber),
            personal("iccid", false, C::CardNumber),
            may("operator"),
            personal("handsets", false, C::HandsetIdentifier),
            personal("subscriber", false, C::PersonReference),
            may("authority"),
        ],
    ),
    (
        "holders",
        &[
            personal("handset", true, C::HandsetIdentifier),
            personal("person", true, C::PersonReference),
            personal("assessment", false, C::Assessment),
        ],
    ),
    (
        "calls",
        &[
            needed("call"),
            personal("time", true, C::Traffic),
            needed("kind"),
            personal("from", false, C::PhoneNumber),
            personal("to", false, C::PhoneNumber),
            personal("duration_s", false, C::Traffic),
            personal("handset", false, C::HandsetIdentifier),
            personal("sector", false, C::Location),
            may("authority"),
        ],
    ),
    (
        "searches",
        &[
            needed("search"),
            needed("facility"),
            may("cell"),
            needed("start"),
            needed("end"),
            may("detector"),
            personal("officers", false, C::Official),
            needed("found"),
            may("authority"),
        ],
    ),
    (
        "exhibits",
        &[
            needed("exhibit"),
            needed("kind"),
            personal("description", false, C::FreeText),
            personal("imeis", false, C::HandsetIdentifier),
            personal("iccids", false, C::CardNumber),
            may("search"),
            needed("facility"),
            may("cell"),
            may("authority"),
            personal("custody", false, C::Official),
        ],
    ),
    ("runs", &[needed("run"), needed("step"), needed("version"), needed("settings"), may("inputs"), may("outputs")]),
    (
        "disclosures",
        &[
            needed("disclosure"),
            needed("time"),
            needed("recipient"),
            needed("profile"),
            may("authority"),
            personal("approved_by", false, C::Official),
            may("manifest"),
        ],
    ),
];

pub(super) fn fields_of(section: &str) -> Option<&'static [Field]> {
    TABLES.iter().find(|(name, _)| *name == section).map(|(_, fields)| *fields)
}
