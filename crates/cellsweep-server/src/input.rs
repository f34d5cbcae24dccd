//! What comes in a request, with our own words where it can't be read.

use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::problem::Problem;

fn unreadable(status: StatusCode, detail: String) -> Problem {
    Problem::new(status, "/problems/invalid", "Can't be read", detail)
}

macro_rules! whole {
    ($(#[$doc:meta])* $name:ident, $inner:path, $rejection:ty, $bound:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name<T>(pub T);

        impl<S: Send + Sync, T: $bound + Send + 'static> FromRequestParts<S> for $name<T> {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
                let read = <$inner as FromRequestParts<S>>::from_request_parts(parts, state).await;
                read.map(|inner| Self(inner.0)).map_err(|error: $rejection| unreadable(error.status(), error.body_text()))
            }
        }
    };
}

whole!(
    /// What stands after the question mark.
    Query, axum::extract::Query<T>, QueryRejection, serde::de::DeserializeOwned
);
whole!(
    /// What a path names.
    Path, axum::extract::Path<T>, PathRejection, serde::de::DeserializeOwned
);

/// A form, as JSON.
#[derive(Debug, Clone)]
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = axum::Json::<T>::from_request(request, state).await;
        // Serde's words name fields and not what was sent in them.
        let wrong = |error: JsonRejection| unreadable(error.status(), error.body_text());
        read.map(|axum::Json(inner)| Self(inner)).map_err(wrong)
    }
}

/// Bytes.
#[derive(Debug, Clone)]
pub struct Bytes(pub axum::body::Bytes);

impl<S: Send + Sync> FromRequest<S> for Bytes {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = axum::body::Bytes::from_request(request, state).await;
        read.map(Self).map_err(|error: BytesRejection| unreadable(error.status(), error.body_text()))
    }
}
