"""What size costs on this machine: memory under an enforced limit, and speeds.

`python scripts/scaling.py` writes results/scaling/scaling_results.json. Each part runs in a process
of its own. Peaks are VmHWM (resident memory, mapped pages too), reset once imports and model are
there, so this runs on Linux only.
"""

import argparse
import hashlib
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

MB = 2**20
STORE_SITES = ["resid_pre", "resid_mid", "resid_post", "attn_out", "mlp_out"]
WIDE = dict(
    d=2048, n_latents=1024, k=16, batch=1024, buffer_rows=4096
)  # narrow SAE, wide rows: the disk gets its turn
SHAPES = {
    6144: [1024, 256, 4096],
    24576: [1024, 256, 4096],
    131072: [1024],
}  # latents: batches, of SAEs on width 768
TEXT = ["the same words over and over, for a model that has learnt nothing. " * 100] * 40
TIMES = 5  # more bytes than the process may ever hold


def status(key):
    "A line of /proc/self/status, in bytes."
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key + ":")) * 1024


def begin(allowed=None):
    """Let peaks count from now on; returns the resident bytes.

    With `allowed`, the process may take only so many more bytes of private memory.
    """
    Path("/proc/self/clear_refs").write_text("5")
    if allowed:
        resource.setrlimit(resource.RLIMIT_DATA, (status("VmData") + allowed,) * 2)
    return status("VmRSS")


def memory(before, allowed):
    "What a part reports of its memory, in bytes; `grew` is what imports and model do not explain."
    peak = status("VmHWM")
    return dict(
        allowed=allowed,
        before=before,
        peak=peak,
        grew=peak - before,
        maxrss=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def harvest_memory(tmp, allowed=256 * MB):
    "Five sites of each of twelve layers, to disk: `TIMES` the bytes that the process may hold."
    from rkcnn_sae.data.harvest import harvest
    from rkcnn_sae.data.lm import load_lm, tiny_gpt2
    from rkcnn_sae.data.texts import texts_of

    lm, texts = load_lm(tiny_gpt2(tmp / "lm", n_layers=12, d_model=256)), texts_of(TEXT)
    what = dict(hook_points=STORE_SITES, layers=range(12), batch_size=4)
    row = 12 * len(STORE_SITES) * lm.d_model * 4
    before = begin(allowed)
    rows = -(-TIMES * (before + allowed) // row)
    start = time.perf_counter()
    store = harvest(lm, texts, n_tokens=rows, path=tmp / "harvested", progress=False, **what)
    seconds = time.perf_counter() - start
    data = sum(f.stat().st_size for f in (tmp / "harvested").glob("*.npy"))
    return memory(before, allowed) | dict(
        rows=rows,
        sites=len(store.sites),
        d=lm.d_model,
        batch_rows=4 * 127,
        data=data,
        seconds=seconds,
    )


def write_store(tmp, path, rows, d):
    "A store of random numbers, written as `harvest` writes: the same 8,192 rows over and over."
    from rkcnn_sae.data.activation_cache import _header
    from rkcnn_sae.data.harvest import StoreWriter, harvest
    from rkcnn_sae.data.lm import load_lm, tiny_gpt2
    from rkcnn_sae.data.texts import texts_of

    lm, site = load_lm(tiny_gpt2(tmp / "lm2")), "blocks.1.hook_mlp_out"
    harvest(lm, texts_of(TEXT), "mlp_out", 1, n_tokens=127, path=tmp / "pattern", progress=False)
    tokens = np.zeros((-(-rows // 127), 128), "i8")
    path.mkdir()
    (path / "tokens.npy").write_bytes(_header(*tokens.shape, "<i8") + tokens.tobytes())
    meta = json.loads((tmp / "pattern/manifest.json").read_text()) | dict(
        widths={site: d}, rows=rows, shard_rows=8192, shards=[]
    )
    meta["tokens_sha256"] = hashlib.sha256((path / "tokens.npy").read_bytes()).hexdigest()
    writer, x = (
        StoreWriter(path, meta),
        np.random.default_rng(0).standard_normal((8192, d), dtype="f4"),
    )
    whole = hashlib.sha256(x).hexdigest()
    for k, lo in enumerate(range(0, rows, 8192)):
        part = x[: rows - lo]
        writer.put(site, lo, part)
        writer.keep(k, {site: whole if len(part) == 8192 else hashlib.sha256(part).hexdigest()})
    writer.close()
    return {}


def train_memory(tmp, path=None, allowed=320 * MB):
    """One epoch from a stream, or with no `path` twenty steps on a small array.

    The SAE, the batches and the limit are the same.
    """
    from rkcnn_sae.data.activation_cache import open_store
    from rkcnn_sae.models.sae import SAEConfig, SparseAutoencoder
    from rkcnn_sae.models.training import TrainConfig, train

    c = WIDE
    sae = SparseAutoencoder(SAEConfig(c["d"], c["n_latents"], activation="topk", k=c["k"]))
    if path is None:
        data, steps, extra = torch.randn(2 * c["batch"], c["d"]), 20, {}
    else:
        store = open_store(path)
        site = store[store.sites[0]]
        data = site.stream(buffer_rows=c["buffer_rows"])
        steps, extra = (
            len(site) // c["batch"],
            dict(data=len(site) * site.row_bytes, rows=len(site), buffer_bytes=data.buffer_bytes),
        )
    before = begin(allowed)
    if path is not None:
        try:
            site.read(slice(None))
        except MemoryError as e:
            extra["whole"] = f"MemoryError: {e}"
        else:
            raise SystemExit("the data fit into the memory allowed: the limit does not hold")
    result = train(sae, data, TrainConfig(steps=steps, batch_size=c["batch"]))
    return (
        memory(before, allowed)
        | extra
        | dict(
            steps=steps,
            seconds=result.seconds,
            first_loss=result.losses[0].item(),
            last_loss=result.losses[-1].item(),
        )
    )


def step_speed(tmp, n_latents, d=768, k=32, seconds=3.0):
    "Seconds of whole training steps, and the memory of a step with the first batch size."
    from rkcnn_sae.experiments.bench import Shape, start_sae
    from rkcnn_sae.models.steps import flush_denormals
    from rkcnn_sae.models.training import TrainConfig, Trainer

    rows, before, used = [], begin(), None
    trainer = Trainer(start_sae(Shape(d, n_latents, k, 1024)), TrainConfig(steps=10_000))
    with flush_denormals():
        for b in SHAPES[n_latents]:
            x = torch.randn(b, d)
            trainer.step(x)
            trainer.step(x)
            if used is None:
                setup = status("VmHWM")
                begin()
                trainer.step(x)
                used = memory(before, None) | dict(setup_grew=setup - before)
            took = []
            while len(took) < 3 or sum(took) < seconds:
                start = time.perf_counter()
                trainer.step(x)
                took.append(time.perf_counter() - start)
            rows.append(
                dict(
                    d=d,
                    n_latents=n_latents,
                    k=k,
                    batch=b,
                    steps=len(took),
                    seconds_per_step=float(np.median(took)),
                    slowest=max(took),
                    fastest=min(took),
                )
            )
    return dict(memory=used, rows=rows)


def harvest_speed(tmp):
    "GPT-2 small's shape with random weights and two attention heads, harvested to disk."
    from rkcnn_sae.data.harvest import harvest
    from rkcnn_sae.data.lm import load_lm, tiny_gpt2
    from rkcnn_sae.data.texts import texts_of

    lm, texts, per, rows = (
        load_lm(tiny_gpt2(tmp / "gpt2", n_layers=12, d_model=768)),
        texts_of(TEXT),
        16 * 127,
        [],
    )
    harvest(lm, texts, "mlp_out", range(12), n_tokens=per, path=tmp / "warm", progress=False)
    for layers in ([6], list(range(12))):
        n, start = 3 * per, time.perf_counter()
        harvest(
            lm,
            texts,
            "mlp_out",
            layers,
            n_tokens=n,
            path=tmp / f"sites{len(layers)}",
            progress=False,
        )
        took = time.perf_counter() - start
        rows.append(
            dict(
                sites=len(layers),
                last_layer=max(layers),
                d=768,
                context=128,
                tokens=n,
                seconds=took,
                tokens_per_second=n / took,
            )
        )
    return dict(rows=rows)


def part(name, tmp, **how):
    "Run a function of this file in a process of its own; its result."
    print(name, *(f"{k}={v}" for k, v in how.items()), flush=True)
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); "
        "import scaling, json; from pathlib import Path; "
        f"print(json.dumps(scaling.{name}(Path({str(tmp)!r}), **{how!r})))".replace(
            "PosixPath", "Path"
        )
    )
    r = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | dict(TQDM_DISABLE="1"),
    )
    if r.returncode:
        sys.exit(f"scaling: {name} failed with exit status {r.returncode}")
    out = json.loads(r.stdout.splitlines()[-1])
    print("   ", {k: v for k, v in out.items() if not isinstance(v, (list, dict))}, flush=True)
    return out


def main():
    parser = argparse.ArgumentParser(
        description="Measure memory and speed, and write results/scaling/scaling_results.json."
    )
    parser.add_argument(
        "--out",
        default="results/scaling",
        help="folder of the results file (default: results/scaling)",
    )
    out, start = parser.parse_args().out, time.perf_counter()
    if not Path("/proc/self/clear_refs").exists():
        sys.exit("scaling: needs Linux, whose /proc tells peak memory.")
    from rkcnn_sae.experiments.bench import _machine
    from rkcnn_sae.experiments.results import write_results

    results = {}
    with tempfile.TemporaryDirectory(dir=".") as tmp:  # beside the results: /tmp may be memory
        tmp = Path(tmp)
        results["harvest"] = part("harvest_memory", tmp)
        shutil.rmtree(tmp / "harvested")
        small = part("train_memory", tmp)
        rows = -(
            -TIMES * (small["before"] + small["allowed"] + 64 * MB) // (4 * WIDE["d"])
        )  # 64 MB: that run may start larger
        part("write_store", tmp, path=tmp / "random", rows=rows, d=WIDE["d"])
        results["training"] = dict(
            shape=WIDE, small=small, stream=part("train_memory", tmp, path=tmp / "random")
        )
        shutil.rmtree(tmp / "random")
        results["steps"] = [part("step_speed", tmp, n_latents=n) for n in SHAPES]
        results["language_model"] = part("harvest_speed", tmp)["rows"]
    path = write_results(
        out,
        "scaling",
        machine=_machine(torch.device("cpu")) | dict(system=platform.system()),
        seconds=time.perf_counter() - start,
        **results,
    )
    print(f"{path} written, {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
