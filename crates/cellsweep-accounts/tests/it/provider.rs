//! The provider, what tests ask of it, and a browser that signs in there.

mod process;

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::Value;
use url::Url;

pub use process::{Provider, SECRET};

pub const REDIRECT: &str = "https://office.example/organisation";

impl Provider {
    /// The organisation says from now on that somebody is in these groups.
    pub async fn becomes(&self, who: &str, groups: &[&str]) {
        let groups = groups.iter().map(|group| ("group", *group));
        self.test("become", &[("who", who)].into_iter().chain(groups).collect::<Vec<_>>()).await;
    }

    /// The organisation signs by another key from now on, and publishes no other.
    pub async fn renew_keys(&self) {
        self.test("renew", &[]).await;
    }

    /// What is done from now on to ID tokens (`claims`, `signed`) and to what is said of people (`person`).
    pub async fn forge(&self, forgery: &Value) {
        self.test("forge", &[("as", &forgery.to_string())]).await;
    }

    async fn test(&self, what: &str, query: &[(&str, &str)]) {
        let url = Url::parse_with_params(&format!("{}/test/{what}", self.issuer), query).unwrap();
        let answer = client().get(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{what}: {}", answer.text().await.unwrap());
    }
}

fn client() -> reqwest::Client {
    let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).redirect(reqwest::redirect::Policy::none());
    client.no_proxy().build().unwrap()
}

/// What a browser brings back: the state and the code.
pub async fn sign_in_there(start: &Url, who: &str, amr: &str) -> (String, String) {
    let (client, mut cookies, mut url) = (client(), BTreeMap::new(), start.clone());
    for _ in 0..10 {
        if url.path().starts_with("/sign-in/") {
            url.query_pairs_mut().append_pair("as", who).append_pair("amr", amr);
        }
        let jar: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = client.get(url.clone()).header(COOKIE, jar.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let next = answer.headers().get(LOCATION).map(|next| next.to_str().unwrap().to_owned());
        let Some(next) = next else { panic!("{url} leads nowhere: {}", answer.text().await.unwrap()) };
        url = url.join(&next).unwrap();
        if url.as_str().starts_with(REDIRECT) {
            let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
            return (query["state"].clone(), query["code"].clone());
        }
    }
    panic!("the provider sends the browser round and round");
}
