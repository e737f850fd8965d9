"""Run README.md's API example, unchanged, on random activations: `python scripts/snippet.py`."""

import argparse
import re
import sys
from pathlib import Path

import torch


def snippet(text):
    "The first Python block of README.md that builds a probe."
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    return next((b for b in blocks if "RkCNNProbe(" in b), None)


def main():
    parser = argparse.ArgumentParser(
        description="Run README.md's API example on random activations."
    )
    parser.add_argument(
        "--root",
        type=Path,
        default=Path(__file__).resolve().parent.parent,
        help="the repository (default: this one)",
    )
    code = snippet((parser.parse_args().root / "README.md").read_text(encoding="utf8"))
    if code is None:
        sys.exit("snippet: README.md has no python block with RkCNNProbe(")
    torch.manual_seed(0)
    activations = torch.randn(2000, 768)
    names = {"__name__": "snippet", "activations": activations, "x": activations[:64]}
    exec(compile(code, "README.md", "exec"), names)
    print(f"README.md's example ran: {len(code.splitlines())} lines")


if __name__ == "__main__":
    main()
