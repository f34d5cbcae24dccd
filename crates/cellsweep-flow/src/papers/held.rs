//! Words for what a case holds.

use cellsweep_model::persons::Persons;
use cellsweep_model::table::Table;
use cellsweep_papers::PersonCategory;

/// A table's name for people.
pub(super) const fn table(table: Table) -> (&'static str, &'static str) {
    match table {
        Table::Records => ("relevés des opérateurs", "operators' records"),
        Table::Sectors | Table::Antennas => ("secteurs radio", "sectors"),
        Table::Facilities | Table::Establishments => ("établissements", "facilities"),
        Table::Survey => ("mesures radio à l'intérieur", "radio survey"),
        Table::Cells => ("cellules", "cells"),
        Table::Roster => ("registre d'écrou", "roster"),
        Table::Contacts => ("numéros déclarés", "listed contacts"),
        Table::Visits => ("visites", "visits"),
        Table::Requests => ("demandes aux opérateurs", "requests to operators"),
        Table::KnownDevices => ("appareils connus", "known devices"),
        Table::Ledger | Table::Stock => ("livre du fournisseur", "supplier's ledger"),
        Table::Models => ("catalogue de modèles", "catalogue of models"),
        Table::Searches => ("fouilles", "searches"),
        Table::Seizures => ("saisies", "seizures"),
        Table::Offences | Table::Cases => ("procédures", "investigations"),
        Table::Outages => ("pannes", "outages"),
        Table::Jamming => ("brouillage", "jamming"),
        Table::Ingress => ("entrées constatées", "ingress"),
        Table::Sensors | Table::Detections => ("capteurs", "sensors"),
        Table::Transfers => ("transfèrements", "transfers"),
        Table::Numbering => ("plan de numérotation", "numbering plan"),
    }
}

/// The category as papers name it.
pub(super) const fn category(persons: Persons) -> PersonCategory {
    match persons {
        Persons::Suspect => PersonCategory::Suspect,
        Persons::Convicted => PersonCategory::Convicted,
        Persons::Victim => PersonCategory::Victim,
        Persons::WitnessOrContact => PersonCategory::WitnessOrContact,
        Persons::ThirdParty => PersonCategory::ThirdParty,
        Persons::NotYetDetermined => PersonCategory::NotDetermined,
    }
}
