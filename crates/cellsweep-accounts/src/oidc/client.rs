//! The one place that goes out to the network: to the organisation, and nowhere else.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse, http};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::AccountsError;

/// An answer is no longer than this, in bytes.
const MOST: usize = 1 << 20;

/// Why the organisation could not be asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    /// It could not be reached.
    #[error("{0}")]
    Reach(#[from] reqwest::Error),
    /// It answered at length.
    #[error("the answer is longer than {MOST} bytes")]
    Long,
    /// It answered nonsense.
    #[error("{0}")]
    Http(#[from] http::Error),
}

/// Asks the organisation. It follows no redirect: an answer can't send it elsewhere.
#[derive(Debug, Clone)]
pub(super) struct Client(reqwest::Client);

impl Client {
    /// A client that trusts the system's roots, and those in `roots` (PEM) besides, and waits for an answer this long.
    pub(super) fn new(roots: &[u8], https_only: bool, patience: Duration) -> Result<Self, AccountsError> {
        let wrong = |why: String| AccountsError::Organisation { why };
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        for root in CertificateDer::pem_slice_iter(roots) {
            let root = root.map_err(|error| wrong(format!("its root certificate can't be read: {error}")))?;
            store.add(root).map_err(|error| wrong(format!("its root certificate can't be used: {error}")))?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(AccountsError::internal)?
            .with_root_certificates(store)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .https_only(https_only)
            .timeout(patience);
        // What is on this machine is not asked by way of another.
        let client = if https_only { client } else { client.no_proxy() };
        Ok(Self(client.build().map_err(AccountsError::internal)?))
    }

    /// Asks once.
    pub(super) async fn ask(self, request: HttpRequest) -> Result<HttpResponse, ClientError> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut response = http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            response = response.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await? {
            if body.len() + part.len() > MOST {
                return Err(ClientError::Long);
            }
            body.extend_from_slice(&part);
        }
        Ok(response.body(body)?)
    }
}
