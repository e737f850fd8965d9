#!/usr/bin/env bash
# Re-execute notebooks in a real kernel and save their outputs: scripts/notebooks.sh nbs/02_probe.ipynb ...
# Figure and widget ids are random, so re-execute only what changed.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: scripts/notebooks.sh NOTEBOOK ..." >&2; exit 2; }
# Figures are saved as data and as HTML that loads plotly.js from outside: 10-25 KB each instead of 5 MB.
export PLOTLY_RENDERER=plotly_mimetype+sphinx_gallery TOKENIZERS_PARALLELISM=false
nbdev_export
jupyter nbconvert --log-level ERROR --to notebook --execute --inplace --ExecutePreprocessor.timeout=1200 "$@"
nbdev_clean
for nb in "$@"; do
    if [ "$nb" -ef nbs/index.ipynb ]; then python scripts/readme.py; fi
done
