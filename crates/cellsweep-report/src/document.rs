//! A paper of facts, paragraphs and tables, as a template takes it.

use serde::Serialize;

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// The language's tag.
    pub lang: &'static str,
    /// What it is.
    pub title: String,
    /// At the foot of each page.
    pub footer: String,
    /// Across each page: an exercise.
    pub marks: Vec<String>,
    /// Names and values at the head.
    pub facts: Vec<(String, String)>,
    /// What is said of it.
    pub paragraphs: Vec<String>,
    /// Tables, in order.
    pub sections: Vec<Section>,
}

/// A table under its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What it lists.
    pub title: String,
    /// What is said of it.
    pub note: Option<String>,
    /// Names of its columns.
    pub header: Vec<String>,
    /// Its rows, each as wide as the header.
    pub rows: Vec<Vec<String>>,
}
