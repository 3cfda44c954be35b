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
        let mut subjects = vec![
            process::Subject::child("plain hyper", "plain").await?,
            process::Subject::child("scimspec mock", "serve").await?,
            process::Subject::child("scimspec mock, access log", "logged").await?,
        ];
        if let Ok(other) = std::env::var(OTHER) {
            subjects.push(process::Subject::other("scim2-server", &other).await?);
        }
        let size = if whole { rounds::WHOLE } else { rounds::SMOKE };
        let results = rounds::run(&subjects, size).await?;
        print!("{}", table::markdown(&results));
        println!("\n{}", generation(if whole { 100_000 } else { 100 }));
        Ok(())
    })
}

/// How long it takes to make up people.
fn generation(users: usize) -> String {
    let started = std::time::Instant::now();
    let population = scimspec::mock::seed::Population { users, groups: users / 100, seed: 1 };
    let resources = population.resources().map(std::hint::black_box).count();
    format!("{users} users and {} groups generated in {:.2?}", resources - users, started.elapsed())
}
