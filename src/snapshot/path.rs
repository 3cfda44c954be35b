//! Where the snapshot of a case stands.
//! Must not touch the file system.

use std::path::{Path, PathBuf};

/// Characters of a file name before its hash.
const LONGEST: usize = 80;

/// `DIR/rfc7644/filter/eq-ignores-case.snap`.
///
/// Two ids never share a file, not even where a file system ignores case: an id with anything but lower-case letters,
/// digits, hyphens and dots in it gets a hash of itself behind its name.
pub fn path(dir: &Path, case_id: &str) -> PathBuf {
    // What stands in brackets may contain slashes of its own.
    let (plain, _) = case_id.split_once('[').unwrap_or((case_id, ""));
    let (folder, _) = plain.rsplit_once('/').unwrap_or(("", plain));
    let name = case_id.strip_prefix(folder).unwrap_or(case_id).trim_start_matches('/');
    let mut path = dir.to_owned();
    path.extend(folder.split('/').filter(|part| !part.is_empty()).map(safe));
    path.push(format!("{}.snap", safe(name)));
    path
}

fn safe(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let harmless = name.chars().all(plain) && !name.starts_with('.') && !name.ends_with('.');
    if harmless && !name.is_empty() && name.len() <= LONGEST && !is_device(name) {
        return name.to_owned();
    }
    let readable: String = name
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '_' })
        .collect();
    format!("{}-{:016x}", readable.trim_matches('.'), hash(name))
}

/// Names that Windows keeps for itself.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let numbered = |prefix: &str| stem.strip_prefix(prefix).is_some_and(|rest| rest.len() == 1);
    ["con", "prn", "aux", "nul"].contains(&stem) || numbered("com") || numbered("lpt")
}

/// FNV-1a: small, and the same on every machine and in every version.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &str) -> String {
        path(Path::new("s"), id).to_string_lossy().replace('\\', "/")
    }

    #[test]
    fn plain_ids_are_their_own_path() {
        assert_eq!(of("rfc7644/filter/eq-ignores-case"), "s/rfc7644/filter/eq-ignores-case.snap");
        assert_eq!(of("alone"), "s/alone.snap");
    }

    #[test]
    fn others_are_safe_and_stay_apart() {
        let urn = of("rfc7643/types/fits[urn:x:2.0:User.title/y]");
        assert!(urn.starts_with("s/rfc7643/types/fits_urn_x_2.0_User.title_y_-"), "{urn}");
        assert_ne!(of("a/b[User.title]").to_lowercase(), of("a/b[User.Title]").to_lowercase());
        assert_ne!(of("a/b[x:y]"), of("a/b[x y]"));
        let (long, longer) = ("x".repeat(300), "x".repeat(301));
        assert_ne!(of(&long), of(&longer));
        assert!(of(&long).len() < 120);
    }

    #[test]
    fn no_id_leaves_the_folder() {
        for id in ["../../etc/passwd", "/etc/passwd", "..", ".", "", "con", "a\\..\\b", "nul.x/lpt1"] {
            let path = of(id);
            assert!(
                path.starts_with("s/") && path.split('/').all(|part| !part.starts_with('.')),
                "{id}: {path}"
            );
            assert!(
                !path.contains('\\') && !path.contains("/con.") && !path.contains("/lpt1."),
                "{id}: {path}"
            );
        }
    }
}
