#!/usr/bin/env bash
# Starts the mock on a free port and lets Schemathesis, which knows nothing of it, hold it to the description.
# usage: schemathesis.sh [--install] TOOLS_DIR; --install does no more than to fetch it.
set -euo pipefail
cd "$(dirname "$0")/.."
only=
if [ "$1" = --install ]; then
  only=install
  shift
fi
tools=$1

if [ ! -x "$tools/schemathesis/bin/schemathesis" ]; then
  python3 -m venv "$tools/schemathesis"
  "$tools/schemathesis/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5
fi
[ -z "$only" ] || exit 0

# The tests have built it; `cargo build` would build it again with other features of the dependencies.
[ -x target/debug/mock-server ] || cargo build --locked --workspace --bins
ready=$(mktemp)
target/debug/mock-server --port 0 --log off >"$ready" &
mock=$!
trap 'kill "$mock" 2>/dev/null || true; rm -f "$ready"' EXIT
for _ in $(seq 100); do
  grep -q '^ready ' "$ready" && break
  sleep 0.1
done
url=$(sed -n 's/^ready //p' "$ready")
[ -n "$url" ] || { echo "the mock did not start"; exit 1; }

run=$(mktemp -d)
config=$PWD/.ci/schemathesis.toml
description=$PWD/schemas/openapi.yaml
judge=$PWD/$tools/schemathesis/bin/schemathesis
cd "$run"
"$judge" --config-file "$config" run "$description" --url "$url" \
  -H 'Authorization: Bearer pivotal_test_ws_schemathesis' --seed 1 --max-examples 40 --no-color
