//! What hooks answer: which of it is secret.
//! Calls no hook.

use serde_json::Value;

use crate::http::Redactor;

/// Words in the names of members whose values nobody may see.
const SECRET: &[&str] = &["token", "secret", "password", "cookie"];

/// The answer of a hook without its secrets, which the redactor knows from now on.
pub(super) fn without_secrets(answer: &Value, redactor: &Redactor) -> Value {
    let Value::Object(members) = answer else { return answer.clone() };
    let mut kept = members.clone();
    kept.retain(|name, value| {
        let lower = name.to_ascii_lowercase();
        let secret = value.as_str().filter(|_| SECRET.iter().any(|word| lower.contains(word)));
        if let Some(secret) = secret {
            redactor.learn("SCIMSPEC_HOOK_TOKEN", secret);
        }
        secret.is_none()
    });
    Value::Object(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tokens_are_neither_kept_nor_told() {
        let redactor = Redactor::new();
        let kept = without_secrets(
            &json!({ "id": 7, "scim_token": "glsoat-123456", "cookie": "s=abcdefgh", "path": "a" }),
            &redactor,
        );
        assert_eq!(redactor.text("Cookie: s=abcdefgh"), "Cookie: $SCIMSPEC_HOOK_TOKEN");
        assert_eq!(kept, json!({ "id": 7, "path": "a" }));
        assert_eq!(redactor.text("Bearer glsoat-123456"), "Bearer $SCIMSPEC_HOOK_TOKEN");
    }
}
