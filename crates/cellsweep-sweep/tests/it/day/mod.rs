//! The search day: what it takes, what it shows.

mod laws;
mod made;
mod shapes;
mod sync;
mod taken;
mod views;
