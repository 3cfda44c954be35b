# Servers that are not ours, for run.sh and stability.sh. Sourced from the repository's root, with `set -euo pipefail`.
# Installs pinned packages below target/ci and starts each server on a free port; what was started ends with the script.

TOKEN=third-party-token
HERE=tests/third-party
WORK=target/ci
mkdir -p "$WORK"

servers=()
stop_servers() {
    local pid
    for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done
    servers=()
}
trap stop_servers EXIT

# free_port: a TCP port of the loopback interface that nobody listens on.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# wait_for PORT: until something listens there, for at most 30 s.
wait_for() {
    python3 - "$1" <<'PYTHON'
import socket, sys, time

end = time.monotonic() + 30
while time.monotonic() < end:
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()
        sys.exit(0)
    except OSError:
        time.sleep(0.1)
sys.exit(f"nothing listens on port {sys.argv[1]}")
PYTHON
}

# python_packages NAME REQUIREMENTS: a virtual environment target/ci/NAME with exactly these packages.
python_packages() {
    [ -x "$WORK/$1/bin/pip" ] || python3 -m venv "$WORK/$1"
    "$WORK/$1/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$2"
}

# node_packages: target/ci/scimmy with the adapter and exactly the packages of its lock file.
node_packages() {
    mkdir -p "$WORK/scimmy"
    cp "$HERE"/scimmy/{package.json,package-lock.json,server.mjs} "$WORK/scimmy/"
    if ! cmp -s "$HERE/scimmy/package-lock.json" "$WORK/scimmy/installed"; then
        (cd "$WORK/scimmy" && npm ci --silent --no-audit --no-fund)
        cp "$HERE/scimmy/package-lock.json" "$WORK/scimmy/installed"
    fi
}

# install SERVER
install() {
    case $1 in
    scim2-server) python_packages scim2-server "$HERE/scim2-server/requirements.txt" ;;
    scimmy) node_packages ;;
    esac
}

# start SERVER: sets `base` to its base URL.
start() {
    local port
    port=$(free_port)
    case $1 in
    scim2-server)
        "$WORK/scim2-server/bin/scim2-server" --port "$port" --bearer-token "$TOKEN" >"$WORK/$1.log" 2>&1 &
        base="http://127.0.0.1:$port/v2"
        ;;
    scimmy)
        node "$WORK/scimmy/server.mjs" "$port" "$TOKEN" >"$WORK/$1.log" 2>&1 &
        base="http://127.0.0.1:$port/scim/v2"
        ;;
    mock)
        "$scimspec" mock --listen "127.0.0.1:$port" --token "$TOKEN" >"$WORK/$1.log" 2>&1 &
        base="http://127.0.0.1:$port/scim/v2"
        ;;
    esac
    servers+=($!)
    wait_for "$port"
}
