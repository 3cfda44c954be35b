#!/usr/bin/env bash
# Runs scimspec against servers that are not ours, and testers that are not ours against the mock of scimspec.
# Usage: tests/third-party/run.sh SCIMSPEC [scim2-server|scimmy|testers]...
# Fails where scimspec accuses a server of what no argument covers, where an argued finding is gone, where a case is
# Errored, a suite is not reached or something is left on a server; and where a tester accuses the mock of what
# testers.md does not answer, or no longer does.
set -euo pipefail
scimspec=$(realpath "$1")
shift
cd "$(dirname "$0")/../.."
. tests/third-party/lib.sh

# judged_by SERVER PROFILES EXPECTED: with --strict a broken SHOULD counts too; what no argument covers is Failed.
judged_by() {
    local report="$WORK/$1.${2//,/-}"
    SCIMSPEC_TOKEN=$TOKEN "$scimspec" run "$base" --profile "$2" --strict --expect "$HERE/$3" --no-progress \
        --report "json=$report.json" >"$report.txt" || true
    echo "$2:"
    python3 "$HERE/judged.py" "$report.json" "$base" "$TOKEN"
}

# Called behind `||`, where bash does not end a function at the first command that fails: the status is kept by hand.
judge() {
    local wrong=0
    echo "--- $1"
    install "$1" && start "$1" || return 1
    judged_by "$1" rfc "$1.yaml" || wrong=1
    judged_by "$1" okta,entra "$1.providers.yaml" || wrong=1
    judged_by "$1" okta-acceptance,entra-gallery "$1.providers.yaml" || wrong=1
    stop_servers
    return "$wrong"
}

testers() {
    local wrong=0
    echo "--- testers"
    python_packages testers "$HERE/testers/requirements.txt" && start mock || return 1
    SCIM_CLI_HEADERS="Authorization: Bearer $TOKEN" "$WORK/testers/bin/scim2" --url "$base" test \
        >"$WORK/scim2-tester.txt" 2>&1 || true
    "$WORK/testers/bin/scim-sanity" probe "$base" --token "$TOKEN" --i-accept-side-effects --json-output \
        >"$WORK/scim-sanity.json" || true
    python3 "$HERE/testers.py" "$WORK/scim2-tester.txt" "$WORK/scim-sanity.json" "$HERE/testers.md" || wrong=1
    stop_servers
    return "$wrong"
}

[ $# -gt 0 ] || set -- scim2-server scimmy testers
failed=0
for one in "$@"; do
    case $one in
    testers) testers || failed=1 ;;
    *) judge "$one" || failed=1 ;;
    esac
done
exit "$failed"
