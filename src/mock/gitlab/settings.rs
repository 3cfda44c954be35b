//! How the mock of GitLab is set up: version, switches, and the credentials that it begins with.
//! Knows no endpoint.

use serde_json::Value;

use super::slips::Slips;
use super::version::Version;

/// The group that the mock begins with.
pub const GROUP: &str = "acme";
/// A second group, whose token must not open the first.
pub const OTHER_GROUP: &str = "globex";

/// What the mock begins with.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub version: Version,
    pub switches: Switches,
    pub tokens: Tokens,
    /// Whether clients reach it by HTTPS, as URLs in its answers tell them.
    pub https: bool,
    /// What it does wrong; nothing by default.
    pub slips: Slips,
}

/// Settings of the instance that only its administrator can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switches {
    /// GitLab.com, which has no SCIM for the instance.
    pub saas: bool,
    /// SAML sign-in of the instance.
    pub instance_saml: bool,
    /// SAML sign-in of groups.
    pub group_saml: bool,
    /// A licence with SCIM for the instance.
    pub licensed: bool,
    /// The feature flag of `/Groups`, which 18.0 to 18.5 had.
    pub scim_group_sync: bool,
    /// Whether there are seats for new members.
    pub seats_available: bool,
    /// Whether who finds no seat is refused a role that takes one.
    pub restricted_access: bool,
    /// Whether new accounts wait for approval.
    pub user_cap_reached: bool,
    /// Whether administrators must enter admin mode in each session.
    pub admin_mode: bool,
    /// Whether new accounts must confirm their address.
    pub email_confirmation: Confirmation,
}

impl Default for Switches {
    /// Ready to use: licensed, SAML on, seats free.
    fn default() -> Self {
        Self {
            saas: false,
            instance_saml: true,
            group_saml: true,
            licensed: true,
            scim_group_sync: true,
            seats_available: true,
            restricted_access: false,
            user_cap_reached: false,
            admin_mode: false,
            email_confirmation: Confirmation::Off,
        }
    }
}

impl Switches {
    /// Names of all switches.
    pub const NAMES: [&str; 10] = [
        "saas",
        "instance_saml",
        "group_saml",
        "licensed",
        "scim_group_sync",
        "seats_available",
        "restricted_access",
        "user_cap_reached",
        "admin_mode",
        "email_confirmation",
    ];

    fn named(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "saas" => &mut self.saas,
            "instance_saml" => &mut self.instance_saml,
            "group_saml" => &mut self.group_saml,
            "licensed" => &mut self.licensed,
            "scim_group_sync" => &mut self.scim_group_sync,
            "seats_available" => &mut self.seats_available,
            "restricted_access" => &mut self.restricted_access,
            "user_cap_reached" => &mut self.user_cap_reached,
            "admin_mode" => &mut self.admin_mode,
            _ => return None,
        })
    }

    /// Sets one, and gives its value before. The error says what there is.
    pub fn set(&mut self, name: &str, value: &Value) -> Result<Value, String> {
        if name == "email_confirmation" {
            let wanted = Confirmation::read(value)?;
            return Ok(std::mem::replace(&mut self.email_confirmation, wanted).as_str().into());
        }
        let switch = self.named(name).ok_or_else(|| unknown(name))?;
        // Seats can be counted.
        let wanted = value.as_bool().or_else(|| value.as_u64().map(|number| number > 0));
        let wanted = wanted.ok_or_else(|| format!("switch {name} is `true` or `false`, not {value}"))?;
        Ok(std::mem::replace(switch, wanted).into())
    }

    /// Sets one as it is typed: `saas`, `licensed=false`, `email_confirmation=hard`.
    pub fn type_in(&mut self, typed: &str) -> Result<(), String> {
        let (name, value) = typed.split_once('=').unwrap_or((typed, "true"));
        let value = match value {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            text => Value::from(text),
        };
        self.set(name, &value).map(drop)
    }
}

/// How new accounts confirm their address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Confirmation {
    /// Not at all: it counts as confirmed.
    #[default]
    Off,
    /// They may sign in meanwhile.
    Soft,
    Hard,
}

impl Confirmation {
    fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Soft => "soft",
            Self::Hard => "hard",
        }
    }

    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bool(false) => Ok(Self::Off),
            Value::Bool(true) => Ok(Self::Hard),
            other => match other.as_str().unwrap_or_default() {
                "off" => Ok(Self::Off),
                "soft" => Ok(Self::Soft),
                "hard" => Ok(Self::Hard),
                _ => Err(format!("switch email_confirmation is `off`, `soft` or `hard`, not {other}")),
            },
        }
    }
}

/// The sentence for a switch that there is not.
fn unknown(name: &str) -> String {
    let near = crate::nearest::nearest(name, Switches::NAMES);
    let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    format!("there is no switch `{name}`; {near}There are {}", Switches::NAMES.join(", "))
}

/// The credentials of the mock, by what they open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// SCIM of the instance.
    pub instance: String,
    /// SCIM of the group `acme`.
    pub group: String,
    /// SCIM of another group.
    pub other_group: String,
    /// REST API as an administrator.
    pub admin: String,
    /// REST API as the owner of the group `acme`.
    pub owner: String,
    /// REST API as a member of it who is no owner.
    pub member: String,
    /// REST API as the owner, without the right to write.
    pub read_only: String,
    /// REST API as the owner, revoked.
    pub revoked: String,
}

impl Default for Tokens {
    /// Fixed ones, for tests.
    fn default() -> Self {
        let of = |name: &str| format!("glsoat-{name}");
        Self {
            instance: of("instance"),
            group: of("group"),
            other_group: of("other-group"),
            admin: "glpat-admin".to_owned(),
            owner: "glpat-owner".to_owned(),
            member: "glpat-member".to_owned(),
            read_only: "glpat-read-only".to_owned(),
            revoked: "glpat-revoked".to_owned(),
        }
    }
}

impl Tokens {
    /// New ones that nobody can guess, with the prefixes that the version gives them.
    pub fn fresh(version: Version) -> Self {
        let random = || uuid::Uuid::new_v4().simple().to_string();
        let scim = || scim_token(version, &random());
        let rest = || format!("glpat-{}", random());
        Self {
            instance: scim(),
            group: scim(),
            other_group: scim(),
            admin: rest(),
            owner: rest(),
            member: rest(),
            read_only: rest(),
            revoked: rest(),
        }
    }

    /// Puts another value in the place of the one of this name.
    pub fn set(&mut self, name: &str, value: String) {
        let place = match name {
            "group" => &mut self.group,
            "other_group" => &mut self.other_group,
            "admin" => &mut self.admin,
            "owner" => &mut self.owner,
            "member" => &mut self.member,
            "read_only" => &mut self.read_only,
            "revoked" => &mut self.revoked,
            _ => &mut self.instance,
        };
        *place = value;
    }

    /// Name and value of each, in a fixed order.
    pub fn named(&self) -> [(&'static str, &str); 8] {
        [
            ("instance", &self.instance),
            ("group", &self.group),
            ("other_group", &self.other_group),
            ("admin", &self.admin),
            ("owner", &self.owner),
            ("member", &self.member),
            ("read_only", &self.read_only),
            ("revoked", &self.revoked),
        ]
    }
}

/// A SCIM token with the prefix that the version gives it.
pub fn scim_token(version: Version, random: &str) -> String {
    if version.prefixes_tokens() { format!("glsoat-{random}") } else { random.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_has_its_name() {
        let mut switches = Switches::default();
        for name in Switches::NAMES {
            let mut toggled = Vec::new();
            for value in ["false", "true", "false"] {
                toggled.push(switches.clone());
                switches.type_in(&format!("{name}={value}")).expect("a switch");
            }
            assert_ne!(toggled[1], toggled[2], "{name}");
        }
        switches.type_in("saas").expect("a name alone is true");
        assert!(switches.saas);
    }

    #[test]
    fn what_a_switch_was_before_sets_it_back() {
        let mut switches = Switches::default();
        let before = switches.set("email_confirmation", &Value::from("soft")).expect("a switch");
        assert_eq!((before.as_str(), switches.email_confirmation), (Some("off"), Confirmation::Soft));
        switches.set("email_confirmation", &before).expect("a switch");
        assert_eq!(switches, Switches::default());
    }

    #[test]
    fn a_wrong_switch_is_told_with_what_there_is() {
        let told = Switches::default().type_in("licenced").expect_err("misspelled");
        assert!(
            told.starts_with("there is no switch `licenced`; did you mean `licensed`? There are saas, "),
            "{told}"
        );
        for wrong in ["saas=maybe", "email_confirmation=perhaps"] {
            assert!(Switches::default().type_in(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_token_can_be_set_by_its_name() {
        let mut tokens = Tokens::default();
        for (name, _) in Tokens::default().named() {
            tokens.set(name, format!("mine-{name}"));
        }
        assert!(tokens.named().iter().all(|(name, token)| *token == format!("mine-{name}")));
    }

    #[test]
    fn scim_tokens_are_prefixed_since_16_9() {
        assert_eq!(scim_token(Version::V16_4, "x"), "x");
        assert_eq!(scim_token(Version::V16_9, "x"), "glsoat-x");
    }
}
