//! The clients: how each provider turns a difference between its directory and its belief into requests.
//! Must not know what the server really has, other than by the answers that the provider itself reads.

mod entra;
mod entra_groups;
mod okta;
mod okta_groups;
#[cfg(test)]
mod requests_tests;

use super::desk::Desk;
use super::directory::{Person, Team};
use super::manner::Dialect;
use super::person::{GroupNumber, UserNumber};
use super::wire::Trouble;

/// What the provider asks before anything else, and whenever it looks whether the server is there.
pub(super) async fn probe(desk: &Desk, round: u32) -> Result<(), Trouble> {
    match desk.wire.manner.dialect {
        Dialect::OktaPut | Dialect::OktaPatch => okta::probe(desk).await,
        Dialect::EntraLegacy | Dialect::Entra2020 => entra::probe(desk, round).await,
    }
}

/// Whether it asks so in each round.
pub(super) fn probes_each_round(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::EntraLegacy | Dialect::Entra2020)
}

/// Brings the server's account of a person to where the provider wants it.
pub(super) async fn user(desk: &Desk, number: UserNumber, wanted: Person) -> Result<(), Trouble> {
    match desk.wire.manner.dialect {
        Dialect::OktaPut | Dialect::OktaPatch => okta::user(desk, number, wanted).await,
        Dialect::EntraLegacy | Dialect::Entra2020 => entra::user(desk, number, wanted).await,
    }
}

/// The same for a group; all of it, changed or not, where it is pushed.
pub(super) async fn group(
    desk: &Desk,
    number: GroupNumber,
    wanted: &Team,
    push: bool,
) -> Result<(), Trouble> {
    match desk.wire.manner.dialect {
        Dialect::OktaPut | Dialect::OktaPatch => okta_groups::group(desk, number, wanted, push).await,
        Dialect::EntraLegacy | Dialect::Entra2020 => entra_groups::group(desk, number, wanted).await,
    }
}

/// References from user to user, which come after users and groups.
pub(super) async fn references(desk: &Desk, number: UserNumber, wanted: Person) -> Result<(), Trouble> {
    match desk.wire.manner.dialect {
        Dialect::OktaPut | Dialect::OktaPatch => Ok(()),
        Dialect::EntraLegacy | Dialect::Entra2020 => entra::manager(desk, number, wanted).await,
    }
}

/// Reads what the server has, page by page. Gives how many resources were read.
pub(super) async fn import(desk: &Desk) -> Result<u64, Trouble> {
    match desk.wire.manner.dialect {
        Dialect::OktaPut | Dialect::OktaPatch => okta::import(desk).await,
        // Its job reads nothing but what it looks for.
        Dialect::EntraLegacy | Dialect::Entra2020 => Ok(0),
    }
}
