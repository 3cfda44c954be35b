#!/usr/bin/env bash
# Runs a fuzz target, guided by coverage, and fails with the first input that breaks what must hold.
# Usage: fuzz/run.sh filter|path|patch|request [SECONDS] [OPTION OF LIBFUZZER…], or with a FILE to repeat one input.
# Needs the stable Rust of the project and a C++ compiler. What it finds is in fuzz/work, which can be deleted.
set -euo pipefail
cd "$(dirname "$0")"
target=${1:?usage: fuzz/run.sh filter|path|patch|request [SECONDS] [OPTION OF LIBFUZZER…]}
seconds=${2:-60}
input=${2:+$(realpath -m "$OLDPWD/$2")}
shift $(($# < 2 ? $# : 2))

# With a target named, the flags are not used for build scripts, which are linked without libFuzzer.
host=$(rustc -vV | sed -n 's/^host: //p')
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares"
RUSTFLAGS="--cfg fuzzing $(echo $coverage)" cargo build --locked --release --target "$host" --bin "$target"

if [ -f "$input" ]; then exec "target/$host/release/$target" "$input"; fi

mkdir -p "work/$target/corpus" "work/$target/findings"
# The stack of the server's own threads, so that what overflows theirs overflows here.
ulimit -s 2048
exec "target/$host/release/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=16384 \
    -dict=scim.dict -print_final_stats=1 -artifact_prefix="work/$target/findings/" "$@" \
    "work/$target/corpus" "corpus/$target"
