//! What is wrong with a document by the schema of a Rust type, as data that can be put into words.
//! Knows neither the documents nor the people who wrote them; servers' answers are judged elsewhere.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

/// One mistake in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// JSON Pointer to the value that is wrong, or that lacks or has too much.
    pub pointer: String,
    pub wrong: Wrong,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// A member that the type does not have, and those that it has.
    Unknown { name: String, right: Vec<String> },
    /// A member that the type must have.
    Missing(String),
    /// A value of another JSON type than these.
    Type(Vec<String>),
    /// A value that is none of these words.
    Word(Vec<String>),
    /// Anything else, in the words of the validator.
    Other(String),
}

/// Every mistake, in the order of the schema. A schema that cannot be compiled finds none.
/// Of several forms that a value may have, the one that it resembles most is explained.
pub fn mistakes(schema: &Value, document: &Value) -> Vec<Mistake> {
    let Ok(validator) = jsonschema::options().offline().build(schema) else { return Vec::new() };
    let errors: Vec<_> = validator.iter_errors(document).collect();
    Explainer { schema }.all(&errors)
}

struct Explainer<'a> {
    schema: &'a Value,
}

impl Explainer<'_> {
    fn all(&self, errors: &[ValidationError<'_>]) -> Vec<Mistake> {
        let mut mistakes: Vec<Mistake> = Vec::new();
        for mistake in errors.iter().flat_map(|error| self.one(error)) {
            if !mistakes.contains(&mistake) {
                mistakes.push(mistake);
            }
        }
        mistakes
    }

    fn one(&self, error: &ValidationError<'_>) -> Vec<Mistake> {
        let pointer = error.instance_path().as_str().to_owned();
        let wrong = match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let right = self.right_names(error.schema_path().as_str());
                return unexpected
                    .iter()
                    .map(|name| Mistake {
                        pointer: pointer.clone(),
                        wrong: Wrong::Unknown { name: name.clone(), right: right.clone() },
                    })
                    .collect();
            }
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                return self.nearest_form(&pointer, context);
            }
            ValidationErrorKind::Required { property } => {
                Wrong::Missing(property.as_str().unwrap_or_default().to_owned())
            }
            ValidationErrorKind::Type { kind } => Wrong::Type(type_names(kind)),
            ValidationErrorKind::Constant { expected_value } => Wrong::Word(words([&**expected_value])),
            ValidationErrorKind::Enum { options } => {
                Wrong::Word(words(options.as_array().into_iter().flatten()))
            }
            _ => Wrong::Other(error.masked().to_string()),
        };
        vec![Mistake { pointer, wrong }]
    }

    /// The mistakes by the form whose JSON type the value has; where it has that of none, all types and words together.
    fn nearest_form(&self, pointer: &str, forms: &[Vec<ValidationError<'static>>]) -> Vec<Mistake> {
        let explained: Vec<_> = forms.iter().map(|errors| self.all(errors)).collect();
        let at_root = |mistake: &Mistake| mistake.pointer == pointer;
        let fits = |form: &&Vec<Mistake>| {
            !form.iter().any(|one| at_root(one) && matches!(one.wrong, Wrong::Type(_) | Wrong::Word(_)))
        };
        if let Some(form) = explained.iter().filter(fits).min_by_key(|form| form.len()) {
            return form.clone();
        }
        let (mut types, mut right) = (Vec::new(), Vec::new());
        for mistake in explained.into_iter().flatten().filter(at_root) {
            match mistake.wrong {
                Wrong::Type(names) => types.extend(names),
                Wrong::Word(names) => right.extend(names),
                _ => {}
            }
        }
        let wrong =
            if right.is_empty() { Wrong::Type(distinct(types)) } else { Wrong::Word(distinct(right)) };
        vec![Mistake { pointer: pointer.to_owned(), wrong }]
    }

    /// The names of the members of the type whose keyword stands at this place of the schema.
    fn right_names(&self, keyword: &str) -> Vec<String> {
        let parent = keyword.rsplit_once('/').map_or("", |(parent, _)| parent);
        let members = self.schema.pointer(parent).and_then(|schema| schema.get("properties"));
        members.and_then(Value::as_object).into_iter().flat_map(|members| members.keys().cloned()).collect()
    }
}

fn type_names(kind: &TypeKind) -> Vec<String> {
    match kind {
        TypeKind::Single(one) => vec![one.to_string()],
        TypeKind::Multiple(many) => many.iter().map(|one| one.to_string()).collect(),
    }
}

fn words<'a>(values: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    values.into_iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
}

fn distinct(names: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in names {
        if !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Value {
        json!({
            "type": "object", "additionalProperties": false, "required": ["name"],
            "properties": {
                "name": { "type": "string" },
                "size": { "anyOf": [{ "type": "integer" }, { "$ref": "#/$defs/Range" }, { "type": "null" }] },
                "level": { "oneOf": [{ "type": "string", "const": "low" }, { "type": "string", "const": "high" }] },
            },
            "$defs": { "Range": {
                "type": "object", "additionalProperties": false,
                "properties": { "min": { "type": "integer" }, "max": { "type": "integer" } },
            } },
        })
    }

    fn found(document: Value) -> Vec<(String, Wrong)> {
        mistakes(&schema(), &document).into_iter().map(|one| (one.pointer, one.wrong)).collect()
    }

    fn texts(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_right_document_has_none() {
        assert_eq!(found(json!({ "name": "x", "size": { "min": 1 }, "level": "low" })), []);
    }

    #[test]
    fn every_mistake_is_told() {
        let found = found(json!({ "nam": 1, "size": "x" }));
        let right = texts(&["name", "size", "level"]);
        assert!(found.contains(&(String::new(), Wrong::Unknown { name: "nam".to_owned(), right })));
        assert!(found.contains(&(String::new(), Wrong::Missing("name".to_owned()))));
        assert!(found.contains(&("/size".to_owned(), Wrong::Type(texts(&["integer", "object", "null"])))));
    }

    #[test]
    fn of_several_forms_the_one_of_the_same_type_is_explained() {
        let found = found(json!({ "name": "x", "size": { "mni": 1 } }));
        let wrong = Wrong::Unknown { name: "mni".to_owned(), right: texts(&["min", "max"]) };
        assert_eq!(found, [("/size".to_owned(), wrong)]);
    }

    #[test]
    fn a_word_comes_with_the_right_ones() {
        let found = found(json!({ "name": "x", "level": "middle" }));
        assert_eq!(found, [("/level".to_owned(), Wrong::Word(texts(&["low", "high"])))]);
    }
}
