//! Credentials: how requests say who asks.
//! Knows no suite, and sends nothing but requests for OAuth 2 tokens.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use crate::http::encode::{base64, form};
use crate::http::{Limits, Paced, Request};

use super::Secret;

/// A way to authenticate.
#[derive(Clone)]
pub enum Auth {
    /// No Authorization header.
    None,
    /// `Authorization: Bearer …` (RFC 6750).
    Bearer(Secret),
    /// The whole value of Authorization.
    Raw(Secret),
    /// `Authorization: Basic …` (RFC 7617).
    Basic { user: String, password: Secret },
    /// A header field of its own: `PRIVATE-TOKEN: …`.
    Field { name: String, value: Secret },
    /// Client credentials grant (RFC 6749 §4.4); the token is kept until shortly before it expires.
    ClientCredentials(OAuth),
}

/// An OAuth 2 client. Clones share the token.
#[derive(Clone)]
pub struct OAuth {
    pub token_endpoint: Url,
    pub client_id: String,
    pub client_secret: Secret,
    pub scope: Option<String>,
    token: Arc<Mutex<Option<Token>>>,
}

#[derive(Clone)]
struct Token {
    secret: Secret,
    good_until: Option<Instant>,
}

/// Why no token could be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the token endpoint {0}")]
pub struct NoToken(pub String);

/// A token is renewed so long before it expires.
const MARGIN: Duration = Duration::from_secs(30);

impl OAuth {
    pub fn new(token_endpoint: Url, client_id: &str, client_secret: Secret, scope: Option<String>) -> Self {
        let token = Arc::new(Mutex::new(None));
        Self { token_endpoint, client_id: client_id.to_owned(), client_secret, scope, token }
    }

    /// The token, asked for where none is at hand. Tasks that ask at once share one request.
    pub(super) async fn token(&self, transport: &Paced, limits: Limits) -> Result<Secret, NoToken> {
        let mut kept = self.token.lock().await;
        if let Some(token) = kept.as_ref().filter(|t| t.good_until.is_none_or(|end| Instant::now() < end)) {
            return Ok(token.secret.clone());
        }
        let token = self.fetch(transport, limits).await?;
        let secret = token.secret.clone();
        *kept = Some(token);
        Ok(secret)
    }

    async fn fetch(&self, transport: &Paced, limits: Limits) -> Result<Token, NoToken> {
        let answer = transport.send(&self.token_endpoint, &self.request(), limits, false).await.outcome;
        let answer = answer.map_err(|error| NoToken(format!("gave no answer: {error}")))?;
        let document = answer.json().unwrap_or_default();
        if answer.status != 200 {
            // Of the answer only the error code of RFC 6749 §5.2 is told: all else might repeat a secret.
            let code = document["error"].as_str().filter(|code| code.len() < 40).unwrap_or("no error code");
            let code = code.replace(self.client_secret.expose(), "***");
            return Err(NoToken(format!("answered {} ({code})", answer.status)));
        }
        let token = document["access_token"].as_str().unwrap_or_default();
        let secret =
            Secret::new(token, "access_token").map_err(|_| NoToken("gave no access_token".to_owned()))?;
        let life = document["expires_in"].as_u64().map(Duration::from_secs);
        // A token that lives shorter than the margin is used for half of its life.
        let life = life.map(|life| life.checked_sub(MARGIN).unwrap_or(life / 2));
        Ok(Token { secret, good_until: life.and_then(|life| Instant::now().checked_add(life)) })
    }

    /// RFC 6749 §4.4.2, the client authenticated by Basic as §2.3.1 asks every server to support.
    fn request(&self) -> Request {
        let target = &self.token_endpoint[url::Position::BeforePath..url::Position::AfterQuery];
        let mut request = Request::new("POST", target);
        let encoded = |text: &str| form([(text, "")]).trim_end_matches('=').to_owned();
        let pair = format!("{}:{}", encoded(&self.client_id), encoded(self.client_secret.expose()));
        request.headers.set("Authorization", format!("Basic {}", base64(pair.as_bytes())));
        request.headers.set("Accept", "application/json");
        request.headers.set("Content-Type", "application/x-www-form-urlencoded");
        let mut fields = vec![("grant_type", "client_credentials")];
        fields.extend(self.scope.iter().map(|scope| ("scope", scope.as_str())));
        request.body = form(fields).into();
        request
    }
}

impl Auth {
    /// The header field that says who asks, for a credential that is one of its own.
    pub(super) fn own_field(&self) -> Option<&str> {
        match self {
            Self::Field { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The same secret sent in a header field of its own; what is no token stays as it is.
    pub fn in_field(self, name: &str) -> Self {
        match self {
            Self::Bearer(value) => Self::Field { name: name.to_owned(), value },
            other => other,
        }
    }

    /// The value of Authorization, or of the field that the credential has for itself.
    pub(super) async fn header(&self, transport: &Paced, limits: Limits) -> Result<Option<String>, NoToken> {
        Ok(match self {
            Self::None => None,
            Self::Bearer(token) => Some(format!("Bearer {}", token.expose())),
            Self::Raw(value) | Self::Field { value, .. } => Some(value.expose().to_owned()),
            Self::Basic { user, password } => Some(basic(user, password.expose())),
            Self::ClientCredentials(oauth) => {
                let token = oauth.token(transport, limits).await?;
                Some(format!("Bearer {}", token.expose()))
            }
        })
    }

    /// The value of the header field for a credential of the same kind that is not valid.
    pub(super) fn wrong_header(&self) -> String {
        match self {
            Self::None | Self::ClientCredentials(_) => format!("Bearer {}", altered("scimspec-wrong-token")),
            Self::Bearer(token) => format!("Bearer {}", altered(token.expose())),
            Self::Field { value, .. } => altered(value.expose()),
            Self::Raw(value) => match value.expose().split_once(' ') {
                Some((scheme, rest)) => format!("{scheme} {}", altered(rest)),
                None => altered(value.expose()),
            },
            Self::Basic { user, password } => basic(user, &altered(password.expose())),
        }
    }

    /// Whether it is a token behind the word Bearer.
    pub(super) fn is_bearer(&self) -> bool {
        matches!(self, Self::Bearer(_) | Self::ClientCredentials(_))
    }

    /// The texts that nobody may see.
    pub(super) fn secrets(&self) -> Vec<String> {
        match self {
            Self::None => Vec::new(),
            Self::Bearer(token) => vec![token.expose().to_owned()],
            Self::Field { value, .. } => vec![value.expose().to_owned()],
            Self::Raw(value) => {
                let value = value.expose();
                let rest = value.split_once(' ').map(|(_, rest)| rest.to_owned());
                rest.into_iter().chain([value.to_owned()]).collect()
            }
            Self::Basic { user, password } => {
                vec![password.expose().to_owned(), basic(user, password.expose()).replacen("Basic ", "", 1)]
            }
            Self::ClientCredentials(oauth) => vec![oauth.client_secret.expose().to_owned()],
        }
    }

    pub(super) fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

/// What stands in `field` for a credential whose own field has this value: behind `Bearer` in Authorization, alone in any other.
/// `None`: it is no token.
pub(super) fn sent_in(field: &str, own_field: Option<&str>, value: &str) -> Option<String> {
    let token = if own_field.is_some() { value } else { value.strip_prefix("Bearer ")? };
    Some(match field.eq_ignore_ascii_case("authorization") {
        true => format!("Bearer {token}"),
        false => token.to_owned(),
    })
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", base64(format!("{user}:{password}").as_bytes()))
}

/// A credential without its last character.
pub(super) fn shortened(credential: &str) -> &str {
    let mut characters = credential.chars();
    characters.next_back();
    characters.as_str()
}

/// The value of Authorization with its scheme in lower case.
pub(super) fn with_lower_case_scheme(header: &str) -> String {
    match header.split_once(' ') {
        Some((scheme, rest)) => format!("{} {rest}", scheme.to_ascii_lowercase()),
        None => header.to_owned(),
    }
}

/// Another text of the same length and the same kinds of characters, from which the first cannot be told.
pub(super) fn altered(secret: &str) -> String {
    let mut bytes = Vec::new();
    let mut result = String::new();
    for (index, character) in secret.chars().enumerate() {
        if index % 32 == 0 {
            bytes = Sha256::digest(format!("scimspec wrong {index} {secret}")).to_vec();
        }
        let number = bytes.get(index % 32).copied().unwrap_or_default();
        result.push(match character {
            '0'..='9' => char::from(b'0' + number % 10),
            'a'..='z' => char::from(b'a' + number % 26),
            'A'..='Z' => char::from(b'A' + number % 26),
            other => other,
        });
    }
    if result != secret {
        return result;
    }
    // By chance, or because there is no letter or digit in it.
    match result.pop() {
        Some('0') => result.push('1'),
        _ => result.push('0'),
    }
    result
}

#[cfg(test)]
#[path = "auth_tests.rs"]
mod tests;
