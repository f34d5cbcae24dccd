//! One file a command, in the order of the flow.

pub mod completions;
pub mod config;
pub mod demo;
pub mod devices;
pub mod explain;
pub mod import;
pub mod init;
pub mod man;
pub mod profile;
pub mod quality;
pub mod report;
pub mod run;
pub mod show;
pub mod trace;
pub mod world;
