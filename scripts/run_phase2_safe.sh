#!/usr/bin/env bash
# Phase 2 on a machine that costs money: scripts/run_phase2_safe.sh [options of `rkcnn phase2`]
# It runs phase 1 when that has not passed yet, then a dry run, then asks; checkpoints are written
# every 1,000 steps, and the same command resumes a run that was stopped. YES=1 starts unasked.
# Results land in runs/; OUT names another folder.
set -euo pipefail
cd "$(dirname "$0")/.."
OUT=${OUT:-runs}
rkcnn=rkcnn
[ ! -x .venv/bin/rkcnn ] || rkcnn=.venv/bin/rkcnn
command -v "$rkcnn" > /dev/null || { echo "run_phase2_safe: rkcnn is not installed." >&2; exit 2; }

[ -f "$OUT/phase1/phase1_results.json" ] || "$rkcnn" phase1 --out "$OUT/phase1"
yes=()
[ -z "${YES:-}" ] || yes=(--yes)
exec "$rkcnn" phase2 --guarded --phase1 "$OUT/phase1/phase1_results.json" \
    --checkpoint-every 1000 --out "$OUT/phase2" "${yes[@]}" "$@"
