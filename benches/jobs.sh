#!/usr/bin/env bash
# How much faster a run is with 8 cases side by side than with 1, against a server that adds 50 ms to each answer.
# Usage: benches/jobs.sh [SCIMSPEC]; builds the release binary where none is given.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -eq 0 ]; then cargo build --locked --release; fi
scimspec=${1:-target/release/scimspec}

rm -f target/jobs-mock.json
"$scimspec" mock --listen 127.0.0.1:0 --latency 50ms --token bench --format json >target/jobs-mock.json &
mock=$!
trap 'kill "$mock" 2>/dev/null || true' EXIT
until [ -s target/jobs-mock.json ]; do sleep 0.1; done
url=$(sed -E 's/.*"base_url":"([^"]+)".*/\1/' target/jobs-mock.json)

seconds() {
    local from to
    from=$(date +%s.%N)
    "$scimspec" run "$url" --token bench --jobs "$1" --journal target/jobs-journal >target/jobs-"$1".txt || true
    to=$(date +%s.%N)
    tail -n 1 target/jobs-"$1".txt >&2
    awk -v from="$from" -v to="$to" 'BEGIN { print to - from }'
}

eight=$(seconds 8)
one=$(seconds 1)
awk -v one="$one" -v eight="$eight" 'BEGIN {
    printf "1 job %.1f s, 8 jobs %.1f s: %.1f times faster\n", one, eight, one / eight }'
