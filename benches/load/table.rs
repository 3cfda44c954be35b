//! The results as a Markdown table.

use std::fmt::Write;
use std::time::Duration;

use crate::rounds::Result;

pub fn markdown(results: &[Result]) -> String {
    let mut table = String::from(
        "| server | requests/s | of plain hyper with the same service | CPU µs/request | p50 | p99 | p99.9 | memory | after requests | failed |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for result in results {
        let memory = result.memory.map_or("?".to_owned(), |(before, after)| {
            format!("{:.1} → {:.1} MB", before as f64 / 1024.0, after as f64 / 1024.0)
        });
        let plain = result.beside.and_then(|place| results.get(place));
        let share = plain.map_or("".to_owned(), |plain| {
            format!("{:.1} %", 100.0 * ratio(&result.per_second, &plain.per_second))
        });
        let mut times = result.times.clone();
        times.sort_unstable();
        let time = |share| format!("{:.2} ms", at(&times, share).as_secs_f64() * 1000.0);
        let _ = writeln!(
            table,
            "| {} | {:.0} | {share} | {} | {} | {} | {} | {memory} | {} | {} |",
            result.name,
            median(&result.per_second),
            if result.processor.is_empty() {
                "?".to_owned()
            } else {
                format!("{:.1}", median(&result.processor))
            },
            time(0.5),
            time(0.99),
            time(0.999),
            result.requests,
            result.failed,
        );
    }
    table
}

/// The median over the rounds of what one did in a round of what the other did in the same round.
fn ratio(ones: &[f64], others: &[f64]) -> f64 {
    let ratios: Vec<f64> = ones.iter().zip(others).map(|(one, other)| one / other).collect();
    median(&ratios)
}

fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.get(sorted.len().saturating_sub(1) / 2), sorted.get(sorted.len() / 2)) {
        (Some(low), Some(high)) => (low + high) / 2.0,
        _ => 0.0,
    }
}

fn at(sorted: &[Duration], share: f64) -> Duration {
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}
