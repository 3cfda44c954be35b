//! SCIM tokens and their rotation, and the sessions of the web application in which they are generated.
//! Knows no request.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::instance::Instance;
use super::settings::{Tokens, scim_token};
use super::slips::Slip;
use super::state::{AccountId, GroupId};
use super::version::Version;

/// Name of the cookie of a session.
pub const SESSION: &str = "_gitlab_session";

/// Whose a SCIM token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Instance,
    Group(GroupId),
}

/// Somebody who has signed in to the web application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: u64,
    /// Value of the cookie.
    pub key: String,
    /// What requests of its pages repeat.
    pub csrf: String,
    pub account: AccountId,
    /// Whether an administrator has entered admin mode in it.
    pub in_admin_mode: bool,
}

/// The scope of a token of the REST API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    Api,
    ReadApi,
}

/// A token of the REST API that a hook has made.
#[derive(Debug, Clone)]
struct AccessToken {
    token: String,
    account: AccountId,
    reach: Reach,
}

/// The credentials of the instance as they are now.
#[derive(Debug, Clone)]
pub struct Current {
    /// Those that the mock began with; the tokens of the REST API among them never change.
    pub start: Tokens,
    instance: String,
    granted: Vec<AccessToken>,
    sessions: Vec<Session>,
    last_session: u64,
}

impl Current {
    pub fn new(start: Tokens) -> Self {
        let instance = start.instance.clone();
        Self { start, instance, granted: Vec::new(), sessions: Vec::new(), last_session: 0 }
    }

    /// Whether this is the token of the instance; `or_first` takes the one of before its rotation too.
    pub fn is_instance(&self, token: &str, or_first: bool) -> bool {
        token == self.instance || (or_first && token == self.start.instance)
    }

    /// Puts another token in the place of the instance's.
    pub fn rotate(&mut self, token: String) {
        self.instance = token;
    }

    /// Puts the token back that the mock began with.
    pub fn restore(&mut self) {
        self.instance.clone_from(&self.start.instance);
    }

    /// Makes a token of the REST API for an account.
    pub fn grant(&mut self, account: AccountId, reach: Reach) {
        let token = format!("glpat-{}", uuid::Uuid::new_v4().simple());
        self.granted.push(AccessToken { token, account, reach });
    }

    /// Whose token of the REST API a hook has made this, and what it may do.
    pub fn granted(&self, token: &str) -> Option<(AccountId, Reach)> {
        self.granted.iter().find(|known| known.token == token).map(|known| (known.account, known.reach))
    }

    /// The token of the REST API that a hook has made for an account.
    pub fn access_token_of(&self, account: AccountId) -> Option<&str> {
        self.granted.iter().find(|known| known.account == account).map(|known| known.token.as_str())
    }

    /// Signs an account in.
    pub fn open_session(&mut self, account: AccountId, in_admin_mode: bool) -> Session {
        let random = || uuid::Uuid::new_v4().simple().to_string();
        self.last_session += 1;
        let session =
            Session { id: self.last_session, key: random(), csrf: random(), account, in_admin_mode };
        self.sessions.push(session.clone());
        session
    }

    /// The session of a cookie.
    pub fn session(&self, key: &str) -> Option<&Session> {
        self.sessions.iter().find(|session| session.key == key)
    }

    /// Signs whoever has this session out. `false`: there is none.
    pub fn close_session(&mut self, id: u64) -> bool {
        let before = self.sessions.len();
        self.sessions.retain(|session| session.id != id);
        self.sessions.len() < before
    }
}

/// What is told of the token of an instance or a group, the token itself left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    pub owner: Owner,
    pub created_at: Timestamp,
}

impl Instance<'_> {
    /// Makes a new token in the place of the old one, which opens nothing any more; gives it with the address of the API.
    pub fn generate(&mut self, owner: Owner, origin: &str) -> Value {
        let random = uuid::Uuid::new_v4().simple().to_string();
        let token = match (self.has(Slip::TokensLackPrefix), self.has(Slip::TokensHavePrefix)) {
            (true, _) => random,
            (_, true) => scim_token(Version::V16_9, &random),
            _ => scim_token(self.version, &random),
        };
        let below = match owner {
            Owner::Instance => {
                self.tokens.rotate(token.clone());
                "application".to_owned()
            }
            Owner::Group(id) => {
                let group = self.state.groups.get_mut(&id);
                group.map(|group| group.rotate_token(token.clone())).unwrap_or_default()
            }
        };
        json!({ "scim_api_url": format!("{origin}/api/scim/v2/{below}"), "scim_token": token })
    }

    /// Whose SCIM token this is, and since when there is one.
    pub fn identify(&self, token: &str) -> Option<Record> {
        if self.tokens.is_instance(token, false) {
            return Some(Record { owner: Owner::Instance, created_at: Timestamp::UNIX_EPOCH });
        }
        let group = self.state.groups.values().find(|group| group.scim_token.as_deref() == Some(token))?;
        Some(Record { owner: Owner::Group(group.id), created_at: group.scim_token_since })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_known_until_it_is_closed() {
        let mut current = Current::new(Tokens::default());
        let (one, other) = (current.open_session(1, true), current.open_session(1, false));
        assert_ne!(one.key, other.key);
        assert_eq!(current.session(&one.key), Some(&one));
        assert!(current.close_session(one.id) && !current.close_session(one.id));
        assert!(current.session(&one.key).is_none() && current.session(&other.key).is_some());
    }

    #[test]
    fn a_rotated_token_is_the_instances_and_the_old_one_is_not() {
        let mut current = Current::new(Tokens::default());
        let old = current.start.instance.clone();
        current.rotate("new".to_owned());
        assert!(current.is_instance("new", false) && !current.is_instance(&old, false));
        current.restore();
        assert!(current.is_instance(&old, false) && !current.is_instance("new", false));
    }
}
