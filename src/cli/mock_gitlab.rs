//! `scimspec mock` where the profile's product is GitLab: its data, switches and tokens, and what is told of them.
//! Must not know what the service does.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::{Format, MockArgs};
use super::print;
use crate::harness::{Failure, gitlab};
use crate::mock::Service;
use crate::mock::gitlab::{GROUP, Gitlab, Settings, WithHooks};
use crate::mock::json_list::JsonList;
use crate::mock::serve::Ready;
use crate::profile::Profile;

/// A mock that is ready to be served, and what is told of it.
pub struct Prepared {
    pub service: Arc<dyn Service>,
    /// Everything that opens it.
    pub tokens: Vec<String>,
    told: Told,
}

/// What is told once the mock serves.
struct Told {
    profile: Profile,
    settings: Settings,
    group: String,
    group_token: String,
    hooks: bool,
}

/// The mock that the options describe.
pub fn prepare(args: &MockArgs, profile: &Profile, token: Option<String>) -> Result<Prepared, Failure> {
    refuse_foreign(args)?;
    let mut settings = gitlab::settings(profile)?;
    settings.https = args.server.tls_cert.is_some();
    if let Some(token) = token {
        let whose = profile.credential.as_deref().unwrap_or("instance");
        settings.tokens.set(whose, token);
    }
    for typed in &args.product.switch {
        settings.switches.type_in(typed).map_err(|wrong| Failure::Usage(format!("--switch: {wrong}")))?;
    }
    let (mock, mut service) = gitlab::service(settings.clone(), &args.defect)?;
    fill(&mock, args)?;
    let group = args.product.group.clone().unwrap_or_else(|| GROUP.to_owned());
    let group_token = mock.group_token(&group).map_err(Failure::Usage)?;
    if args.product.hooks {
        service = Arc::new(WithHooks { gitlab: mock, inner: service });
    }
    let mut tokens: Vec<String> = settings.tokens.named().map(|(_, token)| token.to_owned()).to_vec();
    tokens.push(group_token.clone());
    let told = Told { profile: profile.clone(), settings, group, group_token, hooks: args.product.hooks };
    Ok(Prepared { service, tokens, told })
}

/// Options that only mean something to the SCIM service of the RFCs.
fn refuse_foreign(args: &MockArgs) -> Result<(), Failure> {
    let given = [
        ("--tokens", args.tokens.is_some()),
        ("--dialect", !args.dialect.is_empty()),
        ("--users", args.data.users > 0),
        ("--groups", args.data.groups > 0),
        ("--without", !args.offer.without.is_empty()),
        ("--schemas", args.offer.schemas.is_some()),
        ("--resource-types", args.offer.resource_types.is_some()),
        ("--page-size", args.offer.page_size.is_some()),
        ("--max-page-size", args.offer.max_page_size.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(Failure::Usage(format!("{option} is not for the mock of GitLab"))),
        None => Ok(()),
    }
}

fn fill(mock: &Gitlab, args: &MockArgs) -> Result<(), Failure> {
    let Some(file) = &args.data.data else { return Ok(()) };
    let list = JsonList::read(file).map_err(Failure::usage)?;
    mock.load(list.elements(), Timestamp::now())
        .map_err(|(index, why)| Failure::usage(list.refused(index, why)))
}

impl Prepared {
    /// Tells where the mock is and what opens it.
    pub fn announce(&self, format: Format, ready: &Ready) -> Result<(), Failure> {
        let told = self.told.all(&ready.base_url)?;
        let text = match format {
            Format::Json => format!("{told}\n"),
            Format::Text => lines(&told),
        };
        // A mock whose announcement nobody reads still serves.
        let _ = print::out(&text);
        Ok(())
    }
}

impl Told {
    fn all(&self, origin: &str) -> Result<Value, Failure> {
        let mut profile = self.profile.clone();
        profile.facts.insert("group".to_owned(), self.group.clone());
        let mut tokens = self.settings.tokens.clone();
        tokens.set("group", self.group_token.clone());
        let target = gitlab::target_at(origin, &profile, &tokens)?;
        let base = |name: &str| target.base(name).map(|base| base.text().to_owned()).map_err(Failure::world);
        let own = profile.credential.as_deref().unwrap_or("instance");
        let own = tokens.named().into_iter().find(|(name, _)| *name == own).map(|(_, token)| token);
        let mut told = json!({
            "base_url": base("scim")?,
            "token": own,
            "version": self.settings.version.as_str(),
            "group": self.group,
            "bases": { "instance": base("instance")?, "group": base("group")?, "rest": base("rest")? },
            "tokens": tokens.named().iter().map(|(name, token)| ((*name).to_owned(), Value::from(*token))).collect::<Value>(),
        });
        if self.hooks {
            told["hooks"] = format!("{origin}{}", crate::mock::gitlab::HOOKS_PATH).into();
        }
        Ok(told)
    }
}

/// A line each, names in a column.
fn lines(told: &Value) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    rows.push(("base URL".to_owned(), text(&told["base_url"])));
    rows.push(("token".to_owned(), text(&told["token"])));
    rows.push(("GitLab".to_owned(), text(&told["version"])));
    for (name, url) in told["bases"].as_object().into_iter().flatten() {
        rows.push((format!("{name} URL"), text(url)));
    }
    for (name, token) in told["tokens"].as_object().into_iter().flatten() {
        rows.push((format!("{name} token"), text(token)));
    }
    if let Some(hooks) = told.get("hooks") {
        rows.push(("hooks".to_owned(), text(hooks)));
    }
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter().map(|(name, value)| format!("{name:<width$}  {value}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_the_mock_is_told_in_a_column() {
        let profile = crate::profile::find("gitlab@16.9").expect("a profile");
        let settings = Settings { version: "16.9".parse().expect("a version"), ..Settings::default() };
        let told = Told {
            profile,
            settings,
            group: "my.group".into(),
            group_token: "glsoat-mine".into(),
            hooks: true,
        };
        let all = told.all("http://127.0.0.1:1").expect("told");
        assert_eq!(all["base_url"], "http://127.0.0.1:1/api/scim/v2/application");
        assert_eq!(all["bases"]["group"], "http://127.0.0.1:1/api/scim/v2/groups/my%2Egroup");
        assert_eq!(
            (&all["tokens"]["group"], &all["token"]),
            (&json!("glsoat-mine"), &json!("glsoat-instance"))
        );
        let text = lines(&all);
        assert!(text.starts_with("base URL           http://127.0.0.1:1/api/scim/v2/application\ntoken              glsoat-instance\n"), "{text}");
        assert!(
            text.contains("\nowner token        glpat-owner\n") && text.ends_with("/scimspec/hooks/\n"),
            "{text}"
        );
    }
}
