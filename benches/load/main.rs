//! How much the long-lived server costs: requests a second, latency and memory, beside the same handler on plain hyper
//! and beside any other server.
//!
//! `benches/run.sh` runs it all; `cargo bench --bench load` does without the other server. Each server is a process of
//! its own, the load comes from this one. The rounds of the servers alternate, so that other work on the machine
//! meets all of them alike.

mod client;
mod plain;
mod process;
mod rounds;
mod service;
mod table;

use std::process::ExitCode;

/// Set to base URL and process id of another server: `http://127.0.0.1:8080/v2 1234`.
const OTHER: &str = "SCIMSPEC_BENCH_OTHER";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.first().map(String::as_str) {
        Some("child") => service::child(args.get(1).map(String::as_str).unwrap_or_default()),
        // `cargo bench` gives --bench; `cargo test --benches` does not, and only wants to know that it works.
        _ => measure(args.iter().any(|arg| arg == "--bench")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(whole: bool) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        use process::Subject;
        let mut subjects = vec![
            Subject::child("plain hyper, fixed answer", "plain fixed", None).await?,
            Subject::child("mock server, fixed answer", "serve fixed", Some(0)).await?,
            Subject::child("plain hyper, SCIM service", "plain scim", None).await?,
            Subject::child("mock server, SCIM service", "serve scim", Some(2)).await?,
            Subject::child("mock server, SCIM service, access log", "logged scim", Some(2)).await?,
        ];
        if let Ok(other) = std::env::var(OTHER) {
            subjects.push(Subject::other("scim2-server, GET of a user", &other, Some(2)).await?);
        }
        let size = if whole { rounds::WHOLE } else { rounds::SMOKE };
        let results = rounds::run(&subjects, size).await?;
        print!("{}", table::markdown(&results));
        println!("\n{}", service::generation(if whole { 100_000 } else { 100 })?);
        Ok(())
    })
}
