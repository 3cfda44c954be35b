//! The username that GitLab makes of what an identity provider sends.
//! Knows no request.

use super::State;
use super::account::same;

/// Paths that no account may have.
const RESERVED: &[&str] = &[
    "-",
    "admin",
    "api",
    "assets",
    "dashboard",
    "explore",
    "files",
    "groups",
    "health_check",
    "help",
    "import",
    "jwt",
    "login",
    "oauth",
    "profile",
    "projects",
    "public",
    "robots.txt",
    "s",
    "search",
    "sitemap",
    "snippets",
    "unsubscribes",
    "uploads",
    "users",
    "v2",
];

/// What is left of a name: the part before the at sign, without forbidden characters, without separators at its ends
/// or side by side.
pub fn sanitised(sent: &str) -> String {
    let local = sent.split('@').next().unwrap_or_default();
    let allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let kept: String = local.chars().filter(allowed).collect();
    let mut name = String::with_capacity(kept.len());
    for c in trimmed(&kept).chars() {
        let repeats = is_separator(c) && name.ends_with(is_separator);
        if !repeats {
            name.push(c);
        }
    }
    for suffix in [".git", ".atom"] {
        if let Some(rest) = name.strip_suffix(suffix) {
            return trimmed(rest).to_owned();
        }
    }
    name
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | '.')
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(is_separator)
}

impl State {
    /// A username that nobody has, made of what was sent: a number is counted up behind it where it is taken.
    pub fn free_username(&self, sent: &str) -> String {
        let name = sanitised(sent);
        if name.is_empty() {
            return name;
        }
        let mut candidate = name.clone();
        let mut number = 0_u64;
        while self.is_name_taken(&candidate) {
            number += 1;
            candidate = format!("{name}{number}");
        }
        candidate
    }

    /// Whether an account or a group has this as its path or its name, or nobody may.
    fn is_name_taken(&self, name: &str) -> bool {
        let is_it = |other: &str| same(other, name);
        RESERVED.iter().any(|reserved| is_it(reserved))
            || self.accounts.values().any(|account| is_it(&account.username) || is_it(&account.name))
            || self.groups.values().any(|group| is_it(&group.full_path) || is_it(&group.name))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Account, Group};
    use super::*;

    #[test]
    fn names_are_made_fit() {
        for (sent, name) in [
            ("mira.holt@corp.example", "mira.holt"),
            (" --ricky.^#!__the._raccoon--", "ricky.the.raccoon"),
            ("Zoë", "Zo"),
            ("a..b--c__d", "a.b-c_d"),
            ("tool.git", "tool"),
            ("feed.atom", "feed"),
            ("@corp.example", ""),
            ("...", ""),
        ] {
            assert_eq!(sanitised(sent), name, "{sent}");
        }
    }

    #[test]
    fn a_taken_name_is_counted_up() {
        let mut state = State::default();
        assert_eq!(state.free_username("admin"), "admin1");
        state.add_account(Account::new("ricky.the.raccoon", "Ricky", "r@corp.example"));
        assert_eq!(state.free_username("RICKY.the.raccoon@x"), "RICKY.the.raccoon1");
        state.add_account(Account::new("ricky.the.raccoon1", "Ricky", "r1@corp.example"));
        assert_eq!(state.free_username("ricky.the.raccoon"), "ricky.the.raccoon2");
        state.add_group(Group::new("platform"));
        assert_eq!(state.free_username("platform"), "platform1");
        assert_eq!(state.free_username("RICKY"), "RICKY1", "a name of somebody counts too");
    }
}
