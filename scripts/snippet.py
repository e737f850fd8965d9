"""Run the Python blocks of README.md, and every promised import, on random activations."""

import argparse
import re
import sys
from importlib import import_module
from pathlib import Path

import torch

FACE = [
    "RkCNNProbe",
    "mine_directions",
    "load_lm",
    "load_texts",
    "harvest",
    "SAEConfig",
    "SparseAutoencoder",
    "train",
    "TrainConfig",
    "compare",
    "summarise",
    "save_sae",
    "load_sae",
    "mine_and_seed_",
]
PROMISED = {
    "rkcnn_sae": FACE,
    "rkcnn_sae.models": ["RkCNNSparseAutoencoder", "RkCNNSAEConfig"],
    "rkcnn_sae.experiments": ["compare"],
}


class TopKTrainingSAE(torch.nn.Module):
    "The layout of SAELens's TopK SAE, for a README that seeds one."

    def __init__(self, d, n, k):
        super().__init__()
        self.W_dec = torch.nn.Parameter(torch.nn.functional.normalize(torch.randn(n, d), dim=1))
        self.W_enc = torch.nn.Parameter(self.W_dec.detach().T.clone())
        self.b_enc = torch.nn.Parameter(torch.zeros(n))
        self.b_dec = torch.nn.Parameter(torch.zeros(d))
        self.cfg = Settings(k=k, rescale_acts_by_decoder_norm=True)


class Settings(dict):
    to_dict = dict.copy


TopKTrainingSAE.__module__ = "sae_lens.stand_in"


def blocks(text):
    "The Python blocks of a README."
    return re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)


def names_for(code):
    "What a block finds defined: activations of a width that it asks for, a batch, an SAE."
    torch.manual_seed(0)
    if "RkCNNProbe(" in code:
        activations = torch.randn(2000, 768)
    else:  # many rows, few dimensions: a comparison trains fifteen SAEs on them
        activations = torch.randn(42_000, 8) * torch.linspace(1, 3, 8)
    sae = TopKTrainingSAE(activations.shape[1], 64, 4)
    return {"__name__": "snippet", "activations": activations, "x": activations[:64], "sae": sae}


def main():
    parser = argparse.ArgumentParser(description="Run README.md's Python and promised imports.")
    here = Path(__file__).resolve().parent.parent
    parser.add_argument("--root", type=Path, default=here, help="the repository (default: this)")
    text = (parser.parse_args().root / "README.md").read_text(encoding="utf8")
    for module, names in PROMISED.items():
        for name in names:
            found = getattr(import_module(module), name)
            if not callable(found):
                sys.exit(f"snippet: {module}.{name} is {found!r}")
    found = blocks(text)
    if not any("RkCNNProbe(" in code for code in found):
        sys.exit("snippet: README.md has no python block with RkCNNProbe(")
    for code in found:
        names = names_for(code)
        if "range(5)" in code:  # the same calls, small
            code = code.replace("4608", "64").replace("range(5)", "range(1)")
        exec(compile(code, "README.md", "exec"), names)
    lines, n = sum(len(code.splitlines()) for code in found), sum(map(len, PROMISED.values()))
    print(
        f"{len(found)} Python blocks of README.md ran, {lines} lines; {n} promised names are there"
    )


if __name__ == "__main__":
    main()
