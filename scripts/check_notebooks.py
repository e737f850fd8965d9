"""What a saved notebook must hold to: `python scripts/check_notebooks.py` prints one line per violation."""

import argparse, json, re, sys
from pathlib import Path

import nbformat

MAX_BYTES = 600_000
MAX_LINES = 45  # an exported cell stays under this
PICTURES = {
    "image/png",
    "image/jpeg",
    "image/svg+xml",
}  # what a page shows as an image; plotly draws its own
FIGURES = PICTURES | {"application/vnd.plotly.v1+json"}
EXPORT = re.compile(r"^\s*#\s*\|\s*exporti?s?\b", re.M)


def broken_tables(text):
    "Tables of some Markdown whose header has not as many cells as the line under it: a page shows them as bars."
    lines = text.split("\n")
    for header, line in zip(lines, lines[1:]):
        if re.fullmatch(r"\|(\s*:?-+:?\s*\|)+", line.strip()) and len(
            re.split(r"(?<!\\)\|", header.strip())
        ) != len(line.strip().split("|")):
            yield header[:80]


def cell_problems(i, cell):
    "Violations of one cell, given as raw JSON."
    if cell.get("cell_type") != "code":
        return
    source = cell.get("source")
    if not isinstance(source, list):
        yield f"cell {i}: source is {type(source).__name__}, not a list of lines"
        source = str(source).splitlines(keepends=True)
    lines = "".join(source).rstrip("\n").split("\n")
    if EXPORT.search("\n".join(lines)) and len(lines) >= MAX_LINES:
        yield f"cell {i}: an exported cell of {len(lines)} lines (under {MAX_LINES})"
    hidden = re.search(
        r"^\s*#\s*\|\s*(hide|(output|include|eval):\s*false)\b", "\n".join(lines), re.M
    )
    pictures = any(PICTURES & set(o.get("data", {})) for o in cell.get("outputs", []))
    if pictures and not hidden and not any(line.startswith("#| fig-alt: ") for line in lines):
        yield f"cell {i}: a figure without fig-alt, which is what a screen reader says"
    if any(re.search(r": | #", line[12:]) for line in lines if line.startswith("#| fig-alt: ")):
        yield f"cell {i}: fig-alt holds ': ' or ' #', which YAML reads as its own, and the text is lost"
    for o in cell.get("outputs", []):
        for t in broken_tables("".join(o.get("data", {}).get("text/markdown", []))):
            yield f"cell {i}: a table whose header does not fit its columns: {t}"
        if o.get("output_type") == "error":
            yield f"cell {i}: stores an error, {o.get('ename')}: {o.get('evalue')}"


def problems(path, api):
    "Violations of one notebook; `api` notebooks also keep a figure."
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        yield f"{len(raw):,} bytes, over {MAX_BYTES:,}"
    try:
        nb = json.loads(raw)
    except ValueError as e:
        yield f"not valid JSON: {e}"
        return
    try:
        nbformat.validate(nb)
    except nbformat.ValidationError as e:
        yield f"not a valid notebook: {str(e).splitlines()[0]}"
    cells = nb.get("cells", [])
    for i, cell in enumerate(cells):
        yield from cell_problems(i, cell)
    saved = {mime for c in cells for o in c.get("outputs", []) for mime in o.get("data", {})}
    if api and not saved & FIGURES:
        yield "an API notebook without a saved figure"


def main():
    parser = argparse.ArgumentParser(description="Check what the notebooks in nbs/ have saved.")
    parser.add_argument(
        "--root",
        type=Path,
        default=Path(__file__).resolve().parent.parent,
        help="the repository (default: this one)",
    )
    root = parser.parse_args().root
    nbs = root / "nbs"
    hidden = lambda p: any(part[0] in "._" for part in p.relative_to(nbs).parts)
    paths = sorted(p for p in nbs.rglob("*.ipynb") if not hidden(p))
    found = [
        f"{p.relative_to(root)}: {line}"
        for p in paths
        for line in problems(p, api=p.parent == nbs and p.name[0].isdigit())
    ]
    for line in found:
        print(line)
    print(f"{len(paths)} notebooks read, {len(found)} violations")
    if found or not paths:
        sys.exit(1)


if __name__ == "__main__":
    main()
