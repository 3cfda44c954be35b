//! The mock of GitLab as a server, and runs of its profiles against a URL.

use super::support::{Mock, arg, call, refused, write};

#[test]
fn what_there_is_not_is_answered_with_what_there_is() {
    let versions = "it knows 15.8, 16.4, 16.9, 18.2, 18.9, 19.0, 19.3";
    refused(&["mock", "--profile", "gitlab@17.0"], &[versions]);
    refused(&["run", "--profile", "gitlab-group@17.0"], &[versions]);
    refused(
        &["mock", "--profile", "gitlab", "--group", "nowhere"],
        &["no group `nowhere`; there are acme, globex"],
    );
    refused(
        &["run", "--profile", "gitlab-group", "--group", "nowhere"],
        &["no group `nowhere`; there is acme"],
    );
    refused(&["mock", "--profile", "gitlab", "--switch", "licenced"], &["did you mean `licensed`?"]);
    refused(&["mock", "--profile", "gitlab", "--users", "3"], &["--users is not for the mock of GitLab"]);
    refused(&["mock", "--switch", "saas"], &["--switch is not for the mock of profile rfc"]);
    refused(
        &["mock", "--profile", "gitlab", "--defect", "create-answers-200"],
        &["one of the mock service scim"],
    );
    let nobody = "http://127.0.0.1:9";
    refused(
        &["run", nobody, "--profile", "gitlab", "--hook", "sed-user=true"],
        &["did you mean `seed-user`?"],
    );
    refused(&["run", nobody, "--profile", "gitlab", "--hook", "seed-user"], &["expected NAME=COMMAND"]);
    refused(&["run", "--profile", "gitlab", "--hook", "seed-user=true"], &["the mock does its hooks itself"]);
}

#[test]
fn wrong_data_are_told_with_their_place_before_the_port_is_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    write(
        folder.path(),
        "data.json",
        "[{\"path\": \"tools\"},\n  {\"username\": \"ada\", \"member_of\": {\"nowhere\": \"guest\"}}]",
    );
    let data = folder.path().join("data.json");
    refused(
        &["mock", "--profile", "gitlab", "--data", arg(&data)],
        &["data.json:2:3: element 1: there is no group `nowhere`; there are acme, globex, tools"],
    );
    write(folder.path(), "data.json", "[{]");
    refused(&["mock", "--profile", "gitlab", "--data", arg(&data)], &["data.json:1:3"]);
}

#[test]
fn the_mock_is_ready_to_use_and_passes_its_suites() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "data.json", "[{\"path\": \"my.group\", \"scim_token\": \"glsoat-mine\"}]");
    let data = folder.path().join("data.json");
    let mock = Mock::start_with(
        "glsoat-given",
        &[
            "--profile",
            "gitlab@18.9",
            "--data",
            arg(&data),
            "--group",
            "my.group",
            "--switch",
            "email_confirmation=hard",
        ],
    );
    assert_eq!((mock.token.as_str(), mock.ready["version"].as_str()), ("glsoat-given", Some("18.9")));
    assert!(mock.url.ends_with("/api/scim/v2/application"), "{}", mock.url);
    assert!(mock.ready["bases"]["group"].as_str().is_some_and(|base| base.ends_with("/groups/my%2Egroup")));
    let only = ["--only", "gitlab/instance/read", "--no-progress"];
    let whole =
        [&["run", &mock.url, "--profile", "gitlab-instance@18.9", "--token", "glsoat-given"][..], &only]
            .concat();
    let done = call(&whole);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    let group =
        ["run", &mock.url, "--profile", "gitlab-group@18.9", "--group", "my.group", "--token", "glsoat-mine"];
    let done = call(&[&group[..], &["--only", "gitlab/group/read", "--no-progress"]].concat());
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    assert!(done.out.contains("/groups/my%2Egroup"), "{}", done.out);
}
