//! The search day's server, as phones and the command post meet it.

mod rehearsal;
mod vectors;
