//! The correct service with defects switched on: settings first, then layers around it, in the order given.
//! Knows no defect by name.

use std::str::FromStr;
use std::sync::Arc;

use super::layer::{on_request, on_response, on_wire};
use super::{Aimed, Defect, How, find, service_of};
use crate::mock::scim::{Scim, Settings};
use crate::mock::{Service, gitlab};

/// What `--defect` switches on: a defect of the list, or a general one with its aim.
#[derive(Clone)]
pub enum Switch {
    Named(&'static Defect),
    Aimed(Aimed),
}

impl FromStr for Switch {
    type Err = String;

    /// Reads `create-answers-200` or `answer-status@POST /Users=200`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.contains('@') {
            true => text.parse().map(Self::Aimed),
            false => find(text).map(Self::Named),
        }
    }
}

impl std::fmt::Debug for Switch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named(defect) => f.write_str(defect.id),
            Self::Aimed(aimed) => aimed.fmt(f),
        }
    }
}

/// Refuses a defect that a service cannot have: it would change nothing.
pub fn check(switches: &[Switch], service: &str) -> Result<(), String> {
    let of_another =
        |switch: &&Switch| matches!(switch, Switch::Named(defect) if service_of(defect) != service);
    match switches.iter().find(of_another) {
        Some(Switch::Named(defect)) => Err(format!(
            "defect `{}` is one of the mock service {}, and the profile's is {service}; `scimspec list defects` shows all",
            defect.id,
            service_of(defect)
        )),
        _ => Ok(()),
    }
}

/// An empty SCIM service with these defects.
pub fn apply(defects: &[&'static Defect], mut settings: Settings) -> Arc<dyn Service> {
    let switches: Vec<Switch> = defects.iter().map(|defect| Switch::Named(defect)).collect();
    configure(&switches, &mut settings);
    let base_path = settings.base_path.clone();
    wrap(&switches, Arc::new(Scim::new(settings)), &base_path)
}

/// Sets what defects set; the rest of their effect comes from [`wrap`].
pub fn configure(switches: &[Switch], settings: &mut Settings) {
    for switch in switches {
        let Switch::Named(defect) = switch else { continue };
        match defect.how {
            How::Policy(flip) => flip(&mut settings.policy),
            How::Settings(set) => set(settings),
            _ => {}
        }
    }
}

/// The same for the mock of GitLab.
pub fn configure_gitlab(switches: &[Switch], settings: &mut gitlab::Settings) {
    for switch in switches {
        if let Switch::Named(Defect { how: How::Gitlab(slip), .. }) = switch {
            settings.slips.add(*slip);
        }
    }
}

/// Stands the layers of the defects around a service at `base_path`, the first one innermost.
pub fn wrap(switches: &[Switch], service: Arc<dyn Service>, base_path: &str) -> Arc<dyn Service> {
    switches.iter().fold(service, |inner, switch| match switch {
        Switch::Aimed(aimed) => aimed.clone().around(inner, base_path),
        Switch::Named(defect) => match defect.how {
            How::Policy(_) | How::Settings(_) | How::Gitlab(_) => inner,
            How::Request(change) => on_request(inner, change),
            How::Response(change) => on_response(inner, change),
            How::Wire(write) => on_wire(inner, write),
            How::Around(around) => around(inner),
        },
    })
}
