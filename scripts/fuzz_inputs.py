"""Files and values that are not what they should be: one clear line or a right result, never more.

`python scripts/fuzz_inputs.py --examples 20` tries so many random inputs on every reader and
configuration: files cut at any byte, with bytes changed or empty; numbers that are huge, tiny, NaN,
or of another type; names in any script. What is neither a result nor a `ValueError` of one line is
a fault; so is a file that is left behind. Needs hypothesis.
"""

import argparse
import json
import sys
import tempfile
import time
import warnings
from dataclasses import fields
from pathlib import Path

import numpy as np
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rkcnn_sae.base import check_activations
from rkcnn_sae.core.miners import mine_directions
from rkcnn_sae.data.activation_cache import open_store
from rkcnn_sae.data.harvest import harvest
from rkcnn_sae.data.lm import load_lm, tiny_gpt2
from rkcnn_sae.data.texts import load_texts, texts_of
from rkcnn_sae.experiments.phase1 import Phase1Config
from rkcnn_sae.experiments.phase2 import Phase2Config
from rkcnn_sae.experiments.replication import ReplicationConfig
from rkcnn_sae.experiments.results import read_config, read_results, write_results
from rkcnn_sae.experiments.sites import SitesConfig
from rkcnn_sae.experiments.sweep import SweepConfig
from rkcnn_sae.interop.files import read_saelens, write_saelens
from rkcnn_sae.models.checkpoints import read_checkpoint, write_checkpoint
from rkcnn_sae.models.files import load_sae, save_sae
from rkcnn_sae.models.sae import SAEConfig, SparseAutoencoder
from rkcnn_sae.models.training import TrainConfig

CONFIGS = [SAEConfig, TrainConfig, Phase1Config, Phase2Config, SitesConfig]
CONFIGS += [SweepConfig, ReplicationConfig]
TRIED = {}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=12),
    st.binary(max_size=6),
    st.lists(st.one_of(st.integers(-3, 3), st.text(max_size=3)), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def refused_in_a_line(what, call):
    "Run `call`; fail unless it gives a result or a `ValueError` of one line."
    TRIED[what] = TRIED.get(what, 0) + 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return call()
        except ValueError as e:
            lines = str(e).strip().splitlines()
            assert len(lines) == 1, f"{what}: {len(lines)} lines: {str(e)[:300]!r}"
            return None


@st.composite
def damage(draw):
    "How a file is damaged: cut at a place, or bytes changed at a place."
    return draw(st.floats(0, 1)), draw(st.one_of(st.none(), st.binary(max_size=9)))


def damaged(content: bytes, how) -> bytes:
    "`content` cut (no replacement) or overwritten at a place."
    at, bytes_ = int(how[0] * len(content)), how[1]
    return content[:at] if bytes_ is None else content[:at] + bytes_ + content[at + len(bytes_) :]


class Sample:
    "A folder of good files, made once, and how each is read."

    def __init__(self, root):
        self.root = Path(root)
        torch.manual_seed(0)
        sae = SparseAutoencoder(SAEConfig(8, 16, activation="topk", k=2))
        save_sae(sae, self.root / "sae")
        write_saelens(sae, self.root / "saelens")
        write_results(self.root, "toy", rows=[dict(arm="random", fvu=0.5)])
        write_checkpoint(self.root / "run", dict(w=torch.randn(4, 3)), dict(step=1))
        self.lm = load_lm(tiny_gpt2(self.root / "lm"))
        where = self.root / "store"
        text = texts_of(["all work and no play " * 40])
        harvest(self.lm, text, "mlp_out", 0, n_tokens=62, context=32, path=where, progress=False)
        (self.root / "config.yaml").write_text("k: 4\nlr: 1e-3\narms: [random, rkcnn]\n")
        (self.root / "text.txt").write_text("A text.\n\nAnother one, with ünïcode: 日本語.\n")
        (self.root / "lines.jsonl").write_text('{"text": "one"}\n{"text": "two"}\n')

    def readers(self):
        "(name, the file that is damaged, how its folder is read)."
        root = self.root
        checkpoint = next((root / "run").glob("*.safetensors"))
        yield "load_sae, cfg.json", root / "sae/cfg.json", lambda: load_sae(root / "sae")
        weights = root / "sae/sae_weights.safetensors"
        yield "load_sae, weights", weights, lambda: load_sae(root / "sae")
        peer = root / "saelens"
        yield "read_saelens, cfg.json", peer / "cfg.json", lambda: read_saelens(peer)
        weights = peer / "sae_weights.safetensors"
        yield "read_saelens, weights", weights, lambda: read_saelens(peer)
        yield "read_checkpoint", checkpoint, lambda: read_checkpoint(checkpoint)
        results = root / "toy_results.json"
        yield "read_results", results, lambda: read_results(results)
        store = root / "store"
        yield "open_store, manifest", store / "manifest.json", lambda: open_store(store)
        rows = next(store.glob("blocks*.npy"))
        yield "open_store, rows", rows, lambda: open_store(store, verify="checksum")
        yaml = root / "config.yaml"
        yield "read_config", yaml, lambda: read_config(Phase2Config, yaml)
        for name in ("text.txt", "lines.jsonl"):
            yield f"load_texts, {name}", root / name, lambda f=root / name: load_texts(str(f))


def try_damage(name, path, read, limits):
    "One reader on a file that is damaged in many ways and put back each time."
    good = path.read_bytes()

    @limits
    @given(damage())
    def one(how):
        path.write_bytes(damaged(good, how))
        try:
            refused_in_a_line(name, read)
        finally:
            path.write_bytes(good)

    one()
    assert read() is not None, name


def fuzz_files(sample, limits):
    "Every reader on damaged files."
    for name, path, read in sample.readers():
        try_damage(name, path, read, limits)
    left = [str(p) for p in sample.root.rglob("*.tmp")]
    assert not left, f"left behind: {left}"


def try_values(kind, limits):
    "One configuration with odd values in one or two of its fields."
    names = [*(f.name for f in fields(kind)), "no such field"]
    needed = dict(d_model=8, n_latents=16) if kind is SAEConfig else {}

    @limits
    @given(st.dictionaries(st.sampled_from(names), ODD, max_size=2))
    def one(values):
        refused_in_a_line(kind.__name__, lambda: kind(**(needed | values)))

    one()


def fuzz_configs(limits):
    "Every configuration."
    for kind in CONFIGS:
        try_values(kind, limits)


def fuzz_activations(limits):
    "Odd arrays for the functions that take activations."
    shapes = st.lists(st.integers(0, 5), max_size=3)
    kinds = st.sampled_from(["f2", "f4", "f8", "i4", "?", "U3"])

    @limits
    @given(shapes, kinds, st.sampled_from([0, 1, -1, np.nan, np.inf, 1e30, 1e-30]))
    def one(shape, kind, value):
        fill = value if kind[0] == "f" else 1
        with np.errstate(over="ignore"):
            x = np.full(shape, fill, kind)
        if kind != "U3":
            refused_in_a_line("check_activations", lambda: check_activations(x))
            refused_in_a_line("mine_directions", lambda: mine_directions(x, 2, seed=0))
        else:
            refused_in_a_line("check_activations, text", lambda: check_activations(x))

    one()


def fuzz_texts(limits):
    "Documents of any kind."

    @limits
    @given(st.lists(st.one_of(st.text(max_size=20), st.none(), st.integers()), max_size=4))
    def one(docs):
        refused_in_a_line("texts_of", lambda: texts_of(docs))

    one()


def main():
    parser = argparse.ArgumentParser(description="Try odd files and values on every reader.")
    parser.add_argument("--examples", type=int, default=20, help="of each kind (default: 20)")
    args = parser.parse_args()
    limits = settings(
        max_examples=args.examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as tmp:
        fuzz_files(Sample(tmp), limits)
    fuzz_configs(limits)
    fuzz_activations(limits)
    fuzz_texts(limits)
    print(json.dumps(TRIED, indent=1))
    print(f"{sum(TRIED.values()):,} inputs tried in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
