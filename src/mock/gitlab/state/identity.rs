//! SCIM and SAML identities: whose they are, and that each is one of its kind.
//! Knows no request.

use super::account::same;
use super::{AccountId, GroupId, State};

/// Where an identity belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    Instance,
    Group(GroupId),
}

/// The SCIM identity of an account: its `id` there is the `extern_uid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub scope: Scope,
    pub extern_uid: String,
    pub account: AccountId,
    pub active: bool,
}

/// The SAML identity of an account in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamlIdentity {
    pub group: GroupId,
    pub extern_uid: String,
    pub account: AccountId,
    /// Whether it lets its owner in.
    pub trusted: bool,
}

/// Why an identity cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The extern_uid is blank.
    Blank,
    /// Another identity of the scope has the extern_uid.
    ExternUid,
    /// The account has one in the scope already.
    Account,
}

impl Taken {
    /// What GitLab says of it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Blank => "Extern uid can't be blank",
            Self::ExternUid => "Extern uid has already been taken",
            Self::Account => "User has already been taken",
        }
    }
}

impl State {
    /// The identity with this extern_uid, ignoring case.
    pub fn identity(&self, scope: Scope, extern_uid: &str) -> Option<&Identity> {
        self.identities.iter().find(|one| one.scope == scope && same(&one.extern_uid, extern_uid))
    }

    /// The identity of an account.
    pub fn identity_of(&self, scope: Scope, account: AccountId) -> Option<&Identity> {
        self.identities.iter().find(|one| one.scope == scope && one.account == account)
    }

    /// Keeps an active identity, where it would be one of its kind.
    pub fn add_identity(&mut self, scope: Scope, extern_uid: &str, account: AccountId) -> Result<(), Taken> {
        self.check_extern_uid(scope, extern_uid, None)?;
        if self.identity_of(scope, account).is_some() {
            return Err(Taken::Account);
        }
        self.identities.push(Identity { scope, extern_uid: extern_uid.to_owned(), account, active: true });
        Ok(())
    }

    /// Gives the identity of an account another extern_uid.
    pub fn rename_identity(
        &mut self,
        scope: Scope,
        account: AccountId,
        extern_uid: &str,
    ) -> Result<(), Taken> {
        self.check_extern_uid(scope, extern_uid, Some(account))?;
        self.change_identity(scope, account, |identity| identity.extern_uid = extern_uid.to_owned());
        Ok(())
    }

    fn check_extern_uid(&self, scope: Scope, extern_uid: &str, own: Option<AccountId>) -> Result<(), Taken> {
        if extern_uid.trim().is_empty() {
            return Err(Taken::Blank);
        }
        let other = self.identity(scope, extern_uid).filter(|one| Some(one.account) != own);
        if other.is_some() { Err(Taken::ExternUid) } else { Ok(()) }
    }

    /// Changes the identity of an account, where there is one.
    pub fn change_identity(&mut self, scope: Scope, account: AccountId, change: impl FnOnce(&mut Identity)) {
        let mut all = self.identities.iter_mut();
        if let Some(identity) = all.find(|one| one.scope == scope && one.account == account) {
            change(identity);
        }
    }

    /// Forgets the identity of an account.
    pub fn drop_identity(&mut self, scope: Scope, account: AccountId) {
        self.identities.retain(|one| one.scope != scope || one.account != account);
    }

    /// The SAML identity with this extern_uid, in the same case.
    pub fn saml_identity(&self, group: GroupId, extern_uid: &str) -> Option<&SamlIdentity> {
        self.saml_identities.iter().find(|one| one.group == group && one.extern_uid == extern_uid)
    }

    /// The SAML identity of an account.
    pub fn saml_identity_of(&self, group: GroupId, account: AccountId) -> Option<&SamlIdentity> {
        self.saml_identities.iter().find(|one| one.group == group && one.account == account)
    }

    /// Keeps a trusted SAML identity in the place of one that the account may have.
    pub fn set_saml_identity(&mut self, group: GroupId, account: AccountId, extern_uid: &str) {
        self.drop_saml_identity(group, account);
        let extern_uid = extern_uid.to_owned();
        self.saml_identities.push(SamlIdentity { group, extern_uid, account, trusted: true });
    }

    /// Forgets the SAML identity of an account.
    pub fn drop_saml_identity(&mut self, group: GroupId, account: AccountId) {
        self.saml_identities.retain(|one| one.group != group || one.account != account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_one_of_its_kind_in_its_scope() {
        let mut state = State::default();
        assert_eq!(state.add_identity(Scope::Instance, "Abc", 1), Ok(()));
        assert_eq!(state.add_identity(Scope::Instance, "aBC", 2), Err(Taken::ExternUid));
        assert_eq!(state.add_identity(Scope::Instance, "other", 1), Err(Taken::Account));
        assert_eq!(state.add_identity(Scope::Instance, " ", 2), Err(Taken::Blank));
        assert_eq!(state.add_identity(Scope::Group(7), "abc", 1), Ok(()));
        assert_eq!(state.identity(Scope::Instance, "ABC").map(|one| one.extern_uid.as_str()), Some("Abc"));
    }

    #[test]
    fn a_new_extern_uid_may_be_the_old_one_in_another_case() {
        let mut state = State::default();
        state.add_identity(Scope::Instance, "abc", 1).expect("kept");
        state.add_identity(Scope::Instance, "xyz", 2).expect("kept");
        assert_eq!(state.rename_identity(Scope::Instance, 1, "ABC"), Ok(()));
        assert_eq!(state.rename_identity(Scope::Instance, 1, "XYZ"), Err(Taken::ExternUid));
        assert_eq!(state.rename_identity(Scope::Instance, 1, ""), Err(Taken::Blank));
        assert_eq!(state.identity_of(Scope::Instance, 1).map(|one| one.extern_uid.as_str()), Some("ABC"));
    }

    #[test]
    fn saml_minds_case() {
        let mut state = State::default();
        state.set_saml_identity(7, 1, "Abc");
        assert!(state.saml_identity(7, "Abc").is_some() && state.saml_identity(7, "abc").is_none());
    }
}
