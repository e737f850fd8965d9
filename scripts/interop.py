"""Starts compared in other people's tools: writes results/interop/interop_results.json.

Two parts, a process for each: SAELens's own trainer on activations of the packaged model, and
SAELens's synthetic benchmark. In both, each start is first tried with several settings on a seed of
its own, and then compared at its best one on the seeds that count. Needs sae-lens.
"""

import argparse
import importlib.metadata
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import torch

from rkcnn_sae.data.harvest import harvest_cached
from rkcnn_sae.data.lm import load_lm
from rkcnn_sae.data.texts import load_texts
from rkcnn_sae.evaluation.stats import summarise
from rkcnn_sae.experiments.results import provenance, write_results
from rkcnn_sae.interop.trials import saelens_run, synthetic_run

CONTROL = "control"
TRAINING = dict(
    starts=["saelens", "random", CONTROL, "rkcnn"],
    n_latents=1152,
    k=32,
    steps=60,
    batch_size=512,
    hook_point="mlp_out",
    layer=15,
    max_tokens=40_000,
    n_held=8000,
    settings=[dict(lr=lr, decoder_norm=norm) for norm in (0.1, 1.0) for lr in (1e-3, 3e-3)],
)
SYNTHETIC = dict(
    starts=["random", "datapoint", "kmeans", CONTROL, "rkcnn"],
    n_features=1024,
    d_model=128,
    n_latents=1024,
    k=8,
    steps=150,
    batch_size=512,
    n=20_000,
    settings=[dict(lr=lr) for lr in (3e-4, 1e-3, 3e-3)],
)
SEEDS, SELECTION = [0, 1, 2], 100


def fvu(row):
    return row["fvu"]


def f1(row):
    return -row["end"]["f1"]


def compare(name, run, starts, settings, cost):
    """Rows of all starts, each with the settings of least `cost` on the selection seed.

    Returns them with those settings and all that were tried.
    """
    rows, best, tried = [], {}, []
    for start in starts:
        found = [cost(run(start, SELECTION, **s)) for s in settings]
        best[start] = settings[found.index(min(found))]
        tried += [
            dict(arm=start, seed=SELECTION, cost=c, **s)
            for s, c in zip(settings, found, strict=True)
        ]
        for seed in SEEDS:
            rows.append(run(start, seed, **best[start]))
            print(
                f"{name:10s} {start:20s} {best[start]} seed {seed}: {abs(cost(rows[-1])):.4f}",
                flush=True,
            )
    return dict(rows=rows, settings=best, selection=tried)


def train_saelens(start, seed, x, held, **settings):
    return saelens_run(
        start,
        seed,
        x,
        held,
        **{k: TRAINING[k] for k in ("n_latents", "k", "steps", "batch_size")},
        **settings,
    )


def benchmark(start, seed, **settings):
    return synthetic_run(
        start,
        seed,
        **{k: v for k, v in SYNTHETIC.items() if k not in ("starts", "settings")},
        **settings,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(__file__).resolve().parent.parent / "results" / "interop",
        help="folder of the results file",
    )
    parser.add_argument(
        "--cache", type=Path, default=Path("cache"), help="where harvested activations are kept"
    )
    a = parser.parse_args()
    began, origin, t = time.perf_counter(), provenance(), TRAINING
    store = harvest_cached(
        load_lm("smollm2-135m", "cpu"),
        load_texts("docs"),
        t["hook_point"],
        t["layer"],
        t["max_tokens"],
        cache_dir=a.cache,
    )
    x = torch.as_tensor(store.x)
    fit, held = x[: -t["n_held"]], x[-t["n_held"] :]
    with ProcessPoolExecutor(2) as pool:
        training = pool.submit(
            compare,
            "training",
            partial(train_saelens, x=fit, held=held),
            t["starts"],
            t["settings"],
            fvu,
        )
        synthetic = pool.submit(
            compare, "synthetic", benchmark, SYNTHETIC["starts"], SYNTHETIC["settings"], f1
        )
        training, synthetic = training.result(), synthetic.result()
    training["summary"] = summarise(
        training["rows"], ours="rkcnn", controls=[CONTROL], baseline="saelens"
    )
    write_results(
        a.out,
        "interop",
        **origin,
        peers={"sae-lens": importlib.metadata.version("sae-lens")},
        source=store.meta,
        seconds=time.perf_counter() - began,
        config=dict(
            training=t, synthetic=SYNTHETIC, seeds=SEEDS, selection_seed=SELECTION, control=CONTROL
        ),
        training=training,
        synthetic=synthetic,
    )


if __name__ == "__main__":
    main()
