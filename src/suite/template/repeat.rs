//! `$repeat` and `$times`: long lists and long texts, for what is about limits.
//! Must not grow without bound.

use serde_json::Value;

use super::TemplateError;

/// Elements, or characters of a text, at most.
const ELEMENTS: u64 = 10_000;
const CHARACTERS: u64 = 4_000_000;

/// A list of `times` copies of a value, or one text of that many copies of a text.
pub fn repeat(value: &Value, times: &Value) -> Result<Value, TemplateError> {
    let wanted = times.as_u64().ok_or_else(|| TemplateError::new("`$times` takes a number"))?;
    let size = value.as_str().map_or(1, |text| text.chars().count().max(1) as u64);
    let most = if value.is_string() { CHARACTERS } else { ELEMENTS };
    if wanted.saturating_mul(size) > most {
        return Err(TemplateError::new(format!("`$times: {wanted}` makes more than {most}")));
    }
    let times = usize::try_from(wanted).unwrap_or_default();
    Ok(match value {
        Value::String(text) => Value::String(text.repeat(times)),
        other => Value::Array(vec![other.clone(); times]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_grow_longer_and_all_else_becomes_a_list() {
        assert_eq!(repeat(&json!("ab"), &json!(3)), Ok(json!("ababab")));
        assert_eq!(repeat(&json!({ "a": 1 }), &json!(2)), Ok(json!([{ "a": 1 }, { "a": 1 }])));
        assert_eq!(repeat(&json!("x"), &json!(0)), Ok(json!("")));
    }

    #[test]
    fn nothing_grows_without_bound() {
        assert!(repeat(&json!({}), &json!(10_000)).is_ok());
        for (value, times) in
            [(json!({}), json!(10_001)), (json!("ab"), json!(2_000_001)), (json!(1), json!("2"))]
        {
            assert!(repeat(&value, &times).is_err(), "{times}");
        }
        assert!(repeat(&json!("x"), &json!(u64::MAX)).is_err());
    }
}
