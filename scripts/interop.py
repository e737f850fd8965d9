"""Starts compared in other people's tools: `python scripts/interop.py` writes results/interop/interop_results.json.

Two parts: SAELens's own trainer on activations of the packaged model, and SAELens's synthetic benchmark. In both, each start is first tried
at several learning rates on a seed of its own, and then compared at its best one on the seeds that count. Needs sae-lens.
"""
import argparse, importlib.metadata, time
from pathlib import Path

import torch

from rkcnn_sae.experiments import provenance, write_results
from rkcnn_sae.interop import saelens_run, synthetic_run
from rkcnn_sae.lm import load_lm, load_texts
from rkcnn_sae.stats import summarise
from rkcnn_sae.store import harvest_cached

CONTROL = "datapoint/matched+3"
TRAINING = dict(starts=["saelens", "random", CONTROL, "rkcnn"], n_latents=1152, k=32, steps=100, batch_size=512, hook_point="mlp_out", layer=15, max_tokens=40_000, n_held=8000)
SYNTHETIC = dict(starts=["random", "datapoint", "kmeans", CONTROL, "rkcnn"], n_features=1024, d_model=128, n_latents=1024, k=8, steps=150, batch_size=512, n=20_000)
RATES, SEEDS, SELECTION = [1e-3, 3e-3, 1e-2], [0, 1, 2], 100


def compare(name, run, starts, key, sign):
    "Rows of all starts at their own best rate, and the rates; `key` of a row decides, `sign` 1 when less is better."
    rows, rates, tried = [], {}, []
    for start in starts:
        found = [(lr, key(run(start, SELECTION, lr))) for lr in RATES]
        rates[start] = min(found, key=lambda f: sign * f[1])[0]
        tried += [dict(arm=start, seed=SELECTION, lr=lr, value=v) for lr, v in found]
        for seed in SEEDS:
            rows.append(run(start, seed, rates[start]))
            print(f"{name:10s} {start:20s} lr {rates[start]:g} seed {seed}: {key(rows[-1]):.4f}", flush=True)
    return dict(rows=rows, rates=rates, selection=tried)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "results" / "interop", help="folder of the results file")
    parser.add_argument("--cache", type=Path, default=Path("cache"), help="where harvested activations are kept")
    a = parser.parse_args()
    began, origin, t = time.perf_counter(), provenance(), TRAINING
    store = harvest_cached(load_lm("smollm2-135m", "cpu"), load_texts("docs"), t["hook_point"], t["layer"], t["max_tokens"], cache_dir=a.cache)
    x = torch.as_tensor(store.x)
    fit, held = x[:-t["n_held"]], x[-t["n_held"]:]
    shape = {k: t[k] for k in ("n_latents", "k", "steps", "batch_size")}
    training = compare("training", lambda start, seed, lr: saelens_run(start, seed, fit, held, lr=lr, **shape), t["starts"], lambda r: r["fvu"], 1)
    training["summary"] = summarise(training["rows"], ours="rkcnn", controls=[CONTROL], baseline="saelens")
    size = {k: v for k, v in SYNTHETIC.items() if k != "starts"}
    synthetic = compare("synthetic", lambda start, seed, lr: synthetic_run(start, seed, lr=lr, **size), SYNTHETIC["starts"], lambda r: r["end"]["f1"], -1)
    write_results(a.out, "interop", **origin, peers={"sae-lens": importlib.metadata.version("sae-lens")}, source=store.meta, seconds=time.perf_counter() - began,
                  config=dict(training=t, synthetic=SYNTHETIC, rates=RATES, seeds=SEEDS, selection_seed=SELECTION, control=CONTROL), training=training, synthetic=synthetic)


if __name__ == "__main__": main()
