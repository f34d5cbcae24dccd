//! Where phones are hidden: a few kinds that the free text of finds is read as, and what detectors make of each.

use cellsweep_model::table::DETECTORS;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A kind of hiding place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HidingKind {
    /// On or in somebody.
    Body,
    /// In what is built in: wall, pipe, window, toilet.
    Fixture,
    /// In a bed or a piece of furniture.
    Furniture,
    /// In a device that has electronics of its own: television, fan, fridge.
    Appliance,
    /// Among food, clothes, books, parcels.
    Belongings,
    /// Hidden in nothing.
    Open,
    /// What was written says none of these.
    Unknown,
}

impl HidingKind {
    /// Those that a find can tell of.
    pub const TOLD: [HidingKind; KINDS] = [
        HidingKind::Body,
        HidingKind::Fixture,
        HidingKind::Furniture,
        HidingKind::Appliance,
        HidingKind::Belongings,
        HidingKind::Open,
    ];

    /// Reads what somebody wrote of a hiding place, in French or English.
    pub fn of(text: &str) -> Self {
        let words = words(text);
        let names = |list: &str| words.iter().any(|word| list.split(' ').any(|known| known == word));
        WORDS.iter().find(|(_, list)| names(list)).map_or(HidingKind::Unknown, |(kind, _)| *kind)
    }

    /// Its place among [`HidingKind::TOLD`].
    pub(crate) fn index(self) -> Option<usize> {
        Self::TOLD.iter().position(|kind| *kind == self)
    }
}

pub(crate) const KINDS: usize = 6;

/// A figure for each kind that a find can tell of, in their order.
pub(crate) type ByKind = [f64; KINDS];

/// Of phones that lie in a prison, where: estimates. Finds are no sample of what lies, so nobody has counted it.
pub(crate) const MIX: ByKind = [0.15, 0.20, 0.20, 0.15, 0.20, 0.10];

/// What a detector finds in a hiding place beside its mean over all: estimates, in the order of the table's words.
/// NIJ 2016 tested hand-held detectors within 18 cm of a phone in four vessels: non-linear junction
/// detectors find it there, but alarm at other electronics; radio detectors hear a call wherever the phone lies.
const SEES: [ByKind; DETECTORS.len()] = [
    [0.3, 0.7, 1.1, 0.7, 1.2, 2.0], // by sight
    [1.3, 0.5, 1.1, 0.5, 1.3, 1.3], // a wand: pipes and housings alarm, too
    [1.3, 0.7, 1.1, 0.6, 1.1, 1.0], // made for what people carry past it
    [0.8, 1.0, 1.0, 0.6, 1.0, 1.0],
    [1.0, 0.9, 1.0, 0.9, 1.0, 1.2],
    [0.8, 0.9, 1.1, 1.0, 0.9, 1.3], // food and people smell, too
    [0.6, 0.7, 1.0, 0.9, 1.1, 1.1], // what can be put through it
    [1.8, 0.3, 0.9, 0.4, 1.2, 1.5], // through clothes, not through walls
    [1.0; KINDS],
];

/// The same, so that over the stated mix each detector finds what its prior says.
pub(crate) fn stated_factors() -> [ByKind; DETECTORS.len()] {
    SEES.map(|row| {
        let mean = over(&MIX, &row);
        row.map(|factor| factor / mean)
    })
}

/// The mean of a figure over a mix.
pub(crate) fn over(mix: &ByKind, figures: &ByKind) -> f64 {
    mix.iter().zip(figures).map(|(share, figure)| share * figure).sum()
}

/// The kind that is asked for first comes first: what lies in a box under a bed was hidden in the box.
const WORDS: [(HidingKind, &str); KINDS] = [
    (
        HidingKind::Body,
        "body corps intime rectum rectal anus anal vagin vagina cavite cavity slip calecon culotte boxer underwear bra \
         soutien poche pocket pantalon pant trouser ceinture belt waistband entrejambe crotch bouche mouth ingere \
         swallowed person personne",
    ),
    (
        HidingKind::Appliance,
        "tv tele televiseur television radio fan ventilateur frigo refrigerateur fridge refrigerator freezer congelateur \
         bouilloire kettle console playstation xbox ordinateur computer lampe lamp microwave cafetiere hifi rasoir razor \
         decodeur multiprise appareil appliance",
    ),
    (
        HidingKind::Fixture,
        "wall mur cloison hole trou plafond ceiling sol floor plancher carrelage tile plinthe skirting lavabo evier sink \
         washbasin toilet toilette wc cuvette chasse cistern douche shower tuyau tuyauterie pipe conduit canalisation \
         drain siphon vent ventilation aeration grille gaine duct fenetre window barreau porte door radiateur radiator \
         chauffage prise outlet interrupteur neon luminaire brique brick sanitaire",
    ),
    (
        HidingKind::Belongings,
        "food nourriture aliment cereale cereal riz rice pate farine flour sucre sugar cafe coffee pain bread boite box \
         can conserve tin bouteille bottle bocal jar paquet packet savon soap shampoing shampoo dentifrice toothpaste \
         livre book bible coran quran magazine cahier shoe chaussure basket trainer sandale chaussette sock vetement \
         clothe clothing linge laundry veste jacket manteau coat pull sac bag valise suitcase colis parcel jouet toy \
         guitare affaire belonging",
    ),
    (HidingKind::Open, "open vue sight visible evidence pose posee main hand jete jetee thrown cour yard charging"),
    (
        HidingKind::Furniture,
        "mattress matelas lit bed bedding literie oreiller pillow drap sheet couverture blanket duvet sommier meuble \
         furniture armoire wardrobe placard cupboard locker casier table chaise chair tabouret stool tiroir drawer \
         etagere shelf bureau desk poubelle bin rideau curtain tapis carpet",
    ),
];

/// Words in small letters without accents, as they are written and without a plural's end.
fn words(text: &str) -> Vec<String> {
    let plain = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    let folded: String = plain.collect();
    let mut words = Vec::new();
    for word in folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        words.push(word.to_owned());
        words.extend(word.strip_suffix(['s', 'x']).map(str::to_owned));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_text_is_read_in_both_languages() {
        for (kind, texts) in [
            (HidingKind::Body, &["body", "dans le slip", "Cavité", "poches du pantalon", "swallowed"][..]),
            (HidingKind::Fixture, &["wall", "wall_hole", "toilet", "window_frame", "derrière l'évier", "Faux plafond"]),
            (HidingKind::Fixture, &["behind the pipe", "fenêtre", "mur derrière le lit", "TOILETTES"]),
            (HidingKind::Furniture, &["mattress", "bed_leg", "bin", "matelas", "pied de lit", "sous l'oreiller"]),
            (HidingKind::Appliance, &["tv", "fan", "téléviseur", "dans le ventilateur", "boîtier de la télé"]),
            (HidingKind::Belongings, &["food", "book", "shoe", "in a shoe", "paquet de céréales", "boîte sous le lit"]),
            (HidingKind::Belongings, &["chaussures", "livres", "clothes"]),
            (HidingKind::Open, &["open", "posé sur le lit", "à vue", "in plain sight"]),
            (HidingKind::Unknown, &["", "?", "non précisé", "other"]),
        ] {
            for text in texts {
                assert_eq!(HidingKind::of(text), kind, "{text}");
            }
        }
    }

    #[test]
    fn over_the_stated_mix_each_detector_finds_what_its_prior_says() {
        assert!((MIX.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        for row in stated_factors() {
            assert!((over(&MIX, &row) - 1.0).abs() < 1e-12, "{row:?}");
        }
    }
}
