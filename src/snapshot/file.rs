//! insta's file format. The only file that names the insta crate; it reads, and the writing is ours.
//! Must not compare.

use std::io::{self, ErrorKind};
use std::path::Path;

/// The text of the snapshot in `path`; `None` where there is no such file.
pub fn read(path: &Path) -> io::Result<Option<String>> {
    let head = match std::fs::read(path) {
        Ok(bytes) => bytes.starts_with(b"---"),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let invalid = |why: String| io::Error::new(ErrorKind::InvalidData, format!("{}: {why}", path.display()));
    if !head {
        return Err(invalid("is no snapshot: it does not begin with ---".to_owned()));
    }
    let snapshot = insta::Snapshot::from_file(path).map_err(|error| invalid(error.to_string()))?;
    let text = snapshot.as_text().ok_or_else(|| invalid("is no text snapshot".to_owned()))?;
    Ok(Some(text.to_string()))
}

/// Writes `text` with the front matter that `cargo insta review` shows. `place` is `suites/x.yaml:12`.
pub fn write(path: &Path, case_id: &str, place: &str, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let (source, line) = match place.rsplit_once(':') {
        Some((source, line)) if line.parse::<u32>().is_ok() => (source, Some(line)),
        _ => (place, None),
    };
    // A line would change the file whenever a case moves; it is for the review of a new one alone.
    let is_new = path.extension().is_some_and(|extension| extension == "new");
    let line = line.filter(|_| is_new).map(|line| format!("assertion_line: {line}\n")).unwrap_or_default();
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let head = format!("---\nsource: {}\n{line}expression: {}\n---\n", quoted(source), quoted(case_id));
    std::fs::write(path, head + text.trim_end() + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a/b.snap", "a/b.snap.new"] {
            let path = dir.path().join(name);
            let text = "GET /Users\n\n---\n{\n  \"a\": \"\\n\"\n}";
            write(&path, "x[urn:\"y\"]", "suites/x.yaml:12", text).unwrap();
            assert_eq!(read(&path).unwrap().as_deref(), Some(text), "{name}");
        }
        let snapshot = insta::Snapshot::from_file(&dir.path().join("a/b.snap.new")).unwrap();
        assert_eq!(snapshot.metadata().source(), Some("suites/x.yaml"));
        assert_eq!(snapshot.metadata().expression(), Some("x[urn:\"y\"]"));
    }

    #[test]
    fn absent_files_and_others_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(&dir.path().join("none.snap")).unwrap(), None);
        let other = dir.path().join("other.snap");
        std::fs::write(&other, "hello").unwrap();
        assert!(read(&other).unwrap_err().to_string().contains("is no snapshot"));
    }
}
