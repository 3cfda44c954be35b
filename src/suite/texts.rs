//! Where the texts of suites come from: the binary, a folder, single files.
//! Must not read what is in them.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use super::load::SuiteText;

/// Profiles lie among the suites and are none.
const PROFILES: &str = "profiles/";

#[derive(RustEmbed)]
#[folder = "suites/"]
struct Embedded;

/// A folder or file of suites that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}: {source}", path.display())]
pub struct ReadError {
    pub path: PathBuf,
    pub source: std::io::Error,
}

/// The built-in suites, by id.
pub fn embedded() -> Vec<SuiteText> {
    let mut texts: Vec<_> = Embedded::iter()
        .filter_map(|path| {
            let id = id(&path)?;
            let text = Embedded::get(&path)?.data;
            Some(SuiteText { id, file: format!("suites/{path}"), text })
        })
        .collect();
    texts.sort_by(|a, b| a.id.cmp(&b.id));
    texts
}

/// The suites of a folder and of the folders in it, by id. Links to folders are not followed.
pub fn folder(root: &Path) -> Result<Vec<SuiteText>, ReadError> {
    let mut texts = Vec::new();
    collect(root, "", &mut texts)?;
    texts.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(texts)
}

/// The suite of one file; its id is its name without `.yaml`.
pub fn file(path: &Path) -> Result<SuiteText, ReadError> {
    let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    read(path, name)
}

/// Adds suites to others, or puts them in the place of those that have the same id.
pub fn overlay(texts: Vec<SuiteText>, added: Vec<SuiteText>) -> Vec<SuiteText> {
    let kept = texts.into_iter().filter(|text| added.iter().all(|other| other.id != text.id));
    let mut all: Vec<_> = kept.chain(added.iter().cloned()).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

fn collect(folder: &Path, prefix: &str, texts: &mut Vec<SuiteText>) -> Result<(), ReadError> {
    let fail = |source| ReadError { path: folder.to_owned(), source };
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(fail)?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), texts)?;
        } else if let Some(id) = id(&path) {
            texts.push(read(&entry.path(), id)?);
        }
    }
    Ok(())
}

fn read(path: &Path, id: String) -> Result<SuiteText, ReadError> {
    let text = std::fs::read(path).map_err(|source| ReadError { path: path.to_owned(), source })?;
    Ok(SuiteText { id, file: path.display().to_string(), text: Cow::Owned(text) })
}

/// `rfc7644/filter` of `rfc7644/filter.yaml`; nothing for what is no suite.
fn id(path: &str) -> Option<String> {
    let id = path.strip_suffix(".yaml")?;
    (!path.starts_with(PROFILES)).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(id: &str, text: &'static str) -> SuiteText {
        SuiteText { id: id.to_owned(), file: String::new(), text: text.as_bytes().into() }
    }

    #[test]
    fn a_folder_is_read_with_all_in_it_but_profiles() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["b.yaml", "a/c.yaml", "a/readme.md", "profiles/p.yaml"] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "suite: x").unwrap();
        }
        let texts = super::folder(folder.path()).unwrap();
        assert_eq!(texts.iter().map(|text| text.id.as_str()).collect::<Vec<_>>(), ["a/c", "b"]);
        assert!(texts[0].file.ends_with("c.yaml"));
        assert_eq!(&*texts[0].text, b"suite: x");
        assert_eq!(super::file(&folder.path().join("b.yaml")).unwrap().id, "b");
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_path() {
        let error = super::folder(Path::new("/no/such/folder")).unwrap_err();
        assert!(error.to_string().starts_with("cannot read /no/such/folder: "));
    }

    #[test]
    fn an_added_suite_takes_the_place_of_its_namesake() {
        let all = overlay(vec![text("a", "1"), text("b", "1")], vec![text("c", "2"), text("a", "2")]);
        let told: Vec<_> = all.iter().map(|text| (text.id.as_str(), &*text.text)).collect();
        assert_eq!(told, [("a", &b"2"[..]), ("b", b"1"), ("c", b"2")]);
    }

    #[test]
    fn embedded_suites_are_yaml_files_and_no_profiles() {
        for text in embedded() {
            assert_eq!(text.file, format!("suites/{}.yaml", text.id));
            assert!(!text.id.starts_with(PROFILES));
        }
    }
}
