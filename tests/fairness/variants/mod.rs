//! Servers that are not as the mock is and break no rule: the mock, set and wrapped otherwise.
//! Knows no case and no verdict, but for the cases that rightly warn.

mod bulk;
mod discovery;
pub mod edit;
mod groups;
mod hosts;
mod letter;
mod liberties;
mod messages;
mod outside;
mod pages;
mod patch;
mod queries;
mod schemas;
mod switches;
mod time;
mod values;
mod versions;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use scimspec::http::{Request, Response};
use scimspec::mock::{Answer, Scim, Service, Settings};
use serde_json::Value;

type Wrap = Box<dyn Fn(Arc<dyn Service>) -> Arc<dyn Service> + Send + Sync>;
type Build = Box<dyn Fn(Settings) -> Arc<dyn Service> + Send + Sync>;

/// One server.
pub struct Variant {
    pub name: String,
    pub settings: Settings,
    build: Build,
    wraps: Vec<Wrap>,
    /// What the user gives as `--grace`.
    pub grace: Duration,
    /// What the user gives as `--user-template`.
    pub template: Option<Value>,
    pub jobs: usize,
    /// Ids of cases that rightly warn, and may do no more.
    pub warns: &'static [&'static str],
    /// How many cases pass at least.
    pub passes: usize,
    /// Judged only where everything is asked for (`--include-ignored`), for the time it takes.
    pub rare: bool,
}

/// Every variant.
pub fn all() -> Vec<Variant> {
    let mut all = Vec::new();
    all.extend(switches::all());
    all.extend(schemas::all());
    all.extend(patch::all());
    all.extend(pages::all());
    all.extend(queries::all());
    all.extend(values::all());
    all.extend(groups::all());
    all.extend(versions::all());
    all.extend(bulk::all());
    all.extend(messages::all());
    all.extend(discovery::all());
    all.extend(time::all());
    all.extend(outside::all());
    all.extend(letter::all());
    all.extend(liberties::all());
    all.extend(hosts::all());
    all
}

impl Variant {
    /// The mock as it is.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            settings: Settings::default(),
            build: Box::new(|settings| Arc::new(Scim::new(settings))),
            wraps: Vec::new(),
            grace: Duration::ZERO,
            template: None,
            jobs: 8,
            warns: &[],
            passes: 100,
            rare: false,
        }
    }

    /// The service, with these settings.
    pub fn service(&self, settings: Settings) -> Arc<dyn Service> {
        self.wraps.iter().fold((self.build)(settings), |inner, wrap| wrap(inner))
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Makes the service otherwise.
    pub fn built(mut self, build: impl Fn(Settings) -> Arc<dyn Service> + Send + Sync + 'static) -> Self {
        self.build = Box::new(build);
        self
    }

    /// Stands a function around the service.
    fn around<F>(mut self, handle: F) -> Self
    where
        F: Fn(&dyn Service, &Request, Timestamp) -> Answer + Clone + Send + Sync + 'static,
    {
        self.wraps.push(Box::new(move |inner| Arc::new(Around { inner, handle: handle.clone() })));
        self
    }

    /// Changes each request before the service sees it.
    pub fn asks(self, change: impl Fn(&mut Request) + Clone + Send + Sync + 'static) -> Self {
        self.around(move |inner, request, now| {
            let mut request = request.clone();
            change(&mut request);
            inner.handle(&request, now)
        })
    }

    /// Changes each response before the client sees it.
    pub fn answers(self, change: impl Fn(&Request, &mut Response) + Clone + Send + Sync + 'static) -> Self {
        self.around(move |inner, request, now| match inner.handle(request, now) {
            Answer::Http(mut response) => {
                change(request, &mut response);
                Answer::Http(response)
            }
            wire => wire,
        })
    }

    /// Refuses some requests.
    pub fn refuses(
        self,
        refusal: impl Fn(&Request) -> Option<Response> + Clone + Send + Sync + 'static,
    ) -> Self {
        self.around(move |inner, request, now| match refusal(request) {
            Some(response) => Answer::Http(response),
            None => inner.handle(request, now),
        })
    }

    fn warns(mut self, cases: &'static [&'static str]) -> Self {
        self.warns = cases;
        self
    }

    fn rare(mut self) -> Self {
        self.rare = true;
        self
    }

    fn passes(mut self, least: usize) -> Self {
        self.passes = least;
        self
    }
}

struct Around<F> {
    inner: Arc<dyn Service>,
    handle: F,
}

impl<F> Service for Around<F>
where
    F: Fn(&dyn Service, &Request, Timestamp) -> Answer + Send + Sync,
{
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        (self.handle)(self.inner.as_ref(), request, now)
    }
}
