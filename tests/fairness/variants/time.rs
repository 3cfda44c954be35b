//! What servers do with time: replicas that lag, clocks with coarse resolution, moments written otherwise.
//! Changes nothing but when things are seen and how moments are written.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use scimspec::http::Request;
use scimspec::mock::{Answer, Scim, Service, Settings};
use serde_json::Value;

use super::Variant;
use super::edit::{edit_resources, is_search};

const LAG: SignedDuration = SignedDuration::from_millis(200);

pub fn all() -> Vec<Variant> {
    let mut lagging =
        Variant::new("time/reads-lag-behind").built(|settings| Arc::new(Replicated::new(settings)));
    lagging.grace = Duration::from_secs(1);
    vec![
        lagging,
        Variant::new("time/whole-seconds").answers(|_, response| {
            moments(response, |moment| {
                moment
                    .parse::<Timestamp>()
                    .map(|time| Timestamp::from_second(time.as_second()).expect("a time").to_string())
                    .unwrap_or_else(|_| moment.to_owned())
            })
        }),
        Variant::new("time/offsets").answers(|_, response| {
            moments(response, |moment| {
                let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(2));
                moment
                    .parse::<Timestamp>()
                    .map(|time| time.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string())
                    .unwrap_or_else(|_| moment.to_owned())
            })
        }),
        Variant::new("time/seven-digits").answers(|_, response| {
            moments(response, |moment| {
                moment
                    .parse::<Timestamp>()
                    .map(|time| format!("{time:.7}"))
                    .unwrap_or_else(|_| moment.to_owned())
            })
        }),
        Variant::new("time/a-clock-behind")
            .around(|inner, request, now| inner.handle(request, now - SignedDuration::from_secs(40))),
        Variant::new("time/a-clock-before")
            .around(|inner, request, now| inner.handle(request, now + SignedDuration::from_secs(40))),
    ]
}

fn moments(response: &mut scimspec::http::Response, change: impl Fn(&str) -> String) {
    edit_resources(response, |resource| {
        let Some(meta) = resource.get_mut("meta") else { return };
        for name in ["created", "lastModified"] {
            if let Some(moment) = meta.get(name).and_then(Value::as_str).map(&change) {
                meta[name] = moment.into();
            }
        }
    });
}

/// A service with a replica: what is written shows in what is read only after a while.
struct Replicated {
    primary: Scim,
    replica: Scim,
    /// Writes that the replica has not seen.
    log: Mutex<Vec<(Request, Timestamp)>>,
}

impl Replicated {
    fn new(settings: Settings) -> Self {
        // With the same seed, both make the same ids of the same writes.
        let settings = Settings { seed: Some(7), ..settings };
        Self { primary: Scim::new(settings.clone()), replica: Scim::new(settings), log: Mutex::default() }
    }
}

impl Service for Replicated {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let reads = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS") || is_search(request);
        if !reads {
            log.push((request.clone(), now));
            return self.primary.handle(request, now);
        }
        let seen = log.iter().take_while(|(_, written)| *written + LAG <= now).count();
        for (write, written) in log.drain(..seen) {
            self.replica.handle(&write, written);
        }
        self.replica.handle(request, now)
    }
}
