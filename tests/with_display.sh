#!/usr/bin/env bash
# Runs a command with a display; where Linux has none, an X server without a screen is started.
set -euo pipefail

if [ "$(uname -s)" != Linux ]; then
    exec "$@"
fi

missing=""
command -v xdotool >/dev/null || missing="$missing xdotool"
if [ -z "${DISPLAY:-}" ]; then
    command -v Xvfb >/dev/null || missing="$missing xvfb"
fi
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update --quiet --quiet
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes $missing
    else
        echo "The tests in a real window need$missing: install it, on Debian and Ubuntu with" \
            "'sudo apt-get install$missing'." >&2
        exit 1
    fi
fi

if [ -n "${DISPLAY:-}" ]; then
    exec "$@"
fi

number=$(mktemp)
Xvfb -displayfd 3 -screen 0 1440x1024x24 -nolisten tcp 3>"$number" 2>/dev/null &
server=$!
trap 'kill "$server" 2>/dev/null; rm -f "$number"' EXIT
until [ -s "$number" ]; do
    kill -0 "$server" 2>/dev/null || { echo "Xvfb could not be started." >&2; exit 1; }
    sleep 0.05
done
DISPLAY=":$(cat "$number")" "$@"
