//! SHA-256, for what is stored instead of a secret and for what clients must not forge.
//! Knows neither passwords' rules nor cursors' contents.

use sha2::{Digest, Sha256};

use super::random::Random;

/// What is kept of a password: `sha256:salt:digest`, in hexadecimal. One round, so that large populations load
/// quickly; a service with real users needs a slow hash.
pub fn salted(secret: &str, random: &Random) -> String {
    let salt = format!("{:016x}{:016x}", random.next(), random.next());
    let digest = hex(&Sha256::digest(format!("{salt}{secret}")));
    format!("sha256:{salt}:{digest}")
}

/// Whether `stored` was made from `secret` by [`salted`].
pub fn matches(stored: &str, secret: &str) -> bool {
    let mut parts = stored.split(':');
    let (Some("sha256"), Some(salt), Some(digest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    hex(&Sha256::digest(format!("{salt}{secret}"))) == digest
}

/// 64 bits of a keyed digest of `text`.
pub fn seal(key: u64, text: &str) -> u64 {
    let digest = Sha256::digest(format!("{key:016x}{text}{key:016x}"));
    digest.iter().take(8).fold(0, |seal, byte| seal << 8 | u64::from(*byte))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_password_matches_itself_only_and_differs_each_time() {
        let random = Random::new(Some(1));
        let (one, other) = (salted("t1meMa$heen", &random), salted("t1meMa$heen", &random));
        assert_ne!(one, other);
        assert!(matches(&one, "t1meMa$heen") && matches(&other, "t1meMa$heen"));
        assert!(!matches(&one, "t1meMa$hee") && !matches("t1meMa$heen", "t1meMa$heen"));
        assert!(!one.contains("t1me"));
    }
}
