//! Creating a user of the instance: an identity, for an account that is there or that is made.
//! Knows no group.

use serde_json::Value;

use super::attributes::Attributes;
use super::{Place, user};
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::settings::Confirmation;
use crate::mock::gitlab::slips::Slip;
use crate::mock::gitlab::state::{Account, AccountId, AccountState, Identity, Scope, Taken};
use crate::mock::gitlab::wire::reply::Reply;
use crate::mock::gitlab::wire::{Call, Params, ruby};

/// The longest extern_uid.
const LONGEST_UID: usize = 255;

/// Why a user is not created: the status, and what is said behind the parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub status: u16,
    pub sentence: String,
}

impl Refused {
    /// The catch-all.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { status: 412, sentence: sentence.into() }
    }

    /// Something that may be there once only.
    pub fn taken(sentence: &str) -> Self {
        Self { status: 409, sentence: sentence.to_owned() }
    }
}

impl From<Taken> for Refused {
    fn from(taken: Taken) -> Self {
        match taken {
            Taken::Blank => Self::new(taken.sentence()),
            Taken::ExternUid | Taken::Account => Self::taken(taken.sentence()),
        }
    }
}

impl Place<'_> {
    /// The parameters of a request as an error repeats them: those of the path come last.
    pub fn dump(&self, params: &Params, id: Option<&str>, instance: &Instance<'_>) -> String {
        let mut all = params.clone();
        for (name, value) in [("group", self.group), ("id", id)] {
            if let Some(value) = value {
                all.shift_remove(name);
                all.insert(name.to_owned(), Value::from(value));
            }
        }
        match instance.has(Slip::SecretsShown) {
            true => format!("{}", Value::Object(all)),
            false => ruby::inspect_params(&all),
        }
    }

    /// The answer to a create that is refused.
    pub fn refuse(&self, instance: &Instance<'_>, call: &Call<'_>, refused: &Refused) -> Reply {
        let params = self.dump(&call.params, None, instance);
        Reply::scim_error(refused.status, &format!("Error saving user with {params}: {}", refused.sentence))
    }
}

/// Answers a create below the instance.
pub fn create(instance: &mut Instance<'_>, call: &Call<'_>) -> Result<Reply, Reply> {
    let read = read(instance, call)?;
    // Here nobody catches an exception, so that it is not known what is answered.
    if instance.trouble.failure().is_some() {
        return Err(Reply::unsuitable());
    }
    match provision(instance, &read) {
        Ok(identity) => Ok(Reply::json(201, user::of(instance, &identity, user::Shown::WithoutGroups))),
        Err(refused) => Err(Place::INSTANCE.refuse(instance, call, &refused)),
    }
}

/// What the body says, as far as it is of the right types.
pub fn read(instance: &Instance<'_>, call: &Call<'_>) -> Result<Attributes, Reply> {
    let mut read = Attributes::read(&call.params)?;
    if read.extern_uid.as_ref().is_some_and(|uid| uid.chars().count() > LONGEST_UID) {
        return Err(Reply::unsuitable());
    }
    if instance.has(Slip::MissingParamsAccepted) {
        read.extern_uid = read.extern_uid.or_else(|| read.username.clone());
        read.username = read.username.or_else(|| read.email.clone());
    }
    Ok(read)
}

fn provision(instance: &mut Instance<'_>, read: &Attributes) -> Result<Identity, Refused> {
    if let Some(missing) = read.missing() {
        return Err(Refused::new(missing));
    }
    let extern_uid = read.extern_uid.as_deref().unwrap_or_default();
    let email = read.email.as_deref().unwrap_or_default();
    if let Some(known) = instance.state.identity(Scope::Instance, extern_uid).cloned() {
        return again(instance, known, read);
    }
    let owner = owner_of(instance, email);
    let account = match owner {
        Some(account) => account,
        None => {
            let account = new_account(instance, read)?;
            instance.state.add_account(account)
        }
    };
    identify(instance, Scope::Instance, extern_uid, account)
}

/// The account that has an address.
pub fn owner_of(instance: &Instance<'_>, email: &str) -> Option<AccountId> {
    let owner = instance.state.account_by_address(email)?;
    let is_primary = owner.email.eq_ignore_ascii_case(email);
    (is_primary || !instance.has(Slip::FurtherAddressIgnored)).then_some(owner.id)
}

/// A create of what is there: it stays as it is, inactive where it was.
pub fn again(instance: &mut Instance<'_>, known: Identity, read: &Attributes) -> Result<Identity, Refused> {
    if instance.has(Slip::PostConflicts) {
        return Err(Taken::ExternUid.into());
    }
    if instance.has(Slip::PostReactivates) {
        instance.state.change_identity(known.scope, known.account, |identity| identity.active = true);
        if let Some(account) = instance.state.accounts.get_mut(&known.account) {
            account.state = AccountState::Active;
        }
    }
    if let Some(account) =
        instance.state.accounts.get_mut(&known.account).filter(|_| instance.slips.has(Slip::PostUpdates))
    {
        account.name = read.name.clone().unwrap_or_default();
        account.email = read.email.clone().unwrap_or_default();
    }
    let now = instance.state.identity_of(known.scope, known.account).cloned();
    Ok(now.unwrap_or(known))
}

/// Keeps an identity for an account.
pub fn identify(
    instance: &mut Instance<'_>,
    scope: Scope,
    extern_uid: &str,
    account: AccountId,
) -> Result<Identity, Refused> {
    if instance.has(Slip::SecondIdentityReplaces) {
        instance.state.drop_identity(scope, account);
    }
    let blank = extern_uid.trim().is_empty() && instance.has(Slip::BlankExternUidAccepted);
    let made_up = format!("uid-{account}");
    let extern_uid = if blank { &made_up } else { extern_uid };
    instance.state.add_identity(scope, extern_uid, account)?;
    let made = instance.state.identity_of(scope, account).cloned();
    made.ok_or_else(|| Refused::new(Taken::Blank.sentence()))
}

/// The account that a body describes, not yet kept.
pub fn new_account(instance: &Instance<'_>, read: &Attributes) -> Result<Account, Refused> {
    let sent = read.username.as_deref().unwrap_or_default();
    let email = read.email.as_deref().unwrap_or_default().trim();
    let mut name = read.name.clone().unwrap_or_default();
    if name.trim().is_empty() && instance.has(Slip::NameIsOptional) {
        sent.clone_into(&mut name);
    }
    let username = username(instance, sent)?;
    let mut wrong = Vec::new();
    if name.trim().is_empty() {
        wrong.push("Name can't be blank");
    }
    if email.is_empty() {
        wrong.push("Email can't be blank");
    } else if !email.contains('@') {
        wrong.push("Email is invalid");
    }
    if username.is_empty() {
        wrong.push("Username can't be blank");
    }
    if !wrong.is_empty() {
        return Err(Refused::new(ruby::to_sentence(&wrong)));
    }
    if instance.state.is_address_claimed(email) || instance.state.account_by_address(email).is_some() {
        return Err(Refused::taken("Email has already been taken"));
    }
    let mut account = Account::new(&username, name.trim(), email);
    account.confirmed = instance.switches.email_confirmation == Confirmation::Off
        || instance.has(Slip::AddressConfirmedAtOnce);
    let cap_reached = instance.switches.user_cap_reached && !instance.has(Slip::UserCapIgnored);
    if cap_reached || instance.has(Slip::NewAccountWaits) {
        account.state = AccountState::BlockedPendingApproval;
    }
    Ok(account)
}

fn username(instance: &Instance<'_>, sent: &str) -> Result<String, Refused> {
    let free = match instance.has(Slip::UsernameKeepsDomain) {
        true => sent.to_owned(),
        false => instance.state.free_username(sent),
    };
    let counted = instance.state.account_by_username(sent.split('@').next().unwrap_or_default()).is_some();
    if counted && instance.has(Slip::UsernameConflicts) {
        return Err(Refused::taken("Username has already been taken"));
    }
    Ok(free)
}
