use super::*;

fn secret(text: &str) -> Secret {
    Secret::new(text, "test").expect("a secret")
}

#[test]
fn an_altered_token_has_the_same_shape_and_another_text() {
    for token in ["glpat-AbC123_xyz", "0", "a", "----", "", "é"] {
        let wrong = altered(token);
        assert_ne!(wrong, token);
        assert_eq!(wrong.chars().count(), token.chars().count().max(1), "{token}");
    }
    let token = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghij";
    let same = altered(token).chars().zip(token.chars()).filter(|(a, b)| a == b).count();
    assert!(same < token.len() / 3, "an altered token keeps {same} characters");
}

#[test]
fn a_wrong_credential_is_of_the_same_kind() {
    let bearer = Auth::Bearer(secret("abc")).wrong_header();
    assert!(bearer.starts_with("Bearer ") && bearer != "Bearer abc");
    let raw = Auth::Raw(secret("Token abc")).wrong_header();
    assert!(raw.starts_with("Token ") && raw != "Token abc");
    let basic = Auth::Basic { user: "ada".into(), password: secret("pw") }.wrong_header();
    assert!(basic.starts_with("Basic ") && basic != super::basic("ada", "pw"));
}

#[test]
fn the_secret_of_basic_is_known_in_its_encoded_form() {
    let auth = Auth::Basic { user: "ada".into(), password: secret("lovelace") };
    assert_eq!(auth.secrets(), ["lovelace", "YWRhOmxvdmVsYWNl"]);
}
