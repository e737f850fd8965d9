"""What a saved notebook must hold to: prints one line for each fault."""

import argparse
import json
import re
import sys
from pathlib import Path

import nbformat

MAX_BYTES = 600_000
PICTURES = {"image/png", "image/jpeg", "image/svg+xml"}  # a page shows these as images
FIGURES = PICTURES | {"application/vnd.plotly.v1+json"}
HIDDEN = re.compile(r"^\s*#\s*\|\s*(hide|(output|include|eval):\s*false)\b", re.M)
RULE = re.compile(r"\|(\s*:?-+:?\s*\|)+")  # the line under a table's header
ALT = "#| fig-alt: "


def broken_tables(text):
    "Tables whose header has another number of cells than the line under it: a page shows bars."
    lines = text.split("\n")
    for header, line in zip(lines, lines[1:], strict=False):
        columns = len(re.split(r"(?<!\\)\|", header.strip()))
        if RULE.fullmatch(line.strip()) and columns != len(line.strip().split("|")):
            yield header[:80]


def figure_problems(lines, outputs):
    "Figures that a screen reader cannot say."
    hidden = HIDDEN.search("\n".join(lines))
    pictures = any(PICTURES & set(o.get("data", {})) for o in outputs)
    alts = [line.removeprefix(ALT) for line in lines if line.startswith(ALT)]
    if pictures and not hidden and not alts:
        yield "a figure without fig-alt, which is what a screen reader says"
    if any(re.search(r": | #", alt) for alt in alts):
        yield "fig-alt holds ': ' or ' #', which YAML reads as its own, and the text is lost"


def output_problems(outputs):
    "Stored errors, and tables that a page cannot show."
    for o in outputs:
        for header in broken_tables("".join(o.get("data", {}).get("text/markdown", []))):
            yield f"a table whose header does not fit its columns: {header}"
        if o.get("output_type") == "error":
            yield f"stores an error, {o.get('ename')}: {o.get('evalue')}"


def cell_problems(i, cell):
    "Faults of one cell, given as raw JSON."
    if cell.get("cell_type") != "code":
        return
    source = cell.get("source")
    if not isinstance(source, list):
        yield f"cell {i}: source is {type(source).__name__}, not a list of lines"
        source = str(source).splitlines(keepends=True)
    lines = "".join(source).rstrip("\n").split("\n")
    outputs = cell.get("outputs", [])
    yield from (f"cell {i}: {p}" for p in figure_problems(lines, outputs))
    yield from (f"cell {i}: {p}" for p in output_problems(outputs))


def problems(path, api):
    "Faults of one notebook; an API notebook also keeps a figure."
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        yield f"{len(raw):,} bytes, over {MAX_BYTES:,}"
    try:
        nb = json.loads(raw)
        nbformat.validate(nb)
    except ValueError as e:
        yield f"not valid JSON: {e}"
        return
    except nbformat.ValidationError as e:
        yield f"not a valid notebook: {str(e).splitlines()[0]}"
    cells = nb.get("cells", [])
    for i, cell in enumerate(cells):
        yield from cell_problems(i, cell)
    saved = {mime for c in cells for o in c.get("outputs", []) for mime in o.get("data", {})}
    if api and not saved & FIGURES:
        yield "an API notebook without a saved figure"


def notebooks(root):
    "Paths of all notebooks of the project, hidden folders left out."
    nbs = root / "nbs"
    for path in sorted(nbs.rglob("*.ipynb")):
        if not any(part[0] in "._" for part in path.relative_to(nbs).parts):
            yield path


def main():
    parser = argparse.ArgumentParser(description="Check what the notebooks in nbs/ have saved.")
    here = Path(__file__).resolve().parent.parent
    parser.add_argument("--root", type=Path, default=here, help="the repository (default: this)")
    root = parser.parse_args().root
    paths = list(notebooks(root))
    found = 0
    for path in paths:
        for line in problems(path, api=root / "nbs/api" in path.parents):
            print(f"{path.relative_to(root)}: {line}")
            found += 1
    print(f"{len(paths)} notebooks read, {found} faults")
    if found or not paths:
        sys.exit(1)


if __name__ == "__main__":
    main()
