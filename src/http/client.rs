//! The ordinary HTTP client, on reqwest, set so that it cannot falsify a verdict.
//! Knows nothing of what it carries.

use std::error::Error;

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::{Position, Url};

use super::tls::{Tls, tls_message};
use super::transport::{BadOption, Limits, NetworkOptions};
use super::{Headers, Request, Response, TransportError};

/// Idle connections are given up sooner than common servers do (2 s and more), because a request that meets a closing
/// connection looks like a lost answer.
const IDLE: std::time::Duration = std::time::Duration::from_secs(1);

/// hyper reads 100 fields unless it is told otherwise; more are unusual and not wrong.
const MOST_FIELDS: usize = 1000;

/// Fields that hyper writes or interprets itself.
const OWNED: &[&str] =
    &["connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade"];

pub(super) struct Client {
    client: reqwest::Client,
}

/// A request that reqwest will send byte for byte.
pub(super) struct Prepared(reqwest::Request);

impl Client {
    pub(super) fn new(options: &NetworkOptions, tls: &Tls) -> Result<Self, BadOption> {
        let protocols: &[&str] = if options.http2 { &["h2", "http/1.1"] } else { &["http/1.1"] };
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.config(protocols))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .pool_idle_timeout(IDLE)
            .http1_max_headers(MOST_FIELDS)
            .connect_timeout(options.connect)
            .no_proxy();
        if !options.http2 {
            builder = builder.http1_only();
        }
        if let Some(proxy) = &options.proxy {
            let proxy = reqwest::Proxy::all(proxy)
                .map_err(|error| BadOption(format!("the proxy cannot be used: {}", innermost(&error))))?;
            builder = builder.proxy(proxy);
        }
        let client = builder
            .build()
            .map_err(|error| BadOption(format!("the HTTP client cannot be set up: {}", innermost(&error))))?;
        Ok(Self { client })
    }

    /// The request, or `None` where reqwest or hyper would change its bytes: a target that is normalised, a
    /// field that is not one, one that hyper writes by itself, or no Accept (reqwest adds one).
    pub(super) fn prepare(&self, base: &Url, request: &Request) -> Option<Prepared> {
        let url = Url::parse(&format!("{}{}", &base[..Position::BeforePath], request.target)).ok()?;
        // A fragment is never sent, so it would get lost.
        if url[Position::BeforePath..] != request.target || url.fragment().is_some() {
            return None;
        }
        if request.method == "CONNECT" {
            return None;
        }
        let method = reqwest::Method::from_bytes(request.method.as_bytes()).ok()?;
        let mut headers = HeaderMap::new();
        for (name, value) in request.headers.iter() {
            if OWNED.iter().any(|owned| name.eq_ignore_ascii_case(owned)) {
                return None;
            }
            headers.append(HeaderName::try_from(name).ok()?, HeaderValue::from_str(value).ok()?);
        }
        if !headers.contains_key("accept") {
            return None;
        }
        let mut builder = self.client.request(method, url).headers(headers);
        if !request.body.is_empty() {
            builder = builder.body(request.body.clone());
        }
        builder.build().ok().map(Prepared)
    }

    pub(super) async fn send(&self, prepared: Prepared, limits: Limits) -> Result<Response, TransportError> {
        match tokio::time::timeout(limits.total, self.exchange(prepared.0, limits)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(TransportError::Timeout(limits.total)),
        }
    }

    async fn exchange(&self, request: reqwest::Request, limits: Limits) -> Result<Response, TransportError> {
        let head = request.method() == reqwest::Method::HEAD;
        let mut answer = self.client.execute(request).await.map_err(|error| classify(&error, limits))?;
        let too_large = |length: u64| usize::try_from(length).map_or(true, |length| length > limits.body);
        if !head && answer.content_length().is_some_and(too_large) {
            return Err(TransportError::TooLarge(limits.body));
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| classify(&error, limits))? {
            if body.len() + chunk.len() > limits.body {
                return Err(TransportError::TooLarge(limits.body));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            status: answer.status().as_u16(),
            headers: headers(answer.headers()),
            body: body.freeze(),
            stray: Bytes::new(),
        })
    }
}

fn headers(map: &HeaderMap) -> Headers {
    map.iter().map(|(name, value)| (name.as_str(), super::head::latin1(value.as_bytes()))).collect()
}

/// Which mistake of the world it was. The flags of reqwest do not say (a refused client certificate is not
/// `is_connect()`), so the sources are walked.
fn classify(error: &reqwest::Error, limits: Limits) -> TransportError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(message) = tls_message(current) {
            return TransportError::Tls(message);
        }
        if let Some(http) = current.downcast_ref::<hyper::Error>() {
            if http.is_parse() {
                return TransportError::Malformed(innermost(http));
            }
            if http.is_incomplete_message() {
                return TransportError::Lost("it was closed before the response was whole".to_owned());
            }
        }
        cause = current.source();
    }
    if error.is_timeout() && error.is_connect() {
        return TransportError::Connect("no connection within the time for connecting".to_owned());
    }
    if error.is_timeout() {
        return TransportError::Timeout(limits.total);
    }
    if error.is_connect() {
        return TransportError::Connect(innermost(error));
    }
    TransportError::Lost(innermost(error))
}

/// What the innermost error says: the outer ones only name layers.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut current = error;
    while let Some(source) = current.source() {
        current = source;
    }
    current.to_string()
}
