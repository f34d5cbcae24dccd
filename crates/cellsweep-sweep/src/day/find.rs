//! A find as it is entered in seconds, and what custody makes of it.

use serde::{Deserialize, Serialize};

use super::plan::CellRef;
use crate::event::{Attachment, FindRule, FoundItem, ItemKind, Occasion, Party, Place, Spot, What};
use crate::id::{Iccid, Imei, ItemId, PartyId, PersonName, SealNumber, ServiceNumber, Text};

/// A found item. A phone can't be entered without saying whether it was on, and one that was off stays off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Find {
    /// Which item.
    pub item: ItemId,
    /// What it is.
    pub kind: ItemKind,
    /// What class the model is of.
    pub class: ModelClass,
    /// What it looks like.
    pub description: Text,
    /// Its IMEI.
    pub imei: ImeiRead,
    /// The second one of a handset for two SIMs.
    pub second_imei: ImeiRead,
    /// SIMs in it, or itself.
    pub sims: Vec<Iccid>,
    /// Whether it was on when it was found.
    pub state: Power,
    /// What its screen showed.
    pub screen: Screen,
    /// Where exactly.
    pub lay: Lay,
    /// The hiding place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hiding_place: Option<Text>,
    /// Photos, where it lay.
    pub photos: Vec<Attachment>,
    /// Its seal.
    pub seal: Sealing,
    /// Who saw it.
    pub witnesses: Vec<ServiceNumber>,
}

/// An IMEI as read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImeiRead {
    /// It stands on the device or in it.
    Printed(Imei),
    /// The device shows it on its screen.
    Shown(Imei),
    /// It has one that can't be read.
    NotReadable,
    /// It has none: a charger, a SIM, a handset for one SIM.
    NotApplicable,
    /// Nobody looked.
    NotLookedAt,
}

impl ImeiRead {
    /// The IMEI, where one was read.
    pub fn read(&self) -> Option<&Imei> {
        match self {
            Self::Printed(imei) | Self::Shown(imei) => Some(imei),
            Self::NotReadable | Self::NotApplicable | Self::NotLookedAt => None,
        }
    }
}

/// Whether a phone was on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// It was on.
    On,
    /// It was off, and stays off.
    Off,
    /// It can't be told.
    Unknown,
    /// No phone.
    NotApplicable,
}

/// What a screen showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Screen {
    /// Something.
    Lit,
    /// Nothing.
    Dark,
    /// It is broken.
    Broken,
    /// There is none.
    NotApplicable,
    /// Nobody looked.
    NotLookedAt,
}

/// Where exactly something lay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lay {
    /// In the cell.
    Cell,
    /// In the common place.
    Common,
    /// On a person; the search stops and is referred.
    Person,
}

/// An item's seal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sealing {
    /// Under this one.
    Seal(SealNumber),
    /// It will be sealed later.
    NotYet,
}

/// What class a model is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelClass {
    /// As small as a lighter.
    Mini,
    /// With keys.
    Feature,
    /// A smartphone.
    Smart,
    /// A modem, a tracker.
    Iot,
    /// It can't be told.
    Unknown,
    /// No phone.
    NotApplicable,
}

impl Find {
    /// The find as custody knows it.
    pub(super) fn found(&self, cell: &CellRef, occasion: &Occasion) -> What {
        let imeis = [&self.imei, &self.second_imei].into_iter().filter_map(|imei| imei.read().cloned());
        let item = FoundItem {
            id: self.item.clone(),
            kind: self.kind,
            description: self.description.clone(),
            imeis: imeis.collect(),
            sims: self.sims.clone(),
        };
        What::Found {
            items: vec![item],
            place: Place {
                facility: cell.facility.clone(),
                spot: self.spot(cell),
                hiding_place: self.hiding_place.clone(),
            },
            occasion: occasion.clone(),
            one_find: FindRule::EachItem,
            witnesses: self.witnesses.iter().filter_map(witness).collect(),
            photos: self.photos.clone(),
        }
    }

    /// The seal as custody knows it.
    pub(super) fn sealed(&self) -> Option<What> {
        let Sealing::Seal(seal) = &self.seal else { return None };
        Some(What::Sealed { seal: seal.clone(), items: vec![self.item.clone()], photos: Vec::new() })
    }

    fn spot(&self, cell: &CellRef) -> Spot {
        match self.lay {
            Lay::Cell => Spot::Cell(cell.cell.clone()),
            Lay::Common => cell.cell.as_str().parse().map_or(Spot::NotRecorded, Spot::Common),
            Lay::Person => Spot::Person,
        }
    }
}

/// A witness is known by the service number alone.
fn witness(number: &ServiceNumber) -> Option<Party> {
    let (id, name): (PartyId, PersonName) = (number.as_str().parse().ok()?, number.as_str().parse().ok()?);
    Some(Party { id, name, role: None })
}
