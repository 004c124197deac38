#!/usr/bin/env bash
# One machine as a whole cluster: a scheduler and two executors on loopback, one run, and an end to all of them.
# Usage: deploy/loopback.sh [PROTOCOL [OUT]]; VERSCHIL_CLUSTER names the program, VERSCHIL_PORT the first of six ports.
set -euo pipefail

protocol=${1:-studies/geboortezorg/protocol.toml}
out=${2:-out/geboortezorg-cluster}
program=${VERSCHIL_CLUSTER:-verschil-cluster}
port=${VERSCHIL_PORT:-50050}
scheduler=127.0.0.1:$port

work=$(mktemp -d)
processes=()
finish() {
    kill "${processes[@]}" 2>/dev/null || true
    wait "${processes[@]}" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

"$program" scheduler --bind "$scheduler" 2>"$work/scheduler.log" &
processes+=($!)
for n in 1 2; do
    mkdir "$work/$n"
    "$program" executor --scheduler "$scheduler" --bind "127.0.0.1:$((port + 2 * n))" --cores 1 --work "$work/$n" 2>"$work/$n.log" &
    processes+=($!)
done

# the first question waits until an executor has answered
for _ in $(seq 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.2
done
"$program" run "$protocol" --out "$out" --cluster "df://$scheduler" --parts 4 --no-cache || {
    code=$?
    tail -n 20 "$work"/*.log >&2
    exit "$code"
}
