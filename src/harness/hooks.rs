//! Hooks as suites call them: done by the mock in this process, or by commands of the user's own.
//! Must not know what a hook does.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::exec::{Hooks, Later};
use crate::profile::Profile;

/// How long a command may take.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Which hook undoes which, by the profile.
#[derive(Debug, Clone, Default)]
pub struct Pairs(BTreeMap<String, String>);

impl Pairs {
    pub fn of(profile: &Profile) -> Self {
        let pairs =
            profile.hooks.iter().filter_map(|(name, hook)| Some((name.clone(), hook.undone_by.clone()?)));
        Self(pairs.collect())
    }

    pub fn undone_by(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// A mock's hook: its name and arguments to what it answers.
pub type Doer = Box<dyn Fn(&str, &Value) -> Result<Value, String> + Send + Sync>;

/// Hooks that the mock in this process does.
pub struct ByMock {
    pub pairs: Pairs,
    pub names: Vec<String>,
    pub doer: Doer,
}

impl Hooks for ByMock {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn undone_by(&self, name: &str) -> Option<&str> {
        self.pairs.undone_by(name)
    }

    fn call<'a>(&'a self, name: &'a str, with: &'a Value) -> Later<'a, Result<Value, String>> {
        Box::pin(async move { (self.doer)(name, with) })
    }
}

/// Hooks that are commands of the user's own. Each is run by the shell, gets its arguments as JSON on stdin, its name in
/// `SCIMSPEC_HOOK` and the target's base URL in `SCIMSPEC_TARGET`, and answers with JSON on stdout.
pub struct ByCommand {
    pub pairs: Pairs,
    /// Command by name of the hook.
    pub commands: BTreeMap<String, String>,
    pub target: String,
    pub patience: Duration,
}

impl Hooks for ByCommand {
    fn names(&self) -> Vec<String> {
        self.commands.keys().cloned().collect()
    }

    fn undone_by(&self, name: &str) -> Option<&str> {
        self.pairs.undone_by(name)
    }

    fn call<'a>(&'a self, name: &'a str, with: &'a Value) -> Later<'a, Result<Value, String>> {
        Box::pin(async move {
            let command = self.commands.get(name).ok_or_else(|| format!("no command does {name}"))?;
            // One that lets time pass may take that time.
            let minutes = with.get("minutes").and_then(Value::as_u64).unwrap_or(0).min(60);
            let patience = self.patience + Duration::from_secs(60 * minutes);
            let done = tokio::time::timeout(patience, self.ask(name, command, with)).await;
            done.map_err(|_| format!("its command took longer than {patience:?}"))?
        })
    }
}

impl ByCommand {
    async fn ask(&self, name: &str, command: &str, with: &Value) -> Result<Value, String> {
        let mut child = shell(command)
            .env("SCIMSPEC_HOOK", name)
            .env("SCIMSPEC_TARGET", &self.target)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A command that takes too long must not outlive the run.
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("its command cannot be run: {error}"))?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that does not read its arguments may end before they are written.
            let _ = stdin.write_all(with.to_string().as_bytes()).await;
        }
        let done = child.wait_with_output().await.map_err(|error| format!("its command broke: {error}"))?;
        if !done.status.success() {
            let told = String::from_utf8_lossy(&done.stderr);
            let last = told.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
            return Err(format!("its command ended with {}: {}", done.status, last.trim()));
        }
        match done.stdout.trim_ascii() {
            b"" => Ok(Value::Object(Default::default())),
            text => serde_json::from_slice(text)
                .map_err(|error| format!("what its command wrote to stdout is not JSON: {error}")),
        }
    }
}

fn shell(command: &str) -> Command {
    let (program, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut shell = Command::new(program);
    shell.arg(option).arg(command);
    shell
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(command: &str, patience: Duration) -> Result<Value, String> {
        let hooks = ByCommand {
            pairs: Pairs::default(),
            commands: BTreeMap::from([("seed-user".to_owned(), command.to_owned())]),
            target: "https://gitlab.example.com".to_owned(),
            patience,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async { hooks.call("seed-user", &json!({ "username": "ada" })).await })
    }

    #[test]
    fn a_command_gets_and_gives_json() {
        assert_eq!(call("cat", PATIENCE), Ok(json!({ "username": "ada" })));
        let told =
            call(r#"printf '{"hook":"%s","target":"%s"}' "$SCIMSPEC_HOOK" "$SCIMSPEC_TARGET""#, PATIENCE);
        assert_eq!(told, Ok(json!({ "hook": "seed-user", "target": "https://gitlab.example.com" })));
        assert_eq!(call("true", PATIENCE), Ok(json!({})));
    }

    #[test]
    fn a_command_that_fails_is_told_with_its_last_line() {
        let told = call("echo first >&2; echo no such user >&2; exit 3", PATIENCE).expect_err("it fails");
        assert!(told.contains("3") && told.ends_with(": no such user"), "{told}");
        let told = call("echo hello", PATIENCE).expect_err("no JSON");
        assert!(told.starts_with("what its command wrote to stdout is not JSON"), "{told}");
    }

    #[test]
    fn a_command_that_hangs_is_given_up() {
        let told = call("sleep 600", Duration::from_millis(50)).expect_err("it hangs");
        assert_eq!(told, "its command took longer than 50ms");
    }
}
