//! The checks of the fuzz targets on the seeds, on the large inputs, and on so many changes of the seeds, the same ones
//! each time. `fuzz/run.sh` goes on from there, guided by coverage.

#[path = "../../fuzz/checks/mod.rs"]
mod checks;
mod mutate;

use std::path::Path;

use mutate::Mutator;

/// Changed seeds of each target.
const ROUNDS: usize = 1500;

/// Tells which input a check was at when it panicked.
struct Told<'a>(&'a [u8]);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let shown: String = String::from_utf8_lossy(self.0).chars().take(2000).collect();
            eprintln!("the input, {} bytes: {shown:?}", self.0.len());
        }
    }
}

fn run(target: &str, check: fn(&[u8])) {
    let told = |input: &[u8]| {
        let _told = Told(input);
        check(input);
    };
    let seeds = seeds(target);
    seeds.iter().for_each(|seed| told(seed));
    let mut mutator = Mutator::new(&seeds);
    for _ in 0..ROUNDS {
        told(&mutator.next());
    }
}

/// The files of `fuzz/corpus`, in the order of their names.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&folder).expect("a folder of seeds");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(files.len() >= 10, "{} has {} seeds", folder.display(), files.len());
    files.iter().map(|file| std::fs::read(file).expect("a seed")).collect()
}

#[test]
fn filters() {
    run("filter", checks::filter::check);
}

#[test]
fn paths() {
    run("path", checks::path::check);
}

#[test]
fn patches() {
    run("patch", checks::patch::check);
}

#[test]
fn requests() {
    run("request", checks::request::check);
}

#[test]
fn large_filters_and_paths() {
    checks::extreme::each("filter", checks::filter::check);
    checks::extreme::each("path", checks::path::check);
}

#[test]
fn large_patches() {
    checks::extreme::each("patch", checks::patch::check);
}

#[test]
fn large_requests() {
    checks::extreme::each("request", checks::request::check);
}
