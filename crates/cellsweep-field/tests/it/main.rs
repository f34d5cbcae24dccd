//! The search day's server, as phones and the command post meet it.

mod asking;
mod desk;
mod rehearsal;
mod vectors;
