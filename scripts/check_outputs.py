"""Are the saved outputs what the cells give today? `python scripts/check_outputs.py [NOTEBOOK ...]`

Each notebook is executed in a real kernel, in its own folder, and the text that its cells print is
compared with the text that is saved. Times, rates, memory, dates, paths and identifiers are masked;
all other numbers must agree to 1 in the last digit shown, or to 0.1 %. Not compared, and counted:
pictures and widgets, `#| slow` and `#| gpu` cells (`--slow` runs them), and cells whose source says
`# output varies: <why>`. Exit status 1 when an output is stale.
"""

import argparse
import os
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NUMBER = re.compile(r"[-+−]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?|[-+−]?\.\d+(?:e[-+]?\d+)?")
UNIT = r"(?:ns|µs|us|ms|s|seconds?|min|minutes?|h|hours?)\b(?!\w)"
MASKS = [
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"/(?:tmp|var|home|root|work|opt)/[^\s'\",)]*"), "<path>"),
    (re.compile(r"\btmp\w{6,}\b"), "<tmp>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:T[\d:+.Z]+)?\b"), "<date>"),
    (re.compile(r"0x[0-9a-f]{6,}"), "<address>"),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "<hash>"),
    (re.compile(r"\bpid \d+"), "pid <n>"),
    (re.compile(rf"[\d,.]+(?:\s?[±–…-]\s?[\d,.]+)?\s?{UNIT}"), "<time>"),
    (re.compile(r"[\d,.]+\s?(?:tokens|samples|rows|activations|it|GB|MB)/s(?:econd)?\b"), "<rate>"),
    (re.compile(r"[\d,.]+ (?:tokens|samples|rows|activations) a second"), "<rate>"),
    (re.compile(r"[\d,.]+\s?[KMG]i?B\b"), "<memory>"),
]
VARIES = re.compile(r"#\s*output varies:")
SKIPPED = re.compile(r"^#\s*\|\s*(slow|gpu|eval:\s*false)\b", re.M)
TEXT = ("text/markdown", "text/plain")


def masked(text):
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text


def close(a, b):
    "Are two numbers, as text, one number?"
    if a == b:
        return True
    x, y = (float(v.replace(",", "").replace("−", "-")) for v in (a, b))
    digits = min(len(v.split("e")[0].partition(".")[2]) for v in (a, b))
    return abs(x - y) <= max(1.001 * 10.0**-digits * ("." in a), 1e-3 * max(abs(x), abs(y)))


def difference(saved, fresh):
    "The first line in which two texts differ beyond rounding, or None."
    old, new = (masked(t).strip().split("\n") for t in (saved, fresh))
    if len(old) != len(new):
        return f"{len(old)} lines saved, {len(new)} now"
    for a, b in zip(old, new, strict=True):
        if a.split() == b.split():
            continue
        numbers = NUMBER.findall(a), NUMBER.findall(b)
        same_words = NUMBER.sub("#", a).split() == NUMBER.sub("#", b).split()
        if not same_words or not all(map(close, *numbers)):
            return f"saved {a.strip()[:150]!r}, now {b.strip()[:150]!r}"
    return None


def text_of(cell):
    "All the text that a cell shows; objects that only name themselves do not count."
    parts = []
    for o in cell.get("outputs", []):
        if o.output_type == "stream" and o.name == "stdout":
            parts.append(o.text)
        elif o.output_type in ("display_data", "execute_result"):
            mime = next((m for m in TEXT if m in o.data), None)
            if mime and not re.match(r"^<.*>$|^(Figure|interactive|Box|VBox)\(", o.data[mime]):
                parts.append(o.data[mime])
    return "\n".join(p.rstrip("\n") for p in parts)


def execute(path, slow):
    "The notebook's cells as saved and as they are now, in pairs; and how many were left out."
    saved = nbformat.read(path, as_version=4)
    saved.cells = [c for c in saved.cells if c.cell_type == "code"]
    kept = [c for c in saved.cells if slow or not SKIPPED.search(c.source)]
    left_out = len(saved.cells) - len(kept)
    fresh = nbformat.from_dict({**saved, "cells": [nbformat.from_dict(dict(c)) for c in kept]})
    for c in fresh.cells:
        c.outputs = []
    NotebookClient(fresh, timeout=3600, resources={"metadata": {"path": path.parent}}).execute()
    return list(zip(kept, fresh.cells, strict=True)), left_out


def check(path, slow):
    "(stale cells as lines, cells compared, cells left out) of one notebook."
    pairs, left_out = execute(path, slow)
    stale, compared = [], 0
    for i, (old, new) in enumerate(pairs):
        if VARIES.search(old.source):
            left_out += 1
            continue
        before, now = text_of(old), text_of(new)
        if not before and not now:
            continue
        compared += 1
        if found := difference(before, now):
            first = next(s for s in old.source.split("\n") if s.strip() and not s.startswith("#|"))
            stale.append(f"code cell {i} ({first[:60]}): {found}")
    return stale, compared, left_out


def main():
    parser = argparse.ArgumentParser(description="Compare saved outputs with what cells give now.")
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all in nbs/")
    parser.add_argument("--slow", action="store_true", help="run `#| slow` and `#| gpu` cells too")
    args = parser.parse_args()
    root = Path(__file__).resolve().parent.parent
    every = [p for p in sorted((root / "nbs").rglob("*.ipynb")) if p.parent.name[0] != "_"]
    os.environ.setdefault("PLOTLY_RENDERER", "plotly_mimetype+sphinx_gallery")
    total, compared, left_out = 0, 0, 0
    for path in args.notebooks or every:
        start = time.perf_counter()
        try:
            stale, n, out = check(path, args.slow)
        except CellExecutionError as e:
            stale, n, out = [f"does not run: {str(e).strip().splitlines()[-1][:200]}"], 0, 0
        total, compared, left_out = total + len(stale), compared + n, left_out + out
        seconds = time.perf_counter() - start
        print(f"{path}: {n} compared, {len(stale)} stale ({seconds:.0f} s)", flush=True)
        for line in stale:
            print(f"    {line}", flush=True)
    print(f"{compared} cells with text compared, {left_out} left out, {total} stale")
    sys.exit(bool(total))


if __name__ == "__main__":
    main()
