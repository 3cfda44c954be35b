//! One compiled JSON Schema, and what it finds. The only file that names the jsonschema crate.
//! Must not show a value of the document: errors are masked.

use std::collections::BTreeMap;

use jsonschema::error::{ValidationError, ValidationErrorKind as Kind};
use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value;

use super::{Violation, date_time, fold, uri};

/// Where relative references between schemas resolve to; nothing is ever fetched.
const BASE: &str = "json-schema:///";
/// How many violations of one document are told.
const MOST: usize = 50;

/// A schema that is ready to judge documents.
pub struct Compiled {
    validator: Validator,
    /// Names of members as the schema spells them, by their lower-case form.
    spellings: BTreeMap<String, String>,
}

impl Compiled {
    /// Compiles `schema`, which may refer to `others` by file name. `Err` says what is wrong with the schema.
    pub fn new(schema: &Value, others: &[(String, Value)]) -> Result<Self, String> {
        let mut spellings = BTreeMap::new();
        let schema = fold::schema(schema, &mut spellings);
        let mut registry = jsonschema::Registry::new();
        for (file, other) in others {
            let other = fold::schema(other, &mut spellings);
            registry = registry.add(format!("{BASE}{file}"), other).map_err(|e| e.to_string())?;
        }
        let registry = registry.prepare().map_err(|e| e.to_string())?;
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&registry)
            .offline()
            .with_pattern_options(PatternOptions::regex())
            // Without both of these, 2020-12 ignores formats, and misspelt ones too.
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .with_format("scim-date-time", date_time::is_date_time)
            .with_format("scim-uri-reference", uri::is_reference)
            .with_format("scim-uri", uri::is_absolute)
            .build(&schema)
            .map_err(|error| error.to_string())?;
        Ok(Self { validator, spellings })
    }

    /// Every way in which `document` breaks the schema, at most fifty.
    pub fn validate(&self, document: &Value) -> Vec<Violation> {
        let folded = fold::document(document);
        let errors = self.validator.iter_errors(&folded).take(MOST);
        let violation = |error: ValidationError<'_>| Violation {
            pointer: fold::unfold_pointer(error.instance_path().as_str(), document),
            message: self.message(&error),
        };
        errors.map(violation).collect()
    }

    fn message(&self, error: &ValidationError<'_>) -> String {
        match error.kind() {
            Kind::Required { property } => format!("member {} is missing", self.spelled(property)),
            Kind::Type { kind } => format!("should be {}", types(kind)),
            Kind::Format { format } => format!("should be {}", format_name(format)),
            Kind::Contains => "lacks the element that this schema asks for".to_owned(),
            Kind::FalseSchema => "should be absent".to_owned(),
            Kind::MinLength { limit: 1 } => "should not be empty".to_owned(),
            Kind::MinItems { limit } => format!("should have at least {limit} elements"),
            Kind::Pattern { pattern } => format!("should match {pattern}"),
            Kind::Enum { options } => format!("should be one of {options}"),
            Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => "has none of the permitted forms".to_owned(),
            _ => error.masked().to_string(),
        }
    }

    fn spelled(&self, name: &Value) -> String {
        let name = name.as_str().unwrap_or_default();
        self.spellings.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }
}

fn types(kind: &jsonschema::error::TypeKind) -> String {
    let names: Vec<String> = match kind {
        jsonschema::error::TypeKind::Single(one) => vec![one.to_string()],
        jsonschema::error::TypeKind::Multiple(set) => set.iter().map(|one| one.to_string()).collect(),
    };
    let (null, named): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name == "null");
    let named = named.join(" or ");
    match (named.is_empty(), null.is_empty()) {
        (true, _) => "absent".to_owned(),
        (false, true) => named,
        (false, false) => format!("{named}, or unassigned"),
    }
}

fn format_name(format: &str) -> &str {
    match format {
        "scim-date-time" => "an xsd:dateTime, such as 2008-01-23T04:56:22Z",
        "scim-uri-reference" => "a URI or relative reference by RFC 3986",
        "scim-uri" => "a URI with a scheme",
        other => other,
    }
}
