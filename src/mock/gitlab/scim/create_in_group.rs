//! Creating a user of a group: an identity and a membership, for an account that is there or that is made.
//! Knows nothing of the instance's own users.

use super::attributes::Attributes;
use super::create::{Refused, again, identify, new_account, owner_of, read};
use super::end::PENDING;
use super::{Place, user};
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::slips::Slip;
use crate::mock::gitlab::state::{AccountId, GroupId, Identity, NotAdded, Role, Scope};
use crate::mock::gitlab::wire::Call;
use crate::mock::gitlab::wire::reply::Reply;

impl From<NotAdded> for Refused {
    fn from(reason: NotAdded) -> Self {
        Self::new(match reason {
            NotAdded::Domain => {
                "The member's email address is not allowed for this group. Check with your administrator."
                    .to_owned()
            }
            NotAdded::Limit { most, group } => {
                format!("cannot be added since you've reached your {most} member limit for {group}")
            }
        })
    }
}

/// Answers a create below a group.
pub fn create(
    instance: &mut Instance<'_>,
    group: GroupId,
    place: &Place<'_>,
    call: &Call<'_>,
) -> Result<Reply, Reply> {
    let read = read(instance, call)?;
    let provisioned = match instance.trouble.failure() {
        Some(_) if instance.has(Slip::ExceptionsEscape) => return Err(Reply::broken()),
        Some(why) => Err(Refused::new(why)),
        None => provision(instance, group, &read),
    };
    match provisioned {
        Ok(identity) => Ok(Reply::json(201, user::of(instance, &identity, user::Shown::WithoutGroups))),
        Err(refused) => Err(place.refuse(instance, call, &refused)),
    }
}

fn provision(instance: &mut Instance<'_>, group: GroupId, read: &Attributes) -> Result<Identity, Refused> {
    if let Some(missing) = read.missing() {
        return Err(Refused::new(missing));
    }
    let extern_uid = read.extern_uid.as_deref().unwrap_or_default();
    let known = instance.state.identity(Scope::Group(group), extern_uid).cloned();
    let email = read.email.as_deref().unwrap_or_default();
    let account = known.as_ref().map(|identity| identity.account).or_else(|| owner_of(instance, email));
    let pending = account.is_some_and(|account| instance.state.is_removal_pending(group, account))
        && (known.is_some() || !instance.has(Slip::PendingFoundByIdAlone));
    if pending && !instance.has(Slip::PendingRemovalIgnored) {
        return Err(Refused::taken(PENDING));
    }
    match account {
        Some(account) => {
            if !instance.state.is_member(group, account) {
                check_sign_on(instance, group, account)?;
                add_member(instance, group, account)?;
            }
            match known {
                Some(known) => again(instance, known, read),
                None => identify(instance, Scope::Group(group), extern_uid, account),
            }
        }
        None => newcomer(instance, group, read),
    }
}

/// Where members must sign in through SAML, nobody is added who cannot.
fn check_sign_on(instance: &Instance<'_>, group: GroupId, account: AccountId) -> Result<(), Refused> {
    let provider = instance.state.groups.get(&group).and_then(|group| group.saml.as_ref());
    if !provider.is_some_and(|saml| saml.enforced_sso) || instance.has(Slip::EnforcedSsoIgnored) {
        return Ok(());
    }
    let linked = instance.state.saml_identity_of(group, account).is_some();
    let inactive =
        instance.state.identity_of(Scope::Group(group), account).is_some_and(|identity| !identity.active);
    if linked && !inactive {
        return Ok(());
    }
    Err(Refused::new(match instance.version.tells_inactive_identity() {
        true => {
            "The member's email address is not linked to a SAML account or has an inactive SCIM identity. \
             See <a href=\"/help/user/group/saml_sso/troubleshooting_scim.md\">the guide</a>."
        }
        false => "The member's email address is not linked to a SAML account",
    }))
}

/// Makes an account a member, in the role that the SAML provider gives.
pub fn add_member(instance: &mut Instance<'_>, group: GroupId, account: AccountId) -> Result<(), NotAdded> {
    let provider = instance.state.groups.get(&group).and_then(|group| group.saml.as_ref());
    let role = provider.map_or(Role::Guest, |saml| saml.default_role);
    let role = if instance.has(Slip::DefaultRoleIgnored) { Role::Maintainer } else { role };
    let switches = &*instance.switches;
    let seatless = switches.restricted_access && !switches.seats_available;
    let falls_back = instance.version.falls_back_to_minimal_access() && !instance.has(Slip::SeatsIgnored);
    let role = if seatless && falls_back { Role::MinimalAccess } else { role };
    match instance.state.add_member(group, account, role) {
        Err(NotAdded::Domain) if instance.has(Slip::DomainsIgnored) => {}
        added => return added,
    }
    instance.state.raise_member(group, account, role);
    Ok(())
}

/// Makes an account with its SCIM and SAML identities, which stay where the group then refuses the member.
fn newcomer(instance: &mut Instance<'_>, group: GroupId, read: &Attributes) -> Result<Identity, Refused> {
    let extern_uid = read.extern_uid.as_deref().unwrap_or_default();
    if extern_uid.trim().is_empty() && !instance.has(Slip::BlankExternUidAccepted) {
        return Err(Refused::new("Extern uid can't be blank"));
    }
    let mut account = new_account(instance, read).map_err(with_namespace)?;
    // The address counts once its owner, or the group's domain, vouches for it.
    let vouches = is_verified(instance, group, &account.email) && !instance.has(Slip::VerifiedDomainsIgnored);
    account.confirmed = vouches || instance.has(Slip::AddressConfirmedAtOnce);
    let account = instance.state.add_account(account);
    let identity = identify(instance, Scope::Group(group), extern_uid, account)?;
    if !instance.has(Slip::SamlIdentityNotMade) {
        instance.state.set_saml_identity(group, account, &identity.extern_uid);
    }
    add_member(instance, group, account)?;
    Ok(identity)
}

/// Whether the domain of an address is one that the group has proved to be its own.
fn is_verified(instance: &Instance<'_>, group: GroupId, email: &str) -> bool {
    let domain = email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let group = instance.state.groups.get(&group);
    group.is_some_and(|group| group.verified_domains.iter().any(|known| known.eq_ignore_ascii_case(domain)))
}

/// A group's service tells with a missing name what could not be made of it.
fn with_namespace(refused: Refused) -> Refused {
    match refused.sentence.as_str() {
        "Name can't be blank" => {
            Refused::new("Namespace can't be blank, Name can't be blank, and User can't be blank")
        }
        _ => refused,
    }
}
