//! What the office's server lends the field: who somebody is and what they may do.

use async_trait::async_trait;
use axum::http::request::Parts;
use axum::response::Response;
use cellsweep_sweep::Party;

/// What somebody in the office wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Look at the wall and the report.
    View,
    /// Invite, announce, abort, plan anew, revoke, take over a dead phone's entries, close.
    Command,
}

impl Action {
    /// As accounts call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::View => "sweep.view",
            Self::Command => "sweep.command",
        }
    }
}

/// Tells who asks, and whether they may. Sessions, forged requests and reasons are its business.
#[async_trait]
pub trait Authorise: Send + Sync {
    /// Who asks, by an id that entries name them by.
    ///
    /// # Errors
    /// The answer to whoever may not.
    async fn authorise(&self, action: Action, request: &Parts) -> Result<Party, Response>;
}
