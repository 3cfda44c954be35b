//! Where profiles come from: the built-in ones, and files of the user's own.
//! Must not decide what a profile means.

use std::path::Path;

use super::{Profile, ProfileError};
use crate::nearest::nearest;
use crate::suite::source;

/// Files of the folder, by name.
macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../suites/profiles/", $name, ".yaml")))),*]
    };
}

const FILES: &[(&str, &str)] = built_in![
    "rfc",
    "okta",
    "okta-acceptance",
    "entra",
    "entra-gallery",
    "onelogin",
    "jumpcloud",
    "pingone",
    "google",
    "keycloak",
    "authentik",
    "sailpoint",
    "gitlab",
    "gitlab-instance",
    "gitlab-group",
    "gitlab-identities",
];

/// Names of the built-in profiles.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// One profile: `NAME`, `NAME@VERSION`, or the path of a file that ends in `.yaml`.
pub fn find(wanted: &str) -> Result<Profile, ProfileError> {
    if wanted.ends_with(".yaml") || wanted.ends_with(".yml") {
        return file(Path::new(wanted));
    }
    let (name, version) = match wanted.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (wanted, None),
    };
    let (name, text) = FILES.iter().find(|(known, _)| *known == name).ok_or_else(|| unknown(name))?;
    let profile = read(name, &format!("suites/profiles/{name}.yaml"), text.as_bytes())?;
    match version {
        Some(version) => profile.at(version),
        None => Ok(profile),
    }
}

fn unknown(name: &str) -> ProfileError {
    ProfileError::Unknown {
        name: name.to_owned(),
        near: nearest(name, names()).map(str::to_owned),
        known: names().map(str::to_owned).collect(),
    }
}

fn file(path: &Path) -> Result<Profile, ProfileError> {
    let shown = path.display().to_string();
    let unreadable =
        |error: std::io::Error| ProfileError::Unreadable { file: shown.clone(), message: error.to_string() };
    let text = std::fs::read(path).map_err(unreadable)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    read(&name, &shown, &text)
}

fn read(name: &str, file: &str, text: &[u8]) -> Result<Profile, ProfileError> {
    let (mut profile, _) = source::read::<Profile>(file, text).map_err(ProfileError::Malformed)?;
    if let Some(like) = &profile.like {
        // A profile that is itself like another one is no model for a third: there is no circle to find.
        let (name, text) = FILES.iter().find(|(known, _)| known == like).ok_or_else(|| unknown(like))?;
        let (model, _) = source::read::<Profile>(&format!("suites/profiles/{name}.yaml"), text.as_bytes())
            .map_err(ProfileError::Malformed)?;
        profile = profile.after(model);
    }
    profile.name = name.to_owned();
    profile.version = profile.versions.last().cloned();
    if let Some(version) = &profile.version {
        profile.facts.entry("version".to_owned()).or_insert_with(|| version.clone());
    }
    Ok(profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_built_in_and_whole() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/suites/profiles");
        for entry in std::fs::read_dir(folder).expect("the folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let profile = find(&name).unwrap_or_else(|error| panic!("{error}"));
            assert!(!profile.title.is_empty() && !profile.about.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_profile_has_what_its_model_has_and_the_version_that_was_asked_for() {
        let group = find("gitlab-group@16.4").expect("a profile");
        let model = find("gitlab").expect("a profile");
        assert_eq!((group.facts["version"].as_str(), group.version_given), ("16.4", true));
        assert_eq!((model.facts["version"].as_str(), model.version_given), ("19.3", false));
        assert_eq!(group.hooks, model.hooks);
        assert_ne!(group.bases["scim"], model.bases["scim"]);
        assert_eq!(
            (group.credential.as_deref(), model.credential.as_deref()),
            (Some("group"), Some("instance"))
        );
        let told = find("gitlab@17.0").expect_err("no such version").to_string();
        assert!(told.ends_with("it knows 15.8, 16.4, 16.9, 18.2, 18.9, 19.0, 19.3"), "{told}");
    }

    #[test]
    fn every_hook_that_undoes_another_is_one() {
        for name in names() {
            let profile = find(name).expect("a profile");
            for (hook, known) in &profile.hooks {
                let undoes = known.undone_by.as_ref();
                assert!(undoes.is_none_or(|undoes| profile.hooks.contains_key(undoes)), "{name}: {hook}");
            }
        }
    }

    #[test]
    fn a_file_of_the_users_own_is_a_profile_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mine.yaml");
        std::fs::write(
            &path,
            "title: Mine\nabout: For a test.\nsuites: [rfc7644/filter]\nversions: ['1', '2']\n",
        )
        .expect("written");
        let profile = find(&path.display().to_string()).expect("a profile");
        assert_eq!((profile.label().as_str(), profile.facts["version"].as_str()), ("mine@2", "2"));
        std::fs::write(&path, "title: Mine\nabuot: x\nsuites: []\n").expect("written");
        let Err(ProfileError::Malformed(mistakes)) = find(&path.display().to_string()) else {
            panic!("malformed")
        };
        assert!(mistakes.iter().any(|mistake| mistake.message.contains("abuot")), "{mistakes:?}");
    }
}
