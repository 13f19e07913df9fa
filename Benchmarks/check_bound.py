#!/usr/bin/env python3
"""Checks our numbers with an independent implementation in PyTorch.

Loads the weights of a run (fully connected, Bernoulli, trained on binarized-mnist) from its safetensors file,
computes the ELBO and the importance-weighted log-likelihood of the same test images in plain PyTorch, and
compares with what `vae evaluate --json` reports. Both sides draw their own z, so they may differ by their
Monte-Carlo error: it is measured by repeating the PyTorch side, and the difference must stay within four
standard errors of it.

    Benchmarks/check_bound.py [RUN] [--vae .build/release/vae] [--examples 500] [--samples 1000]

Without RUN a model is trained for one epoch in a temporary folder. VAE_DATA_DIR must hold binarized_mnist.
"""
import argparse
import gzip
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

REPEATS = 6


def test_images(count):
    folder = pathlib.Path(os.environ.get("VAE_DATA_DIR", ""))
    for name in ("binarized_mnist", "binarized-mnist", "."):
        file = folder / name / "binarized_mnist_test.amat.gz"
        if file.exists():
            with gzip.open(file, "rt") as lines:
                rows = [[int(value) for value in line.split()] for line, _ in zip(lines, range(count))]
            return torch.tensor(rows, dtype=torch.float32)
    sys.exit("binarized_mnist_test.amat.gz is not in VAE_DATA_DIR")


def layers(weights, prefix):
    """The linear layers below a prefix, in order."""
    keys = sorted(
        (key for key in weights if key.startswith(prefix) and key.endswith(".weight")),
        key=lambda key: [int(part) for part in key.split(".") if part.isdigit()])
    return [(weights[key], weights[key[:-6] + "bias"]) for key in keys]


def mlp(x, stack):
    for weight, bias in stack:
        x = F.relu(F.linear(x, weight, bias))
    return x


@torch.no_grad()
def evaluate(weights, x, samples):
    """Mean ELBO with one draw, and mean log 1/K sum w over `samples` draws, in nats."""
    head_weight, head_bias = weights["model/encoder.head.weight"], weights["model/encoder.head.bias"]
    encoder = layers(weights, "model/encoder.hidden.")
    decoder = layers(weights, "model/decoder.hidden.")
    mean, log_variance = F.linear(mlp(x, encoder), head_weight, head_bias).chunk(2, dim=-1)

    def decode(z):
        out_weight, out_bias = decoder[-1]
        return F.linear(mlp(z, decoder[:-1]), out_weight, out_bias)

    def log_likelihood(z):
        return -F.binary_cross_entropy_with_logits(decode(z), x.expand(*z.shape[:-1], -1), reduction="none").sum(-1)

    deviation = (0.5 * log_variance).exp()
    z = mean + deviation * torch.randn_like(mean)
    rate = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(-1)
    elbo = (log_likelihood(z) - rate).mean().item()

    posterior, prior = torch.distributions.Normal(mean, deviation), torch.distributions.Normal(0.0, 1.0)
    chunks = []
    for _ in range(0, samples, 10):
        z = posterior.sample((10,))
        chunks.append(log_likelihood(z) + prior.log_prob(z).sum(-1) - posterior.log_prob(z).sum(-1))
    weighted = torch.cat(chunks).double().logsumexp(0) - math.log(samples)
    return elbo, weighted.mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", nargs="?")
    parser.add_argument("--vae", default=".build/release/vae")
    parser.add_argument("--examples", type=int, default=500)
    parser.add_argument("--samples", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = options.run
        if run is None:
            run = os.path.join(folder, "run")
            subprocess.run(
                [options.vae, "train", "--data", "binarized-mnist", "--latents", "40", "--epochs", "1", "--out", run,
                 "--quiet"], check=True, stdout=subprocess.DEVNULL)
        report = json.loads(subprocess.run(
            [options.vae, "evaluate", run, "--count", str(options.examples), "--importance-samples",
             str(options.samples), "--json", "--quiet"], check=True, stdout=subprocess.PIPE).stdout)
        weights = load_file(os.path.join(run, "checkpoints", "best.safetensors"))
    x = test_images(options.examples)
    torch.manual_seed(0)
    repeats = torch.tensor([evaluate(weights, x, options.samples) for _ in range(REPEATS)], dtype=torch.float64)
    ours = [report["elbo"]["mean"], report["logLikelihood"]["mean"]]
    failed = False
    for name, value, column in zip(("ELBO", f"log p(x), {options.samples} samples"), ours, repeats.T):
        error = column.std().item() * math.sqrt(1 + 1 / REPEATS)
        distance = abs(value - column.mean().item()) / error
        failed |= distance > 4
        print(f"{name}: ours {value:.4f}, PyTorch {column.mean():.4f} nats on {options.examples} test images; "
              f"apart by {distance:.1f} standard errors ({error:.4f})")
    sys.exit("the two implementations disagree" if failed else 0)


if __name__ == "__main__":
    main()
