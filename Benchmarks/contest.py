#!/usr/bin/env python3
"""The contest: our training, scoring and generating against PyTorch's and JAX's, on this machine, in one run.

    make bench [ARGS="--only mlp,conv --quick --json results.json"]

Every contestant of a workload starts from the same weights and data, uses two threads and float32, and must show the
same losses over 20 steps with the same noise before it is timed. All then take turns, and the medians are compared.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

from arena import Contestant, Program, alternate
from workloads import WORKLOADS

HERE = pathlib.Path(__file__).resolve().parent
PEERS = HERE / "peers"
PRODUCTS = HERE.parent / ".build" / "release"
# Relative, of losses over 20 steps with the same noise; and nats, of log p(x) by everyone's own noise.
TRAINING_TOLERANCE, SCORING_TOLERANCE = 1e-3, 0.15
SCALING_BATCHES = (16, 32, 64, 128, 256, 512, 1024)


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
        for workers in (0, 1, 2, 4):
            yield Contestant(f"PyTorch {workers} workers", [python, PEERS / "pytorch_folder.py", workers, spec, start])
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


def compete(workload, folder, options, allows_bf16=False):
    """The results of all contestants of a workload, ours first."""
    contestants = list(contestants_of(workload, folder, allows_bf16))
    tolerance = SCORING_TOLERANCE if workload.kind == "score" else TRAINING_TOLERANCE
    check_agreement(workload, contestants, 0.05 if allows_bf16 else tolerance)
    seconds, fewest, most = (0.3, 3, 5) if options.quick else (0.7, 9, 25)
    results = alternate(contestants, seconds, fewest, most)
    for contestant in contestants:
        contestant.close()
    return results


def limits(workloads, folder):
    """What peers/limits.py measures."""
    task = folder / "limits.json"
    task.write_text(json.dumps({"threads": 2, "workloads": {
        workload.name: {"linear": workload.linear_products(), "convolutions": workload.convolutions(),
                        "training": workload.kind == "train"}
        for workload in workloads if workload.kind == "train"}}))
    return json.loads(subprocess.check_output([sys.executable, PEERS / "limits.py", task]))


def milliseconds(seconds):
    return f"{seconds * 1e3:.2f}" if seconds < 0.1 else f"{seconds * 1e3:.0f}"


def print_results(name, results):
    """The lines of a workload: time, spread, memory, and ours by theirs."""
    fastest = min(result.median for result in results[1:])
    leanest = min(result.peak for result in results[1:])
    for result in results:
        ratio = f"{results[0].median / result.median:.2f}" if result is not results[0] else ""
        mark = " fastest peer" if result.median == fastest and result is not results[0] else ""
        print(f"{name:10} {result.name:18} {milliseconds(result.median):>9} ms  ±{result.spread * 100:4.1f} %  "
              f"{result.peak / 2**20:6.0f} MiB  {ratio:>5}{mark}", flush=True)
    ratios = {"time": results[0].median / fastest, "memory": results[0].peak / leanest}
    print(f"{name:10} ours / fastest peer: {ratios['time']:.2f} of the time, {ratios['memory']:.2f} of the leanest "
          "peer's memory\n", flush=True)
    return ratios


def print_share(workload, median, machine):
    """How much of the machine's limit a workload reaches."""
    linear, convolutional = workload.operations()
    ideal = linear / machine["matrix"] + convolutional / machine["convolution"]
    line = f"{workload.name:10} {(linear + convolutional) / 1e9:7.2f} GFLOP, {ideal / median:5.0%} of the limit"
    if workload.name in machine["products"]:
        products = machine["products"][workload.name]
        line += f"; the products alone take {milliseconds(products)} ms, {products / median:.0%} of our step"
    print(line)
    return ideal / median


def print_scaling(workloads, folder, options):
    """Our time for an example as the batch grows, with one thread and two."""
    table = {}
    for workload in workloads:
        for threads in (1, 2):
            for batch in SCALING_BATCHES:
                spec = workload.with_(name=f"{workload.name}-{batch}-{threads}", batch=batch, threads=threads)
                contestant = next(contestants_of(spec, folder))
                (result,) = alternate([contestant], 0.3, 3, 5 if options.quick else 9)
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
    packages = {name: importlib.metadata.version(name) for name in ("torch", "jax", "optax", "torchvision")}
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
        medians = {}
        for workload in workloads:
            print(f"{workload.name}: {workload.what}", flush=True)
            results = compete(workload, folder, options)
            medians[workload.name] = results[0].median
            report["workloads"][workload.name] = {
                "results": [vars(result) for result in results], "ratios": print_results(workload.name, results)}
        measured = [workload for workload in workloads if workload.kind in ("train", "score")]
        if measured:
            machine = limits(measured, folder)
            report["limits"] = machine
            print(f"limits: {machine['matrix'] / 1e9:.0f} GFLOP/s in matrix products, "
                  f"{machine['convolution'] / 1e9:.0f} in convolutions, {machine['copy'] / 1e9:.1f} GB/s copied")
            for workload in measured:
                report["workloads"][workload.name]["share"] = print_share(workload, medians[workload.name], machine)
            print()
        if "bf16" in chosen:
            print("bf16 allowed (ours stays in float32 where the processor has no bf16 arithmetic)")
            report["bf16"] = {}
            for workload in WORKLOADS:
                if workload.kind == "train" and (workload in workloads or not workloads):
                    results = compete(workload, folder, options, allows_bf16=True)
                    report["bf16"][workload.name] = print_results(workload.name, results)
        if "scaling" in chosen:
            report["scaling"] = print_scaling(
                [workload for workload in WORKLOADS if workload.name in ("mlp", "conv")], folder, options)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
