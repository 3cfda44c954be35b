//! What a lenient service makes of operations that a strict one refuses or passes over.
//! Must not change an attribute.

use serde_json::Value;

use super::Op;
use super::apply::{Patcher, invalid_path};
use crate::mock::scim::error::ScimError;
use crate::mock::scim::leniency::Leniency;
use crate::mock::scim::view::is_reference;
use crate::scim::{Attribute, AttributePath, PatchPath};

impl Patcher<'_> {
    fn lenient(&self, leniency: Leniency) -> bool {
        self.scene.policy.lenient.has(leniency)
    }

    /// An operation at a path that names no attribute of the type.
    pub(super) fn at_unknown_path(
        &mut self,
        op: Op,
        path: &PatchPath,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        match self.with_extension(path) {
            Some(path) => self.at_path(op, &path, value),
            None if self.lenient(Leniency::UnknownPaths) => Ok(()),
            None => Err(invalid_path(self.kind, path)),
        }
    }

    /// The path with the URI of the extension that has the attribute, where the service is lenient about its absence.
    pub(super) fn with_extension(&self, path: &PatchPath) -> Option<PatchPath> {
        if !self.lenient(Leniency::BareExtensionNames) || path.attribute.schema.is_some() {
            return None;
        }
        let name = &path.attribute.name;
        let extension = self.kind.extensions.iter().find(|e| e.schema.attribute(name).is_some())?;
        let attribute = AttributePath { schema: Some(extension.schema.id.clone()), ..path.attribute.clone() };
        self.kind.resolve(&attribute)?;
        Some(PatchPath { attribute, ..path.clone() })
    }

    /// Whether the value stands for none: an empty text, alone or as the `value` of a reference, where the service is lenient.
    pub(super) fn unassigns(&self, attribute: &Attribute, value: &Value) -> bool {
        let inner = value.get("value").filter(|_| is_reference(attribute) && !attribute.multi_valued);
        self.admission().is_empty_text(attribute, inner.unwrap_or(value))
    }
}
