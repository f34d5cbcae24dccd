//! The interface, one file a group of pages. Each handler asks the rules first, then the case.

mod alerts;
mod anew;
mod audit;
mod authorities;
mod case;
mod custody;
mod day;
mod events;
mod facilities;
mod handsets;
mod health;
mod imports;
mod map;
mod me;
mod people;
mod plan;
mod secure;
mod settings;
mod studies;

use std::sync::Arc;

use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::office::Office;

/// What the interface says of itself.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "cellsweep",
        description = "A case's pages. Writes carry the header X-CSRF with what GET /me gave; who looks into an \
                       investigation says why in X-Reason (percent-encoded UTF-8). Errors are RFC 9457 problems."
    ),
    modifiers(&Cookie),
    security(("session" = []))
)]
struct Interface;

struct Cookie;

impl Modify for Cookie {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(crate::guard::COOKIE)));
        openapi.components.get_or_insert_default().add_security_scheme("session", scheme);
    }
}

/// The search day's own pages, which its own protocol describes.
pub fn field() -> axum::Router<Arc<Office>> {
    axum::Router::new().fallback(day::pages)
}

/// Every route, and what the interface says of itself.
pub fn all() -> (axum::Router<Arc<Office>>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Interface::openapi())
        .routes(routes!(me::me))
        .routes(routes!(me::options))
        .routes(routes!(me::sign_in, me::sign_out))
        .routes(routes!(me::accept))
        .routes(routes!(me::sessions))
        .routes(routes!(me::end_session))
        .routes(routes!(me::prove_again))
        .routes(routes!(secure::totp, secure::totp_begin, secure::totp_finish, secure::totp_remove))
        .routes(routes!(secure::passkeys, secure::passkey_begin, secure::passkey_finish))
        .routes(routes!(secure::passkey_remove))
        .routes(routes!(secure::passkey_ask, secure::passkey_sign_in))
        .routes(routes!(secure::organisation_begin))
        .routes(routes!(secure::organisation_back))
        .routes(routes!(case::case))
        .routes(routes!(alerts::alerts))
        .routes(routes!(handsets::handsets))
        .routes(routes!(handsets::handset))
        .routes(routes!(handsets::review))
        .routes(routes!(facilities::facility))
        .routes(routes!(plan::plan, plan::make))
        .routes(routes!(plan::trial))
        .routes(routes!(plan::approve))
        .routes(routes!(plan::brief))
        .routes(routes!(plan::kept))
        .routes(routes!(plan::compare))
        .routes(routes!(imports::imports))
        .routes(routes!(imports::begin))
        .routes(routes!(imports::piece))
        .routes(routes!(imports::import))
        .routes(routes!(imports::jobs))
        .routes(routes!(imports::trace))
        .routes(routes!(imports::quality))
        .routes(routes!(custody::custody))
        .routes(routes!(custody::exhibit))
        .routes(routes!(custody::register))
        .routes(routes!(day::open))
        .routes(routes!(day::take_in))
        .routes(routes!(day::report))
        .routes(routes!(anew::anew))
        .routes(routes!(authorities::authorities, authorities::grant))
        .routes(routes!(people::people, people::add))
        .routes(routes!(people::change))
        .routes(routes!(people::end_sessions))
        .routes(routes!(studies::one))
        .routes(routes!(map::tiles))
        .routes(routes!(audit::audit))
        .routes(routes!(settings::settings))
        .routes(routes!(events::events))
        .routes(routes!(health::health))
        .routes(routes!(health::metrics))
        .split_for_parts()
}
