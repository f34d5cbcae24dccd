//! Who is told apart from whom, in small made-up countries: those kept inside, and everybody who
//! could be mistaken for them.

mod air;
mod answers;
mod calls;
mod country;
mod events;
mod identities;
mod inside;
mod neighbours;
mod person;
mod records;
mod table;
mod visitors;
