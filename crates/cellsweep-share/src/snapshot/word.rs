//! The code lists of a snapshot, version 1: a word that was ever written keeps its meaning.

use serde::{Deserialize, Serialize};

macro_rules! word {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$case_doc])* #[serde(rename = $word)] $case,)*
        }

        impl $name {
            /// The word, as it is written.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$case => $word,)*
                }
            }
        }
    };
}

word!(/// Whether a case may hold real people's data.
CaseKind {
    /// Invented data.
    Exercise = "exercise",
    /// Real data under authorities.
    Investigation = "investigation",
});

word!(/// What an authority orders.
AuthorityKind {
    /// Operators' stored records.
    Records = "records",
    /// Where a phone is now.
    RealTimeLocation = "real_time_location",
    /// The search of places or persons.
    Search = "search",
    /// Passing data on.
    Disclosure = "disclosure",
});

word!(/// The catalogue's classes of devices.
DeviceClass {
    /// The size of a lighter.
    Mini = "mini",
    /// A plain telephone.
    Feature = "feature",
    /// A smartphone.
    Smart = "smart",
    /// A machine's modem.
    Iot = "iot",
    /// The catalogue doesn't know it.
    Unknown = "unknown",
});

word!(/// Where a finding's data come from.
Source {
    /// Operators' records and the tables around them.
    Records = "records",
    /// The supplier's ledger.
    Ledger = "ledger",
    /// The device catalogue.
    Catalogue = "catalogue",
    /// The prison administration.
    Administration = "administration",
});

word!(/// Who may see what a finding says.
SourceClass {
    /// Everyday papers.
    Open = "open",
    /// Obtained under a magistrate's order.
    Judicial = "judicial",
    /// From intelligence work: can't leave as evidence.
    Intelligence = "intelligence",
});

word!(/// What a person is to the case (Directive (EU) 2016/680, article 6).
PersonCategory {
    /// Serious grounds to believe that they committed or will commit an offence.
    Suspect = "suspect",
    /// Convicted of one.
    Convicted = "convicted",
    /// A victim.
    Victim = "victim",
    /// A witness, a contact of a suspect.
    WitnessOrContact = "witness_or_contact",
    /// Somebody else: a subscriber whose line was used, say.
    ThirdParty = "third_party",
    /// An officer, an expert, a magistrate, acting as such.
    Official = "official",
    /// Nobody has said yet.
    NotYetDetermined = "not_yet_determined",
});

word!(/// What was exchanged. Never its content.
CallKind {
    /// A call.
    Voice = "voice",
    /// A short message.
    Sms = "sms",
});

word!(/// What an exhibit is.
ExhibitKind {
    /// A phone.
    Phone = "phone",
    /// A SIM card on its own.
    Sim = "sim",
    /// A charger, a cable, a battery.
    Charger = "charger",
    /// Something else that belongs to phones.
    Other = "other",
});

word!(/// What happened to an exhibit.
CustodyKind {
    /// Found.
    Found = "found",
    /// Put under a seal.
    Sealed = "sealed",
    /// Given to somebody.
    HandedOn = "handed_on",
    /// Received.
    Acknowledged = "acknowledged",
    /// Its seal was opened.
    Opened = "opened",
    /// Examined.
    Examined = "examined",
    /// Given back.
    Returned = "returned",
    /// Destroyed.
    Destroyed = "destroyed",
    /// A break of its chain was explained.
    Explained = "explained",
});
