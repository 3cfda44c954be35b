//! The target: base URLs, credentials, and what it says that it offers.
//! Knows no suite.

mod address;
mod attributes;
mod auth;
mod capabilities;
pub mod discover;
mod documents;
mod matchers;
mod resource;
mod sample;
mod secret;
mod session;

use std::collections::BTreeMap;

use url::Url;

use crate::http::{Headers, Limits, Paced, Redactor};

pub use address::{Address, BadBase, Base, Refused};
pub use attributes::{AttributeFilter, attributes};
pub use auth::{Auth, NoToken, OAuth};
pub use capabilities::{Capabilities, FEATURES, Found};
pub use discover::{Discovery, Unusable, discover};
pub use documents::{BadDocument, Documents};
pub use resource::{MAIL_DOMAIN, NoBody, ResourceTemplate, lay_over};
pub use sample::{Sampler, Which};
pub use secret::{NoSecret, Secret};
pub use session::{Draft, MEDIA_TYPE, NotSent, Sent, Session};

/// The base that suites mean where they name none.
pub const SCIM: &str = "scim";

/// The credential that is the right token without its last character.
pub const SHORTENED: &str = "shortened";

/// The credential that is the right token behind the word `bearer` in lower case.
const LOWER_CASE_SCHEME: &str = "lower-case-scheme";

/// Names of header fields that carry a credential, as far as a name can say it.
const CREDENTIAL_WORDS: &[&str] = &["auth", "token", "key", "secret", "cookie", "password", "session"];

/// Where requests go, and as whom.
pub struct Target {
    bases: BTreeMap<String, Base>,
    credentials: BTreeMap<String, Auth>,
    extra: Vec<(String, Secret)>,
    facts: BTreeMap<String, String>,
    /// The name that the credential `target` has beside that one.
    own_name: Option<String>,
}

impl Target {
    /// A target with one base, called `scim`, and no credentials.
    pub fn new(base: &str) -> Result<Self, BadBase> {
        let bases = BTreeMap::from([(SCIM.to_owned(), Base::parse(base)?)]);
        Ok(Self {
            bases,
            credentials: BTreeMap::new(),
            extra: Vec::new(),
            facts: BTreeMap::new(),
            own_name: None,
        })
    }

    /// Adds the credential `target` and says which of the others it is.
    pub fn with_own_credential(mut self, name: &str, auth: Auth) -> Self {
        self.own_name = Some(name.to_owned());
        self.with_credential("target", auth)
    }

    /// The other name of the credential `target`.
    pub fn own_name(&self) -> Option<&str> {
        self.own_name.as_deref()
    }

    /// Adds a base under a name of its own: `rest`.
    pub fn with_base(mut self, name: &str, base: &str) -> Result<Self, BadBase> {
        self.bases.insert(name.to_owned(), Base::parse(base)?);
        Ok(self)
    }

    /// Adds a credential: `target` is the one that requests have where nothing else is said; `second`, `admin` ….
    /// `none` and `wrong` need not be given, nor, where it is a bearer token, `shortened` and `lower-case-scheme`.
    pub fn with_credential(mut self, name: &str, auth: Auth) -> Self {
        self.credentials.insert(name.to_owned(), auth);
        self
    }

    /// Adds a header field to every request. One whose name speaks of a credential goes only with `target`.
    pub fn with_header(mut self, name: &str, value: Secret) -> Self {
        self.extra.push((name.to_owned(), value));
        self
    }

    /// States something that discovery does not tell: `writable-me`, by which its operator lets runs write to `/Me`.
    pub fn with_fact(mut self, name: &str, value: &str) -> Self {
        self.facts.insert(name.to_owned(), value.to_owned());
        self
    }

    /// What was stated of the target, by name.
    pub fn facts(&self) -> &BTreeMap<String, String> {
        &self.facts
    }

    /// The credential that requests have unless they name another.
    fn own(&self) -> &Auth {
        self.credentials.get("target").unwrap_or(&Auth::None)
    }

    /// All base URLs.
    pub fn bases(&self) -> impl Iterator<Item = &Base> {
        self.bases.values()
    }

    /// A base URL by its name.
    pub fn base(&self, name: &str) -> Result<&Base, Refused> {
        self.bases.get(name).ok_or_else(|| Refused::NoBase(name.to_owned()))
    }

    /// The text of a base URL; nothing where there is none of that name.
    pub fn base_text(&self, name: &str) -> &str {
        self.base(name).map(Base::text).unwrap_or_default()
    }

    /// Where a path below a base, or an absolute URL, is; absolute URLs on another origin than those of the
    /// bases are refused.
    pub fn locate(&self, base: &str, path_or_url: &str) -> Result<Address, Refused> {
        address::locate(self.base(base)?, self.bases.values(), path_or_url)
    }

    /// Like [`Target::locate`], as a URL with its dot segments resolved.
    pub fn resolve(&self, base: &str, path_or_url: &str) -> Result<Url, Refused> {
        let text = self.locate(base, path_or_url)?.url();
        Url::parse(&text).map_err(|_| Refused::NotUrl(text))
    }

    /// Whether requests carry anything that says who asks.
    pub fn has_credentials(&self) -> bool {
        self.credentials.get("target").is_some_and(|auth| !auth.is_none())
            || self.extra.iter().any(|(name, _)| is_credential_field(name))
    }

    /// Names for `needs: credential …`: those that were given, and `none`, and those that are made of the right one where there is one.
    pub fn credential_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.credentials.keys().cloned().collect();
        names.push("none".to_owned());
        if self.has_credentials() {
            names.push("wrong".to_owned());
        }
        if self.own().is_bearer() {
            names.extend([SHORTENED, LOWER_CASE_SCHEME].map(str::to_owned));
        }
        names.sort();
        names.dedup();
        names
    }

    /// Knows every secret that the target was given.
    pub fn redactor(&self) -> Redactor {
        let redactor = Redactor::new();
        // A secret that has two names is shown by the one that every run has.
        let (own, others): (Vec<_>, Vec<_>) =
            self.credentials.iter().partition(|(name, _)| *name == "target");
        for (name, auth) in own.into_iter().chain(others) {
            auth.own_field().into_iter().for_each(|field| redactor.learn_field(field));
            for secret in auth.secrets() {
                redactor.learn(&variable(name), &secret);
            }
        }
        for (name, value) in self.extra.iter().filter(|(name, _)| is_credential_field(name)) {
            redactor.learn_field(name);
            redactor.learn(&format!("SCIMSPEC_HEADER_{}", word(name)), value.expose());
        }
        redactor
    }

    /// The header fields of a credential, which goes in `field` where that is given.
    async fn fields(
        &self,
        principal: &str,
        field: Option<&str>,
        (transport, limits): (&Paced, Limits),
        redactor: &Redactor,
    ) -> Result<Headers, NotSent> {
        let own = self.own();
        let given = self.credentials.get(principal);
        let authorization = match (principal, given) {
            (_, Some(auth)) => {
                let header = auth.header(transport, limits).await?;
                if let (Auth::ClientCredentials(_), Some(header)) = (auth, &header) {
                    learn_token(redactor, principal, header);
                }
                header
            }
            ("none" | "target", None) => None,
            (SHORTENED | LOWER_CASE_SCHEME, None) if own.is_bearer() => {
                let header = own.header(transport, limits).await?.unwrap_or_default();
                learn_token(redactor, "target", &header);
                if principal == SHORTENED {
                    let shell = format!("{{{}%?}}", variable("target"));
                    redactor.learn(&shell, auth::shortened(header.trim_start_matches("Bearer ")));
                    Some(auth::shortened(&header).to_owned())
                } else {
                    Some(auth::with_lower_case_scheme(&header))
                }
            }
            // A credential that is a header field of another name is made wrong below.
            ("wrong", None) if own.is_none() && self.has_credentials() => None,
            ("wrong", None) => Some(own.wrong_header()),
            (other, None) => return Err(Refused::NoCredential(other.to_owned()).into()),
        };
        let mut headers = Headers::new();
        if let Some(value) = authorization {
            let its_own = given.unwrap_or(own).own_field();
            let value = match field {
                Some(field) => auth::sent_in(field, its_own, &value)
                    .ok_or_else(|| Refused::NoToken(principal.to_owned(), field.to_owned()))?,
                None => value,
            };
            headers.set(field.or(its_own).unwrap_or("Authorization"), value);
        }
        for (name, value) in &self.extra {
            match (is_credential_field(name), principal) {
                (false, _) | (true, "target" | LOWER_CASE_SCHEME) => headers.append(name, value.expose()),
                (true, "wrong") => headers.append(name, auth::altered(value.expose())),
                (true, _) => {}
            }
        }
        Ok(headers)
    }
}

/// Has the token of an Authorization field shown as the variable of its credential.
fn learn_token(redactor: &Redactor, credential: &str, header: &str) {
    redactor.learn(&variable(credential), header.trim_start_matches("Bearer "));
}

fn is_credential_field(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    CREDENTIAL_WORDS.iter().any(|word| name.contains(word))
}

/// The shell variable that stands for the secret of a credential: `SCIMSPEC_TOKEN`, `SCIMSPEC_ADMIN_TOKEN`.
fn variable(credential: &str) -> String {
    if credential == "target" {
        "SCIMSPEC_TOKEN".to_owned()
    } else {
        format!("SCIMSPEC_{}_TOKEN", word(credential))
    }
}

fn word(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

#[cfg(test)]
#[path = "target_tests.rs"]
mod tests;
