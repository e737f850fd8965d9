"""README.md from nbs/index.ipynb, by nbconvert: without options it writes, `--check` compares.

GitHub runs no JavaScript and shows no widget, so a picture here is a PNG: each is written to
README_files/ and needs a `#| fig-alt: ...` line in its cell. Relative links are rewritten to work
from the repository's root.
"""

import argparse
import base64
import posixpath
import re
import sys
from itertools import groupby
from pathlib import Path

import nbformat
import yaml
from nbconvert import MarkdownExporter
from nbformat.v4 import new_output

FIRST_LINE = "<!-- made from nbs/index.ipynb by scripts/readme.py: edit that -->"
DIRECTIVE = re.compile(r"^\s*#\s*\|\s*(.*?)\s*$")
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
# The target in `](target)`, in `[name]: target` and in src="target" or href="target".
LINK = re.compile(r"""(\]\(\s*<?|^\[[^\]]+\]:\s+<?|\b(?:src|href)=["'])([^\s)>"']+)""", re.M)
LIVE = "application/vnd.plotly.v1+json", "application/vnd.jupyter.widget-view+json"


class Problem(Exception):
    "Something in the notebook that a README cannot show."


def split_directives(source):
    "The `#|` lines as a dictionary, and the source without them."
    kept, found = [], {}
    for line in source.split("\n"):
        m = DIRECTIVE.match(line)
        if not m:
            kept.append(line)
            continue
        key, _, value = m[1].partition(":")
        found[key.strip()] = yaml.safe_load(value) if value.strip() else True
    return found, "\n".join(kept).strip("\n")


def fenced(text):
    "`text` as a block whose fence is longer than any fence in it; None when it is empty."
    text = "\n".join(line.rstrip() for line in ANSI.sub("", text).split("\n")).strip("\n")
    fence = max(re.findall("`{3,}", text), key=len, default="``") + "`"
    return f"{fence}\n{text}\n{fence}" if text else None


def lines(text):
    "Each line of Markdown `text`, and whether it belongs to a fenced block."
    fence = None
    for line in text.split("\n"):
        m = FENCE.match(line)
        yield line, bool(fence or m)
        if fence is None:
            fence = m and m[1]
        elif m and m[1].startswith(fence) and line.strip() == m[1]:
            fence = None


def outside_code(text, change):
    "Apply `change` to what is in neither a fenced block nor `code`."
    out = []
    for code, group in groupby(lines(text), key=lambda pair: pair[1]):
        part = "\n".join(line for line, _ in group)
        spans = [part] if code else re.split(r"(`+[^`]+`+)", part)
        out.append(
            part if code else "".join(s if i % 2 else change(s) for i, s in enumerate(spans))
        )
    return "\n".join(out)


def squeeze(text):
    "One blank line where there are several, except in code."
    out = []
    for line, code in lines(text.strip()):
        if code or line.strip() or out[-1]:
            out.append(line if code or line.strip() else "")
    return "\n".join(out)


class Readme:
    "The text of README.md and the bytes of its pictures, for the repository at `root`."

    def __init__(self, root):
        self.root, self.images = Path(root), {}
        nb = nbformat.read(self.root / "nbs/index.ipynb", as_version=4)
        self.text = self.render(nb)

    def link(self, m):
        "One link: absolute addresses and anchors stay, paths from nbs/ become paths from the root."
        before, target = m[1], m[2]
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//|/|#", target):
            return m[0]
        path, mark, rest = re.match(r"([^#?]*)([#?]?)(.*)", target).groups()
        path = posixpath.normpath(posixpath.join("nbs", path))
        if path.startswith("..") or not (self.root / path).exists():
            raise Problem(f"nbs/index.ipynb links to {target}, and there is no {path}")
        return before + path + mark + rest

    def markdown(self, text):
        return outside_code(text, lambda t: LINK.sub(self.link, t))

    def picture(self, data, alt, where):
        "Keep one PNG; the Markdown that shows it."
        if not alt or not str(alt).strip():
            raise Problem(f"{where}: a picture without a `#| fig-alt: ...` line")
        name = f"README_files/index_{len(self.images) + 1}.png"
        self.images[name] = base64.b64decode(data)
        alt = re.sub(r"([\\\[\]])", r"\\\1", " ".join(str(alt).split()))
        return f"![{alt}]({name})"

    def output(self, o, directives, where):
        "One output as Markdown, or None for what a README leaves out (warnings and progress bars)."
        if o.output_type == "error":
            raise Problem(f"{where}: the cell stores an error, {o.ename}: {o.evalue}")
        if o.output_type == "stream":
            return fenced(o.text) if o.name == "stdout" else None
        if "text/markdown" in o.data:
            return self.markdown(o.data["text/markdown"])
        if "image/png" in o.data:
            return self.picture(o.data["image/png"], directives.get("fig-alt"), where)
        if any(k in o.data for k in LIVE):
            raise Problem(f"{where}: GitHub shows no plotly figure and no widget; draw a PNG")
        return fenced(o.data.get("text/plain", ""))

    def code(self, cell, n):
        "The code cell as the README has it: True when anything of it is left."
        directives, cell.source = split_directives(cell.source)
        if directives.get("hide"):
            return False
        hide_input = directives.get("echo") is False or not cell.source.strip()
        cell.metadata = nbformat.from_dict({"transient": {"remove_source": hide_input}})
        where = f"nbs/index.ipynb, cell {n}"
        shown = (
            []
            if directives.get("output") is False
            else [self.output(o, directives, where) for o in cell.outputs]
        )
        if sum(s.startswith("![") for s in shown if s and "(README_files/" in s) > 1:
            raise Problem(
                f"{where}: more than one picture for one fig-alt; draw each in a cell of its own"
            )
        cell.outputs = [new_output("display_data", {"text/markdown": s}) for s in shown if s]
        return bool(cell.outputs) or not hide_input

    def render(self, nb):
        "All of README.md."
        cells = []
        for n, cell in enumerate(nb.cells):
            if (
                n == 0
                and cell.cell_type in ("raw", "markdown")
                and re.match(r"---\n.*?\n---\s*$", cell.source, re.S)
            ):
                continue
            if cell.cell_type == "code" and not self.code(cell, n):
                continue
            if cell.cell_type == "markdown":
                cell.source = self.markdown(cell.source)
            if cell.cell_type != "raw":
                cells.append(cell)
        nb.cells = cells
        nb.metadata = nbformat.from_dict({"language_info": {"name": "python"}})
        body, _ = MarkdownExporter().from_notebook_node(nb)
        return f"{FIRST_LINE}\n\n{squeeze(body)}\n"


def differences(readme):
    "What is on disk and should not be, or the other way round: one line each."
    root = readme.root
    want = {"README.md": readme.text.encode(), **readme.images}
    have = {
        p.relative_to(root).as_posix() for p in (root / "README_files").rglob("*") if p.is_file()
    }
    for name, content in want.items():
        path = root / name
        if not path.exists():
            yield name, "is missing"
        elif path.read_bytes() != content:
            yield name, "is not what nbs/index.ipynb gives"
    for name in sorted(have - set(want)):
        yield name, "is stale: nbs/index.ipynb no longer has that picture"


def main():
    parser = argparse.ArgumentParser(
        description="Make README.md and README_files/ from nbs/index.ipynb."
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 and name what differs"
    )
    parser.add_argument(
        "--root",
        default=Path(__file__).resolve().parent.parent,
        help="the repository (default: this one)",
    )
    args = parser.parse_args()
    try:
        readme = Readme(args.root)
    except (Problem, OSError, yaml.YAMLError) as e:
        sys.exit(f"readme: {e}")
    changed = list(differences(readme))
    for name, what in changed:
        print(
            f"{name} {what}"
            if args.check
            else f"wrote {name}"
            if "stale" not in what
            else f"removed {name}"
        )
    if args.check and changed:
        sys.exit("readme: run python scripts/readme.py")
    if args.check:
        print(f"README.md and {len(readme.images)} pictures are what nbs/index.ipynb gives")
    if args.check or not changed:
        return
    folder = readme.root / "README_files"
    for name, what in changed:
        path = readme.root / name
        if "stale" in what:
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(readme.text.encode() if name == "README.md" else readme.images[name])
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()


if __name__ == "__main__":
    main()
