//! One file a command, in the order of the flow.

pub mod attribute;
pub mod buyers;
pub mod completions;
pub mod config;
pub mod demo;
pub mod devices;
pub mod explain;
pub mod import;
pub mod init;
pub mod ledger;
pub mod man;
pub mod models;
pub mod offences;
pub mod plan;
pub mod profile;
pub mod quality;
pub mod report;
pub mod request;
pub mod review;
pub mod run;
pub mod show;
pub mod successors;
pub mod trace;
pub mod world;
