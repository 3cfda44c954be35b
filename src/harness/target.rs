//! A target as a profile sees it: its bases, whose credential its own is, and which header field each is sent in.
//! Sends nothing.

use url::Url;

use super::Failure;
use crate::profile::Profile;
use crate::target::{Auth, Target};

/// What a target is asked with.
#[derive(Default)]
pub struct Lent {
    /// The target's own credential.
    pub own: Option<Auth>,
    pub credentials: Vec<(String, Auth)>,
    /// What the user states of the target; it outranks what the profile does.
    pub facts: Vec<(String, String)>,
}

/// The target at a URL.
pub fn target(url: &str, profile: &Profile, lent: Lent) -> Result<Target, Failure> {
    let mut target = Target::new(url).map_err(Failure::usage)?;
    let host = target.base(crate::target::SCIM).map_err(Failure::usage)?.url().clone();
    let fact = |name: &str| {
        let given = lent.facts.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value);
        given.or_else(|| profile.facts.get(name)).cloned()
    };
    for (name, base) in &profile.bases {
        let base = joined(&host, &filled(base, fact))
            .map_err(|wrong| Failure::Usage(format!("base {name} of the profile: {wrong}")))?;
        target = target.with_base(name, &base).map_err(Failure::usage)?;
    }
    for (name, auth) in credentials(profile, lent.own, lent.credentials) {
        target = match (name.as_str(), profile.credential.as_deref()) {
            ("target", Some(own)) => target.with_own_credential(own, auth),
            _ => target.with_credential(&name, auth),
        };
    }
    for (name, value) in &lent.facts {
        target = target.with_fact(name, value);
    }
    Ok(target)
}

fn joined(host: &Url, base: &str) -> Result<String, url::ParseError> {
    host.join(base).map(String::from)
}

/// A base with facts put in, each as one segment of a path.
fn filled(base: &str, fact: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = base;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        out.push_str(before);
        out.push_str(&segment(&fact(name).unwrap_or_default()));
        rest = after;
    }
    out + rest
}

/// Percent-encodes all but letters, digits, hyphens and underscores: a dot can mean a format, a slash another segment.
fn segment(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.bytes()
        .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// All credentials by name, each in the field that the profile says; the target's own has two names.
fn credentials(profile: &Profile, own: Option<Auth>, named: Vec<(String, Auth)>) -> Vec<(String, Auth)> {
    let own_name = profile.credential.as_deref();
    let in_field = |name: &str, auth: Auth| {
        let field = profile.credentials.get(name).and_then(|credential| credential.field.as_deref());
        match field {
            Some(field) => auth.in_field(field),
            None => auth,
        }
    };
    let mut all: Vec<(String, Auth)> = Vec::new();
    for (name, auth) in named {
        let auth = in_field(&name, auth);
        all.push((name, auth));
    }
    let by_name = |all: &[(String, Auth)]| {
        let own = own_name.and_then(|own| all.iter().find(|(name, _)| name == own));
        own.map(|(_, auth)| auth.clone())
    };
    let own = own.map(|auth| in_field(own_name.unwrap_or_default(), auth)).or_else(|| by_name(&all));
    if let Some(own) = own {
        if let Some(name) = own_name.filter(|name| !all.iter().any(|(known, _)| known == name)) {
            all.push((name.to_owned(), own.clone()));
        }
        all.push(("target".to_owned(), own));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile;
    use crate::target::Secret;

    fn bearer(text: &str) -> Auth {
        Auth::Bearer(Secret::new(text, "test").expect("a secret"))
    }

    #[test]
    fn bases_lie_on_the_host_whichever_url_of_it_is_given() {
        let profile = profile::find("gitlab-group").expect("a profile");
        for url in ["https://gitlab.example.com", "https://gitlab.example.com/api/scim/v2/application"] {
            let facts = vec![("group".to_owned(), "my.group/sub".to_owned())];
            let target = target(url, &profile, Lent { facts, ..Lent::default() }).expect("a target");
            let base = |name: &str| target.base(name).expect("a base").text().to_owned();
            assert_eq!(base("scim"), "https://gitlab.example.com/api/scim/v2/groups/my%2Egroup%2Fsub");
            assert_eq!(base("rest"), "https://gitlab.example.com/api/v4");
            assert_eq!(base("web"), "https://gitlab.example.com");
        }
        let target = target("https://h", &profile, Lent::default()).expect("a target");
        assert_eq!(target.base("scim").expect("a base").text(), "https://h/api/scim/v2/groups/acme");
    }

    #[test]
    fn the_own_credential_goes_by_both_names_and_in_its_field() {
        let profile = profile::find("gitlab-identities").expect("a profile");
        let all = credentials(&profile, Some(bearer("x")), vec![("instance".to_owned(), bearer("y"))]);
        let kinds: Vec<(&str, bool)> =
            all.iter().map(|(name, auth)| (name.as_str(), matches!(auth, Auth::Field { .. }))).collect();
        assert_eq!(kinds, [("instance", false), ("owner", true), ("target", true)]);
        let all = credentials(&profile, None, vec![("owner".to_owned(), bearer("x"))]);
        assert_eq!(all.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["owner", "target"]);
    }
}
