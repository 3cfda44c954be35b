//! Running the binary, and a mock for it to run against.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// The binary, without anything of the caller's environment that would change what it does.
pub fn scimspec() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scimspec"));
    for variable in ["SCIMSPEC_TOKEN", "SCIMSPEC_CLIENT_SECRET", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

/// What a call came to.
pub struct Done {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

pub fn done(output: Output) -> Done {
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Done { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs the binary to its end.
pub fn call(arguments: &[&str]) -> Done {
    done(scimspec().args(arguments).output().expect("the binary runs"))
}

/// A call that is a mistake of the user's: exit code 2, these texts on stderr, and nothing on stdout.
#[track_caller]
pub fn refused(arguments: &[&str], told: &[&str]) {
    let done = call(arguments);
    assert_eq!(done.code, Some(2), "{arguments:?}: {}{}", done.out, done.err);
    assert_eq!(done.out, "", "{arguments:?}");
    for text in told {
        assert!(done.err.contains(text), "{arguments:?} does not tell {text:?}:\n{}", done.err);
    }
}

/// A mock in a process of its own, ended when it is dropped.
pub struct Mock {
    child: Child,
    pub url: String,
    pub token: String,
    /// All that it told.
    pub ready: serde_json::Value,
}

impl Mock {
    /// A mock on a free port that demands this token.
    pub fn start(token: &str) -> Self {
        Self::start_with(token, &[])
    }

    /// The same with further options.
    pub fn start_with(token: &str, options: &[&str]) -> Self {
        let mut child = scimspec()
            .args(["mock", "--listen", "127.0.0.1:0", "--token", token, "--format", "json"])
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the mock starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let ready: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let text = |name: &str| ready[name].as_str().unwrap_or_default().to_owned();
        Self { url: text("base_url"), token: text("token"), ready, child }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder with one suite, `mine/config`, whose first case fails every server and whose second passes on a right one.
pub fn red_suite() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let suite = "\
suite: Mine
cases:
  - id: teapot
    title: the configuration is served by a teapot
    verifies: 7644-4-01
    steps:
      - get: /ServiceProviderConfig
        expect: { status: 418, because: the server is no teapot }
  - id: there
    title: the configuration is served
    verifies: 7644-4-01
    steps:
      - get: /ServiceProviderConfig
        expect: { status: 200, because: there is no configuration }
";
    write(folder.path(), "mine/config.yaml", suite);
    folder
}

/// Writes a file below a folder, and the folders on the way.
pub fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    std::fs::write(path, text).expect("written");
}

/// A path as an argument.
pub fn arg(path: &Path) -> &str {
    path.to_str().expect("a UTF-8 path")
}
