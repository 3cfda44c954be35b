//! Defects of GitLab's provisioning: each makes the mock of GitLab differ from GitLab in exactly one way.
//! Knows no suite.

mod access;
mod answers;
mod create;
mod end;
mod find;
mod group_requests;
mod groups;
mod identities;
mod patch;
mod tokens;
mod transport;

use super::Defect;

/// The tables of all areas, in the order in which they are listed.
pub(super) const AREAS: &[&[Defect]] = &[
    access::DEFECTS,
    tokens::DEFECTS,
    transport::DEFECTS,
    answers::DEFECTS,
    find::DEFECTS,
    create::DEFECTS,
    patch::DEFECTS,
    end::DEFECTS,
    groups::DEFECTS,
    group_requests::DEFECTS,
    identities::DEFECTS,
];

#[cfg(test)]
mod script_tests;
