//! Bodies for resources that the run makes, and values for attributes.
//! Sends nothing.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::target::{AttributeFilter, ResourceTemplate, Sampler, attributes};

use super::engine::{Engine, Run};

impl Run {
    /// A minimal valid resource of a type, with names that hold `unique`. `Err` says why there can be none.
    pub(super) fn minimal_body(&self, resource_type: &str, unique: &str) -> Result<Value, String> {
        self.engine.body_that_refers_to(self.referred(), resource_type, unique)
    }
}

impl Engine {
    /// A minimal valid resource; `references` are ids of existing resources, by the names of their types.
    pub(super) fn body_that_refers_to(
        &self,
        references: &BTreeMap<String, String>,
        resource_type: &str,
        unique: &str,
    ) -> Result<Value, String> {
        let sampler = sampler(&self.template, unique, references);
        let body = self.capabilities().minimal_body(resource_type, &sampler, &self.template);
        body.map_err(|error| error.to_string())
    }

    /// What `for_each` bound as `attribute`, with values that hold `unique`: a plan knows no run, so that its
    /// values are the same in every run.
    pub(super) fn fresh_attribute(&self, planned: &Value, unique: &str) -> Option<Value> {
        let text = |name: &str| planned.get(name).and_then(Value::as_str);
        let filter = AttributeFilter {
            of: vec![text("resource_type")?.to_owned()],
            types: vec![text("type")?.to_owned()],
            sub_attributes: true,
            ..AttributeFilter::default()
        };
        let references = BTreeMap::new();
        let sampler = sampler(&self.template, unique, &references);
        let all = attributes(self.capabilities(), &filter, &sampler);
        let same =
            |other: &Value| ["path", "schema"].iter().all(|name| other.get(*name) == planned.get(*name));
        all.into_iter().find(same)
    }
}

fn sampler<'a>(
    template: &'a ResourceTemplate,
    tag: &'a str,
    references: &'a BTreeMap<String, String>,
) -> Sampler<'a> {
    Sampler { tag, mail_domain: template.mail_domain(), references }
}
