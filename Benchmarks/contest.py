#!/usr/bin/env python3
"""The contest: our training, scoring and generating against PyTorch's and JAX's, and our fitting of k-means and mixtures
against scikit-learn's, on this machine, in one run.

    make bench [ARGS="--only mlp,conv --quick --json results.json"]

Every contestant of a workload starts from the same weights and data, uses two threads and float32, and must show the
same losses over 20 steps with the same noise before it is timed. All then take turns, and the medians are compared.
"""
import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

from arena import Contestant, Program, alternate, side_by_side
from workloads import WORKLOADS

HERE = pathlib.Path(__file__).resolve().parent
PEERS = HERE / "peers"
PRODUCTS = HERE.parent / ".build" / "release"
# Relative, of losses over 20 steps with the same noise; and nats, of log p(x) by everyone's own noise.
TRAINING_TOLERANCE, SCORING_TOLERANCE = 1e-3, 0.15
SCALING_BATCHES = (16, 64, 128, 256, 512, 1024)


def contestants_of(workload, folder, allows_bf16=False):
    """All who take part in a workload, started and warm."""
    spec = folder / f"{workload.name}.json"
    spec.write_text(json.dumps(workload.as_json()))
    start = folder / ("pictures" if workload.kind == "folder" else f"{workload.name}.safetensors")
    if not start.exists() and workload.kind != "generate":
        subprocess.run([PRODUCTS / "Contest", "prepare", spec, start], check=True)
    python = sys.executable
    ours = lambda: Contestant("ours", [PRODUCTS / "Contest", "run", spec, start])
    bf16 = ["bf16"] if allows_bf16 else []
    if workload.kind == "train":
        yield ours()
        for variant in ("eager", "tuned", "compiled"):
            yield Contestant(f"PyTorch {variant}", [python, PEERS / "pytorch_train.py", variant, spec, start, *bf16])
        yield Contestant("JAX jit", [python, PEERS / "jax_train.py", spec, start, *bf16])
    elif workload.kind == "score":
        yield ours()
        for variant in ("eager", "compiled"):
            yield Contestant(f"PyTorch {variant}", [python, PEERS / "pytorch_score.py", variant, spec, start])
        yield Contestant("JAX jit", [python, PEERS / "jax_score.py", spec, start])
    elif workload.kind == "folder":
        yield ours()
        for workers in (0, 1, 2):
            yield Contestant(f"PyTorch {workers} workers", [python, PEERS / "pytorch_folder.py", workers, spec, start])
    elif workload.kind in ("kmeans", "mixture"):
        yield ours()
        for variant in {"kmeans": ("lloyd", "elkan"), "mixture": ("em",)}[workload.kind]:
            yield Contestant(f"scikit-learn {variant}", [python, PEERS / "sklearn_fit.py", variant, spec, start],
                             {"OMP_NUM_THREADS": str(workload.threads)})
    else:
        run = folder / "run"
        yield Program("ours", [PRODUCTS / "vae", "sample", run, "--count", 64, "--out", folder / "ours.png"])
        yield Program("PyTorch eager", [python, PEERS / "pytorch_generate.py",
                                        run / "checkpoints" / "best.safetensors", folder / "peer.png"])


def check_agreement(workload, contestants, tolerance):
    """Ends the program when a contestant does not compute what the others do."""
    first = contestants[0]
    for other in contestants[1:]:
        for number, (a, b) in enumerate(zip(first.check, other.check, strict=True)):
            if abs(a - b) > tolerance * (1 if workload.kind == "score" else abs(a)):
                sys.exit(f"{workload.name}: value {number} is {a} for {first.name} and {b} for {other.name}")


def references_of(workload, folder):
    """What only multiplies or copies, in the same turns: the machine's limits under the same conditions."""
    spec = folder / f"{workload.name}.json"
    whats = ["products", "matrix", *(["convolution"] if workload.convolutions() else [])]
    return [Contestant(what, [sys.executable, PEERS / "limits.py", what, spec])
            for what in whats if workload.linear_products()]


def compete(workload, folder, options, allows_bf16=False):
    """The results of all contestants of a workload, ours first, and by name those of the machine's limits."""
    contestants = list(contestants_of(workload, folder, allows_bf16))
    tolerance = SCORING_TOLERANCE if workload.kind == "score" else TRAINING_TOLERANCE
    check_agreement(workload, contestants, 0.05 if allows_bf16 else tolerance)
    references = [] if allows_bf16 else references_of(workload, folder)
    # What bf16 brings shows in a few turns.
    seconds, most, patience = (0.2, 7, 30) if options.quick or allows_bf16 else (0.25, 60, 100)
    results = alternate(contestants + references, seconds, most, patience)
    for contestant in contestants + references:
        contestant.close()
    count = len(contestants)
    return results[:count], {result.name: result for result in results[count:]}


def milliseconds(seconds):
    return f"{seconds * 1e3:.2f}" if seconds < 0.1 else f"{seconds * 1e3:.0f}"


def print_results(name, results):
    """The lines of a workload: time, spread, memory, and ours by theirs."""
    ours, peers = results[0], results[1:]
    fastest = min(peers, key=lambda result: result.median)
    leanest = min(result.peak for result in peers)
    for result in results:
        ratio = "" if result is ours else f"{ours.median / result.median:.2f}"
        mark = "fastest peer" if result is fastest else ""
        print(f"{name:10} {result.name:18} {milliseconds(result.median):>9} ms  ±{result.spread * 100:4.1f} %  "
              f"{result.peak / 2**20:6.0f} MiB  {ratio:>5} {mark}".rstrip(), flush=True)
    ratios = {"time": ours.median / fastest.median, "turn by turn": side_by_side(ours, fastest),
              "memory": ours.peak / leanest}
    print(f"{name:10} ours / fastest peer: {ratios['time']:.2f} of the time ({ratios['turn by turn']:.2f} turn by turn), "
          f"{ratios['memory']:.2f} of the leanest peer's memory", flush=True)
    return ratios


def print_share(workload, ours, references):
    """How much of the machine's limit a workload reaches."""
    linear, convolutional = workload.operations()
    rates = {name: references[name].check[0] / references[name].median
             for name in ("matrix", "convolution") if name in references}
    ideal = linear / rates["matrix"] + (convolutional / rates["convolution"] if convolutional else 0)
    products = references["products"]
    shares = {"rates": rates, "limit": ideal / ours.median, "products": side_by_side(products, ours)}
    print(f"{workload.name:10} {(linear + convolutional) / 1e9:.2f} GFLOP at {shares['limit']:.0%} of the limit ("
          + ", ".join(f"{name} {rate / 1e9:.0f} GFLOP/s" for name, rate in rates.items())
          + f"); the products alone {milliseconds(products.median)} ms, {shares['products']:.0%} of ours", flush=True)
    return shares


def print_scaling(workloads, folder, options):
    """Our time for an example as the batch grows, with one thread and two."""
    table = {}
    for workload in workloads:
        for threads in (1, 2):
            for batch in SCALING_BATCHES:
                spec = workload.with_(name=f"{workload.name}-{batch}-{threads}", batch=batch, threads=threads)
                contestant = next(contestants_of(spec, folder))
                (result,) = alternate([contestant], 0.3, 5 if options.quick else 9, 60)
                contestant.close()
                (folder / f"{spec.name}.safetensors").unlink()
                table[spec.name] = result.median
                print(f"{workload.name:10} batch {batch:5}  {threads} thread{'s' if threads > 1 else ' '}  "
                      f"{milliseconds(result.median):>9} ms  {result.median / batch * 1e6:8.1f} µs an example", flush=True)
        print()
    return table


def describe_machine():
    """The machine and the versions, for the record."""
    with open("/proc/cpuinfo") as lines:
        processor = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    import importlib.metadata
    packages = {name: importlib.metadata.version(name) for name in ("torch", "jax", "optax", "torchvision", "scikit-learn")}
    return {"processor": processor, "cores": len(os.sched_getaffinity(0)), "system": platform.platform(),
            "python": platform.python_version(), **packages}


def main():
    names = [workload.name for workload in WORKLOADS]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help=f"some of {','.join(names)},scaling,bf16")
    parser.add_argument("--quick", action="store_true", help="fewer turns: a look, not a result")
    parser.add_argument("--json", type=pathlib.Path, help="writes the results to a file")
    options = parser.parse_args()
    chosen = options.only.split(",") if options.only else [*names, "scaling", "bf16"]
    if unknown := set(chosen) - {*names, "scaling", "bf16"}:
        parser.error(f"--only does not know {', '.join(sorted(unknown))}")
    workloads = [workload for workload in WORKLOADS if workload.name in chosen]
    report = {"machine": describe_machine(), "workloads": {}}
    print("  ".join(f"{key} {value}" for key, value in report["machine"].items()), "\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="contest-") as name:
        folder = pathlib.Path(name)
        if {"score", "generate"} & set(chosen):
            subprocess.run([PRODUCTS / "vae", "train", "--data", "mnist", "--epochs", "2", "--quiet", "--out",
                            folder / "run"], check=True, stdout=subprocess.DEVNULL)
        for workload in workloads:
            print(f"{workload.name}: {workload.what}", flush=True)
            results, references = compete(workload, folder, options)
            entry = {"results": [vars(result) for result in results], "ratios": print_results(workload.name, results)}
            if references:
                entry["share"] = print_share(workload, results[0], references)
            print(flush=True)
            report["workloads"][workload.name] = entry
        if "bf16" in chosen:
            print("bf16 allowed (ours stays in float32 where the processor has no bf16 arithmetic)")
            report["bf16"] = {}
            for workload in WORKLOADS:
                if workload.kind == "train" and (workload in workloads or not workloads):
                    results, _ = compete(workload, folder, options, allows_bf16=True)
                    report["bf16"][workload.name] = print_results(workload.name, results)
                    print(flush=True)
        if "scaling" in chosen:
            report["scaling"] = print_scaling(
                [workload for workload in WORKLOADS if workload.name in ("mlp", "conv")], folder, options)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
