//! Mistakes in the files of `scimspec mock`: told with file, line and column, exit code 2, before the port is opened.

use super::support::{arg, call};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// What is told of a file that is given with `option`, from behind the file's name on.
#[track_caller]
fn refused(option: &str, text: impl AsRef<[u8]>, told: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file.json");
    std::fs::write(&file, text).expect("written");
    // The port is taken: who opens it before it reads the file tells that instead.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = taken.local_addr().expect("an address").to_string();
    let done = call(&["mock", "--listen", &listen, option, arg(&file)]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{option}: {}", done.err);
    let expected = format!("file.json:{told}");
    assert!(done.err.contains(&expected), "{option} does not tell {expected:?}:\n{}", done.err);
}

#[test]
fn mistakes_in_starting_data_are_told_with_their_place() {
    refused("--data", "[\n {\"a\": 1", "2:8: EOF while parsing an object");
    refused("--data", "", "1:1: EOF while parsing a value");
    refused("--data", "\"x\"", "1:1: expected a list of objects");
    refused("--data", "[\n  7]", "2:3: element 0: expected an object");
    refused("--data", b"[\n {\"userName\":\"\xe9\"}]", "2:15: not UTF-8");
    refused("--data", "[".repeat(300), "1:128: recursion limit exceeded");
    refused("--data", "[\n  {\"userName\": \"a\"}\n]", "2:3: element 0: schemas names no resource type");
    let user = |members: &str| format!("{{\"schemas\": [\"{USER}\"], {members}}}");
    let two = |members: &str| format!("[\n{},\n {}]", user("\"userName\": \"a\""), user(members));
    refused("--data", two("\"userName\": 7"), "3:2: element 1: userName must be a text");
    refused("--data", two("\"userName\": \"A\""), "3:2: element 1: userName \"A\" is taken");
    refused("--data", two("\"userName\": \"b\", \"id\": 7"), "3:2: element 1: id must be a text");
    refused("--data", two("\"userName\": \"b\", \"id\": \"a/b\""), "3:2: element 1: \"a/b\" cannot be an id");
    let saved = format!("{{\"Resources\": {}}}", two("\"active\": true"));
    refused("--data", saved, "3:2: element 1: userName is required");
    let group = "[{\"schemas\": [\"urn:ietf:params:scim:schemas:core:2.0:Group\"], \"displayName\": \"g\",\n\
                 \"members\": [{\"value\": \"nobody\"}]}]";
    refused("--data", group, "1:2: element 0: members: there is no resource \"nobody\"");
}

#[test]
fn mistakes_in_definitions_and_tokens_are_told_with_their_place() {
    let schema = "[\n{\"id\": \"urn:x\", \"attributes\": [{\"name\": \"a\",\n  \"type\": \"strng\"}]}]";
    refused("--schemas", schema, "3:11: element 0: `type` is \"strng\", expected string, boolean");
    let resource_type = format!("[{{\"name\": \"D\", \"schema\": \"{USER}\",\n\"endpoint\": \"/Users\"}}]");
    refused("--resource-types", resource_type, "2:13: element 0: /Users is the endpoint of User");
    refused(
        "--tokens",
        "[{\"token\": \"t\"},\n{\"tken\": \"u\"}]",
        "2:1: element 1: there is no `tken`; did you mean `token`?",
    );
}

#[test]
fn other_files_that_do_not_serve_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = taken.local_addr().expect("an address").to_string();
    let text = folder.path().join("text.pem");
    std::fs::write(&text, "no PEM").expect("written");
    let (text, directory) = (arg(&text), arg(folder.path()));
    for (options, told) in [
        (vec!["--tls-cert", text, "--tls-key", text], "text.pem: no certificate in PEM form"),
        (vec!["--tls-cert", directory, "--tls-key", text], directory),
        (vec!["--tls-cert", "no/such.pem", "--tls-key", text], "no/such.pem"),
        (vec!["--record", directory], "cannot record to"),
        (vec!["--record", "no/such/folder/a.har"], "cannot record to no/such/folder/a.har"),
        (vec!["--data", directory], directory),
        (vec!["--tokens", "no/such.json"], "no/such.json"),
        (vec!["--token", "@no/such.token"], "no/such.token"),
        (vec!["--page-size", "0"], "--page-size"),
        (vec!["--without", "sort,flter"], "flter"),
        (vec!["--defect", "no-such-defect"], "no-such-defect"),
        (vec!["--latency", "soon"], "`soon` is no duration"),
        (vec!["--rate-limit", "0"], "--rate-limit"),
        (vec!["--users", "-1"], "-1"),
    ] {
        let done = call(&[&["mock", "--listen", &listen], &options[..]].concat());
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{options:?}: {}", done.err);
        assert!(done.err.contains(told), "{options:?} does not tell {told:?}:\n{}", done.err);
    }
    let done = call(&["mock", "--listen", &listen]);
    assert_eq!(done.code, Some(3), "{}", done.err);
    assert!(done.err.contains("cannot listen on"), "{}", done.err);
}
