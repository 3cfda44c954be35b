//! Filters and paths as text, such that reading it gives the same value again.
//! Knows nothing that the values do not say.

use std::fmt::{Display, Formatter, Result};

use super::{AttributePath, Filter, Literal};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::And(filters) => {
                joined(f, filters, " and ", |inner| !matches!(inner, Self::And(_) | Self::Or(_)))
            }
            Self::Or(filters) => joined(f, filters, " or ", |inner| !matches!(inner, Self::Or(_))),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Present(path) => write!(f, "{path} pr"),
            Self::Compare(path, operator, literal) => write!(f, "{path} {} {literal}", operator.as_str()),
            Self::Values(path, inner) => write!(f, "{path}[{inner}]"),
        }
    }
}

fn joined(f: &mut Formatter<'_>, filters: &[Filter], between: &str, bare: fn(&Filter) -> bool) -> Result {
    for (index, filter) in filters.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        if bare(filter) {
            write!(f, "{filter}")?;
        } else {
            write!(f, "({filter})")?;
        }
    }
    Ok(())
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::String(value) => write!(f, "{}", serde_json::Value::from(value.as_str())),
        }
    }
}

impl Display for AttributePath {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.name)?;
        match &self.sub {
            Some(sub) => write!(f, ".{sub}"),
            None => Ok(()),
        }
    }
}
