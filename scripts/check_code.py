"""How the exported code reads: counts, and exits 1 when a limit is broken.

Limits: exported cells have a median of at most 12 lines; at least 65 % of them are followed at once
by a demonstration or a test; no line of the package is over 100 columns; no function has over
30 statements or 8 parameters (constructors and configurations excepted, and listed); every public
name has a docstring that explains its parameters, its result and the errors it raises.
"""

import argparse
import ast
import json
import re
import statistics
import sys
from pathlib import Path

LINES, SHARE = 12, 0.65
STATEMENTS, PARAMETERS = 30, 8
COLUMNS = 100
DIRECTIVE = re.compile(r"^\s*#\s*\|\s*(\w+)")
# nbdev writes `__all__`, at most 120 columns wide, and the index of the whole package.
GENERATED = re.compile(r"^(__all__ = |           ['\"])")


class Cell:
    "One code cell: its directives, its own lines, and its syntax tree."

    def __init__(self, cell):
        lines = "".join(cell["source"]).split("\n")
        self.directives = {m[1] for line in lines if (m := DIRECTIVE.match(line))}
        self.lines = [line for line in lines if not DIRECTIVE.match(line)]
        self.code = "\n".join(self.lines)
        try:
            self.tree = ast.parse(self.code)
        except SyntaxError:  # a cell with a magic
            self.tree = ast.parse("")

    @property
    def only_imports(self):
        return all(isinstance(n, ast.Import | ast.ImportFrom) for n in self.tree.body)

    @property
    def exported(self):
        return bool({"export", "exporti", "exports"} & self.directives) and not self.only_imports

    @property
    def demonstrates(self):
        "Is this a cell that shows or tests something?"
        own = not ({"export", "exporti", "default_exp"} & self.directives) and not self.only_imports
        return own and "nbdev_export" not in self.code

    @property
    def length(self):
        return sum(bool(line.strip()) for line in self.lines)


def code_cells(path):
    cells = json.loads(path.read_text(encoding="utf8"))["cells"]
    return [Cell(c) for c in cells if c["cell_type"] == "code"]


def statements_of(node):
    "Statements in a function's body, its own nested functions included, its docstring not."
    inside = sum(isinstance(n, ast.stmt) for n in ast.walk(node)) - 1
    return inside - bool(ast.get_docstring(node))


def parameters_of(node):
    a = node.args
    named = [*a.posonlyargs, *a.args, *a.kwonlyargs]
    return [p for p in named if p.arg not in ("self", "cls")]


def functions(tree):
    "(name, node, is it a method) of every function, with its class's name."
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def raised(node):
    "Names of the exceptions that a function raises itself."
    found = set()
    for n in ast.walk(node):
        if isinstance(n, ast.Raise) and n.exc is not None:
            made = n.exc.func if isinstance(n.exc, ast.Call) else n.exc
            if isinstance(made, ast.Name) and made.id[0].isupper():
                found.add(made.id)
    return found


def missing_docs(name, node, lines):
    "What the documentation of one public function lacks."
    doc = ast.get_docstring(node) or ""
    if not doc:
        yield "no docstring"
        return
    head = lines[node.lineno - 1 : node.body[0].lineno - 1]

    def has_comment(position):
        return "#" in lines[position - 1]

    for p in parameters_of(node):
        if not has_comment(p.lineno) and not re.search(rf"\b{p.arg}\b", doc):
            yield f"`{p.arg}` is not explained"
    returns = node.returns is not None or re.search(r"\)(\s*->.*)?:\s*#", "\n".join(head))
    gives = any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(node))
    gives = gives or any(isinstance(n, ast.Yield | ast.YieldFrom) for n in ast.walk(node))
    if gives and not returns and not re.search(r"[Rr]eturn|[Yy]ield|[Ww]hether|[Ii]s |→", doc):
        yield "its result is not explained"
    for error in sorted(raised(node)):
        if error not in doc:
            yield f"raises {error} without saying so"


def is_patch(node):
    return any(isinstance(d, ast.Name) and d.id == "patch" for d in node.decorator_list)


def public_problems(cell):
    "What public names of an exported cell lack."
    for node in cell.tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield f"{node.name}: no docstring"
            for name, inner in functions(ast.Module([node], [])):
                if not inner.name.startswith("_"):
                    yield from (f"{name}: {p}" for p in missing_docs(name, inner, cell.lines))
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield from (f"{node.name}: {p}" for p in missing_docs(node.name, node, cell.lines))


def over_limits(cell):
    "Functions that are too long or take too much: (line for people, is it excepted)."
    for name, node in functions(cell.tree):
        n, p = statements_of(node), len(parameters_of(node))
        if n > STATEMENTS or p > PARAMETERS:
            constructor = node.name == "__init__"
            yield f"{name}: {n} statements, {p} parameters", constructor


def shape(path):
    "Lengths of exported cells, and for each whether a demonstration follows at once."
    cells = code_cells(path)
    lengths, shown = [], []
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        if cell.exported:
            lengths.append(cell.length)
            shown.append(after is not None and after.demonstrates)
    return cells, lengths, shown


def wide_lines(root):
    for path in sorted((root / "rkcnn_sae").rglob("*.py")):
        if path.name == "_modidx.py":
            continue
        for i, line in enumerate(path.read_text(encoding="utf8").split("\n"), 1):
            if len(line) > COLUMNS and not GENERATED.match(line):
                yield f"{path.relative_to(root)}:{i}: {len(line)} columns"


def report(paths, root):
    "Print the table; return the violations."
    lengths, shown, faults, excepted = [], [], [], []
    print(f"{'notebook':44s} {'cells':>5s} {'median':>7s} {'longest':>8s} {'shown':>6s}")
    for path in paths:
        cells, n, s = shape(path)
        name = str(path.relative_to(root / "nbs"))
        if n:
            share = sum(s) / len(s)
            print(f"{name:44s} {len(n):5d} {statistics.median(n):7.1f} {max(n):8d} {share:6.0%}")
        lengths += n
        shown += s
        for cell in cells:
            for line, fine in over_limits(cell) if cell.exported else ():
                (excepted if fine else faults).append(f"{name}: {line}")
            faults += [f"{name}: {p}" for p in public_problems(cell)] if cell.exported else []
    median, share = statistics.median(lengths), sum(shown) / len(shown)
    print(f"\n{len(lengths)} exported cells: median {median:g} lines (at most {LINES}),", end=" ")
    print(f"{share:.0%} followed at once by a demonstration or test (at least {SHARE:.0%})")
    for line in excepted:
        print(f"excepted, a constructor: {line}")
    if median > LINES:
        faults.append(f"exported cells have a median of {median:g} lines")
    if share < SHARE:
        faults.append(f"only {share:.0%} of the exported cells are demonstrated at once")
    return faults


def main():
    parser = argparse.ArgumentParser(description="Count how the exported code reads.")
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of nbs/api")
    root = Path(__file__).resolve().parent.parent
    args = parser.parse_args()
    every = sorted((root / "nbs/api").rglob("*.ipynb"))
    paths = [p.resolve() for p in args.notebooks] or every
    paths = [p for p in paths if ".ipynb_checkpoints" not in p.parts]
    faults = report(paths, root)
    faults += wide_lines(root) if not args.notebooks else []
    for line in faults:
        print(line)
    print(f"{len(faults)} violations")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
