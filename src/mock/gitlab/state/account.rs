//! Accounts: names, addresses, and the states that blocking and reactivation lead through.
//! Knows no identity.

use super::{AccountId, State};

/// State of an account, as the REST API shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    Active,
    /// By an administrator.
    Blocked,
    /// By the identity provider, whichever protocol it speaks.
    LdapBlocked,
    Deactivated,
    Banned,
    BlockedPendingApproval,
}

impl AccountState {
    const ALL: [(Self, &str); 6] = [
        (Self::Active, "active"),
        (Self::Blocked, "blocked"),
        (Self::LdapBlocked, "ldap_blocked"),
        (Self::Deactivated, "deactivated"),
        (Self::Banned, "banned"),
        (Self::BlockedPendingApproval, "blocked_pending_approval"),
    ];

    /// As GitLab writes it.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("active", |(_, text)| text)
    }

    /// Reads what [`AccountState::as_str`] writes; the error says what there is.
    pub fn read(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(_, known)| *known == text).map(|(state, _)| *state);
        found.ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|(_, text)| *text).collect();
            format!("there is no state `{text}`; there are {}", known.join(", "))
        })
    }

    /// The state after SCIM has deprovisioned the account: who is barred already stays so.
    pub fn deprovisioned(self) -> Self {
        match self {
            Self::Active | Self::Deactivated => Self::LdapBlocked,
            barred => barred,
        }
    }
}

/// A further address of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub value: String,
    pub confirmed: bool,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub username: String,
    pub name: String,
    /// The primary address.
    pub email: String,
    pub further: Vec<Address>,
    pub state: AccountState,
    /// Whether the primary address is confirmed.
    pub confirmed: bool,
    pub admin: bool,
}

impl Account {
    /// An active account with a confirmed address; the state gives it its number.
    pub fn new(username: &str, name: &str, email: &str) -> Self {
        Self {
            id: 0,
            username: username.to_owned(),
            name: name.to_owned(),
            email: email.to_owned(),
            further: Vec::new(),
            state: AccountState::Active,
            confirmed: true,
            admin: false,
        }
    }
}

impl State {
    /// Keeps a new account and gives its number.
    pub fn add_account(&mut self, mut account: Account) -> AccountId {
        account.id = self.next_id();
        let id = account.id;
        self.accounts.insert(id, account);
        id
    }

    /// The account whose primary or confirmed further address this is, ignoring case.
    pub fn account_by_address(&self, address: &str) -> Option<&Account> {
        let is_it = |account: &&Account| {
            let further = account.further.iter().filter(|one| one.confirmed).map(|one| &one.value);
            std::iter::once(&account.email).chain(further).any(|own| same(own, address))
        };
        self.accounts.values().find(is_it)
    }

    /// Whether an account has this as a further address that nobody has confirmed.
    pub fn is_address_claimed(&self, address: &str) -> bool {
        let claims = |one: &Address| !one.confirmed && same(&one.value, address);
        self.accounts.values().any(|account| account.further.iter().any(claims))
    }

    /// Removes an account with everything that is its own.
    pub fn forget(&mut self, account: AccountId) {
        self.accounts.remove(&account);
        self.identities.retain(|one| one.account != account);
        self.saml_identities.retain(|one| one.account != account);
        self.scim_members.retain(|(_, member)| *member != account);
        self.removals.retain(|removal| removal.account != account);
        for group in self.groups.values_mut() {
            group.members.remove(&account);
        }
    }

    /// The account of this name, ignoring case.
    pub fn account_by_username(&self, username: &str) -> Option<&Account> {
        self.accounts.values().find(|account| same(&account.username, username))
    }
}

/// Equal without regard to case.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deprovisioning_bars_who_is_not_barred() {
        use AccountState::*;
        for (before, after) in [
            (Active, LdapBlocked),
            (Deactivated, LdapBlocked),
            (LdapBlocked, LdapBlocked),
            (Blocked, Blocked),
            (Banned, Banned),
            (BlockedPendingApproval, BlockedPendingApproval),
        ] {
            assert_eq!(before.deprovisioned(), after, "{before:?}");
        }
    }

    #[test]
    fn an_account_is_found_by_its_own_addresses_only() {
        let mut state = State::default();
        let mut account = Account::new("ada", "Ada", "ada@corp.example");
        account.further.push(Address { value: "a@home.example".into(), confirmed: true });
        account.further.push(Address { value: "a@claimed.example".into(), confirmed: false });
        let id = state.add_account(account);
        for own in ["ADA@corp.example", "a@home.example"] {
            assert_eq!(state.account_by_address(own).map(|account| account.id), Some(id), "{own}");
        }
        assert!(state.account_by_address("a@claimed.example").is_none());
        assert!(state.is_address_claimed("A@claimed.example") && !state.is_address_claimed("a@home.example"));
        assert_eq!(state.account_by_username("ADA").map(|account| account.id), Some(id));
    }

    #[test]
    fn states_are_read_as_they_are_written() {
        for (state, text) in AccountState::ALL {
            assert_eq!((state.as_str(), AccountState::read(text)), (text, Ok(state)));
        }
        assert!(AccountState::read("asleep").is_err_and(|told| told.contains("ldap_blocked")));
    }
}
