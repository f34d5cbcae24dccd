//! What the log says, with what proves it.

use std::collections::BTreeMap;

use cellsweep_model::case::CaseEvent;

use super::CaseWriter;
use crate::{StoreError, copy};

impl CaseWriter {
    /// One item's history with the keys of its entries' boxes: what is said in them of people can be read by whoever gets
    /// it. It takes two people and is logged first.
    ///
    /// # Errors
    /// When no entry speaks of it, or the log can't be written.
    pub fn disclose_item(&mut self, about: &str, by: Vec<String>, now: jiff::Timestamp) -> Result<String, StoreError> {
        let (_, entries) = copy::item_disclosed(&self.db, &self.keys, about)?;
        self.append(CaseEvent::BoxesOpened { about: about.to_owned(), entries, by }, now)?;
        Ok(copy::item_disclosed(&self.db, &self.keys, about)?.0)
    }

    /// One item's history with its proofs: the text of `item.json`.
    ///
    /// # Errors
    /// When no entry speaks of it.
    pub fn item_proof(&self, about: &str) -> Result<String, StoreError> {
        copy::item_text(&self.db, &self.keys, about)
    }

    /// The custody log's state as files: its verifier's key, its last checkpoint, and the last one that was stamped.
    ///
    /// # Errors
    /// When the log can't be read.
    pub fn log_marks(&self) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
        copy::marks(&self.db, &self.keys)
    }
}
