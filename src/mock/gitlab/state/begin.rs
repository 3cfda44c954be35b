//! What the mock begins with: an administrator, two groups with SAML, and the owner and a member of the first.
//! Knows no request.

use super::{Account, Group, Role, SamlProvider, State};
use crate::mock::gitlab::settings::{GROUP, OTHER_GROUP, Tokens};

impl State {
    /// The state of an instance that is ready to use.
    pub fn begin(tokens: &Tokens) -> Self {
        let mut state = Self::default();
        let mut root = Account::new("root", "Administrator", "admin@gitlab.example.com");
        root.admin = true;
        state.add_account(root);
        for (path, token) in [(GROUP, &tokens.group), (OTHER_GROUP, &tokens.other_group)] {
            let owner = person(&mut state, path, "owner", "Owner");
            let member = person(&mut state, path, "member", "Member");
            let mut group = Group::new(path);
            group.saml = Some(SamlProvider::default());
            group.scim_token = Some(token.clone());
            group.members.insert(owner, Role::Owner);
            group.members.insert(member, Role::Developer);
            state.add_group(group);
        }
        state
    }
}

fn person(state: &mut State, path: &str, role: &str, title: &str) -> u64 {
    let name = format!("{title} of {path}");
    let email = format!("{role}@{path}.example.com");
    state.add_account(Account::new(&format!("{path}-{role}"), &name, &email))
}
