#!/bin/sh
# Measures the long-lived mock beside plain hyper and beside scim2-server, and prints the table of benches/README.md.
# Needs Rust, Python 3 and access to crates.io and PyPI. Takes about six minutes after the build.
set -eu
cd "$(dirname "$0")/.."

venv=target/bench-venv
port=${SCIMSPEC_BENCH_PORT:-18080}
if [ ! -x "$venv/bin/scim2-server" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check scim2-server==0.8.3
fi
cargo bench --no-run --bench load

"$venv/bin/scim2-server" --port "$port" --bearer-token scimspec-bench-token >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT INT TERM
# Until it answers, for 20 seconds at most.
"$venv/bin/python" - "$port" <<'PYTHON'
import socket, sys, time
for _ in range(200):
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()
        break
    except OSError:
        time.sleep(0.1)
else:
    sys.exit("scim2-server does not answer")
PYTHON
SCIMSPEC_BENCH_OTHER="http://127.0.0.1:$port $server" cargo bench --bench load
