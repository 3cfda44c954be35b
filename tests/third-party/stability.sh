#!/usr/bin/env bash
# Says whether scimspec gives the same verdicts each time: runs it ten times, one after another, against each server.
# Usage: tests/third-party/stability.sh SCIMSPEC [RUNS]
set -euo pipefail
scimspec=$(realpath "$1")
runs=${2:-10}
cd "$(dirname "$0")/../.."
. tests/third-party/lib.sh

failed=0
for server in scim2-server scimmy; do
    install "$server"
    start "$server"
    reports=()
    for number in $(seq "$runs"); do
        report=$WORK/$server.$number.json
        SCIMSPEC_TOKEN=$TOKEN "$scimspec" run "$base" --no-progress --report "json=$report" >/dev/null || true
        reports+=("$report")
    done
    echo "--- $server, $runs runs"
    python3 "$HERE/stable.py" "$base" "$TOKEN" "${reports[@]}" || failed=1
    stop_servers
done
exit "$failed"
