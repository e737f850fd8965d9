#!/usr/bin/env bash
# Format, export, execute in a real kernel, and clean: scripts/notebooks.sh nbs/api/core/03_mining.ipynb ...
# Ids of figures and widgets are random, so execute only what changed.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: scripts/notebooks.sh NOTEBOOK ..." >&2; exit 2; }
# Figures are saved as data and as HTML that loads plotly.js from outside: 10-25 KB each, not 5 MB.
export PLOTLY_RENDERER=plotly_mimetype+sphinx_gallery TOKENIZERS_PARALLELISM=false
ruff format --quiet "$@"
nbdev_export
jupyter nbconvert --log-level ERROR --to notebook --execute --inplace \
    --ExecutePreprocessor.timeout=3600 "$@"
nbdev_clean
for nb in "$@"; do
    if [ "$nb" -ef nbs/index.ipynb ]; then python scripts/readme.py; fi
done
