"""The reference's own figures, from a clone of its repository.

`python scripts/reference.py CLONE` writes results/reference/reference_results.json.
"""

import argparse
import json
import subprocess
from pathlib import Path

from rkcnn_sae.base import write_json

SOURCE = "https://github.com/stchakwdev/RkCNN_SAE"
FILES = dict(
    toy="results/phase1/phase1_results.json",
    headline="results/phase2_real_gpt2_results.json",
    layers="results/multi_layer_real_results.json",
    sweep="results/hyperparam_sweep/hyperparam_sweep_results.json",
)


def arm(r):
    "One SAE: what its results file says of it."
    return dict(
        dead=r["n_dead_latents"], l0=r["l0_sparsity"], explained_variance=r["explained_variance"]
    )


def pair(r):
    "The two SAEs of one comparison."
    return dict(
        baseline=arm(r["baseline"]),
        seeded=arm(r["rkcnn"]),
        n_seeded=r["rkcnn"]["n_rkcnn_initialized"],
    )


def git(clone, *words):
    "What git says of a clone."
    run = ["git", "-C", clone, *words]
    return subprocess.run(run, check=True, capture_output=True, text=True).stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clone", help="a clone of the reference's repository, bare or not")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(__file__).resolve().parent.parent / "results/reference/reference_results.json",
    )
    args = parser.parse_args()
    commit = git(args.clone, "rev-parse", "HEAD").strip()
    toy, headline, layers, sweep = (
        json.loads(git(args.clone, "show", f"HEAD:{file}")) for file in FILES.values()
    )
    out = dict(
        source=SOURCE,
        commit=commit,
        files=FILES,
        toy=dict(
            top_score=toy["scores"]["top_1"],
            mean_score=toy["scores"]["all_mean"],
            cv=toy["success_criteria"]["score_cv"],
            recovery=toy["feature_recovery"]["recovery_rate"],
            config=toy["config"],
        ),
        headline=pair(headline)
        | dict(n_latents=headline["config"]["n_latents"], config=headline["config"]),
        layers=[
            pair(r) | dict(layer=r["layer"], width=r["d_model"], n_latents=r["n_latents"])
            for r in layers["layers"]
        ],
        layers_config=layers["config"],
        sweep=[
            dict(
                h=r["h"],
                fraction=r["frac"],
                score=r["score"],
                l1=r["l1"],
                baseline=r["baseline_dead"],
                seeded=r["rkcnn_dead"],
            )
            for r in sweep
        ],
    )
    args.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(args.out, out)
    n, cells = len(out["layers"]), len(out["sweep"])
    print(f"{args.out}: {n} layers, {cells} cells of the sweep, commit {commit[:7]}")


if __name__ == "__main__":
    main()
