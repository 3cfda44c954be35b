//! Named defects: each a small unit that makes the correct service wrong in exactly one way.
//! The correct service knows none of them, and they know no suite.

mod aim;
mod apply;
mod asked;
mod edit;
mod gitlab;
mod layer;

mod attributes;
mod auth;
mod bulk;
mod bulk_operations;
mod case;
mod compared;
mod create;
mod cursor;
mod delete;
mod discovery;
mod errors;
mod etag;
mod extension;
mod filter;
mod filter_refusals;
mod i18n;
mod lost;
mod me;
mod media_type;
mod memory;
mod multi_valued;
mod narrow;
mod numbered;
mod own_types;
mod paged;
mod pagination;
mod partial;
mod partial_memory;
mod partial_patch;
mod password;
mod patch;
mod patch_answers;
mod projection;
mod provider_groups;
mod provider_patch;
mod provider_queries;
mod provider_requests;
mod provider_users;
mod query;
mod replace;
mod resource_types;
mod retrieve;
mod root_query;
mod schema_enterprise;
mod schema_group;
mod schema_user;
mod schemas;
mod search;
mod sort;
mod versioning;
mod writable;

use std::sync::Arc;

use crate::http::{Request, Response};
use crate::mock::gitlab::Version;
use crate::mock::gitlab::slips::Slip;
use crate::mock::scim::{Policy, Settings};
use crate::mock::{Answer, Service};
use crate::nearest::nearest;

pub use aim::{ACTIONS, Aimed};
pub use apply::{Switch, apply, check, configure, configure_gitlab, wrap};

/// One way for a server to be wrong.
#[derive(Clone, Copy)]
pub struct Defect {
    /// `filter-and-as-or`: it never changes.
    pub id: &'static str,
    /// The area that it belongs to: `filter`, `patch`, `discovery` ….
    pub area: &'static str,
    /// The requirements that it breaks.
    pub requirements: &'static [&'static str],
    /// What the server does, in one sentence.
    pub about: &'static str,
    /// Whether a suite must fail because of it, warn, or only tell.
    pub severity: Severity,
    pub how: How,
    /// The version of GitLab that it is a defect of, where the newest behaves so rightly or cannot be asked.
    pub version: Option<Version>,
}

impl Defect {
    /// The same as a defect of this version of GitLab.
    const fn of(self, version: Version) -> Self {
        Self { version: Some(version), ..self }
    }
}

/// What a suite owes a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Failure,
    Warning,
    /// No more than a remark: the RFCs only advise against it.
    Remark,
}

/// How a defect makes the service wrong.
#[derive(Clone, Copy)]
pub enum How {
    /// Flips a decision of the service.
    Policy(fn(&mut Policy)),
    /// Configures the service wrongly: its schemas, resource types, limits.
    Settings(fn(&mut Settings)),
    /// Has the mock of GitLab make one of its decisions wrongly.
    Gitlab(Slip),
    /// Changes each request before the service sees it.
    Request(fn(&mut Request)),
    /// Changes each response before the client sees it.
    Response(fn(&Request, &mut Response)),
    /// Puts bytes of its own on the wire.
    Wire(fn(&Request, Response) -> Answer),
    /// Stands around the service, where one request or one response is not enough.
    Around(fn(Arc<dyn Service>) -> Arc<dyn Service>),
}

/// The tables of all areas, in the order in which they are listed.
const AREAS: &[&[Defect]] = &[
    discovery::DEFECTS,
    resource_types::DEFECTS,
    schemas::DEFECTS,
    auth::DEFECTS,
    media_type::DEFECTS,
    i18n::DEFECTS,
    create::DEFECTS,
    case::DEFECTS,
    multi_valued::DEFECTS,
    attributes::DEFECTS,
    extension::DEFECTS,
    schema_user::DEFECTS,
    schema_group::DEFECTS,
    schema_enterprise::DEFECTS,
    own_types::DEFECTS,
    password::DEFECTS,
    retrieve::DEFECTS,
    query::DEFECTS,
    pagination::DEFECTS,
    cursor::DEFECTS,
    filter::DEFECTS,
    filter_refusals::DEFECTS,
    sort::DEFECTS,
    projection::DEFECTS,
    search::DEFECTS,
    root_query::DEFECTS,
    replace::DEFECTS,
    patch::DEFECTS,
    patch_answers::DEFECTS,
    delete::DEFECTS,
    etag::DEFECTS,
    bulk::DEFECTS,
    bulk_operations::DEFECTS,
    me::DEFECTS,
    errors::DEFECTS,
    versioning::DEFECTS,
    narrow::DEFECTS,
    partial::DEFECTS,
    compared::DEFECTS,
    lost::DEFECTS,
    provider_users::DEFECTS,
    provider_patch::DEFECTS,
    provider_groups::DEFECTS,
    provider_queries::DEFECTS,
    provider_requests::DEFECTS,
];

/// Name of the mock's service that is right by the RFCs.
pub const SCIM: &str = "scim";
/// Name of the mock's service that is GitLab.
pub const GITLAB: &str = "gitlab";

/// Every defect, service by service and area by area.
pub fn all() -> impl Iterator<Item = &'static Defect> {
    of_service(SCIM).chain(of_service(GITLAB))
}

/// The defects that one of the mock's services can have.
pub fn of_service(service: &str) -> impl Iterator<Item = &'static Defect> + use<> {
    let areas = match service {
        SCIM => AREAS,
        GITLAB => gitlab::AREAS,
        _ => &[],
    };
    areas.iter().flat_map(|area| area.iter())
}

/// The service that a defect is of.
pub fn service_of(defect: &Defect) -> &'static str {
    if of_service(GITLAB).any(|other| other.id == defect.id) { GITLAB } else { SCIM }
}

/// The defect with this id; else one sentence with the nearest id.
pub fn find(id: &str) -> Result<&'static Defect, String> {
    all().find(|defect| defect.id == id).ok_or_else(|| match nearest(id, all().map(|defect| defect.id)) {
        Some(near) => format!("there is no defect `{id}`; did you mean `{near}`?"),
        None => format!("there is no defect `{id}`; `scimspec list defects` shows all"),
    })
}

/// A text of a table.
type Text = &'static str;

/// The name of an area, from which its table makes defects.
struct Area(Text);

impl Area {
    /// A defect because of which a suite must fail.
    const fn failure(&self, id: Text, requirements: &'static [Text], about: Text, how: How) -> Defect {
        Defect { id, area: self.0, requirements, about, severity: Severity::Failure, how, version: None }
    }

    /// A defect because of which a suite only warns.
    const fn warning(&self, id: Text, requirements: &'static [Text], about: Text, how: How) -> Defect {
        Defect { severity: Severity::Warning, ..self.failure(id, requirements, about, how) }
    }

    /// A defect that is no more than worth a remark.
    const fn remark(&self, id: Text, requirements: &'static [Text], about: Text, how: How) -> Defect {
        Defect { severity: Severity::Remark, ..self.failure(id, requirements, about, how) }
    }
}

#[cfg(test)]
mod conversation_tests;
#[cfg(test)]
mod fine_script_tests;
#[cfg(test)]
mod lost_script_tests;
#[cfg(test)]
mod narrow_script_tests;
#[cfg(test)]
mod provider_script_tests;
#[cfg(test)]
mod rare_script_tests;
#[cfg(test)]
mod script_tests;
#[cfg(test)]
mod table_tests;
