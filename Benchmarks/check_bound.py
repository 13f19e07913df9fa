#!/usr/bin/env python3
"""Checks our numbers with an independent implementation in PyTorch.

Loads the weights of a run trained on binarized-mnist or on mnist with dynamic binarization (fully connected or gated
networks of any activation, diagonal posterior, Bernoulli; the prior standard, learned, mixture, vamp or flow) from its
safetensors file, computes the ELBO and the importance-weighted log-likelihood of the same test images in plain PyTorch,
and compares with what `vae evaluate --json` reports; of mnist the images are binarized here and the log-likelihood is
that of `vae score`. Both sides draw their own z, so they may differ by their Monte-Carlo error: it is measured by
repeating the PyTorch side, and the difference must stay within four standard errors of it.

    Benchmarks/check_bound.py [RUN...] [--vae .build/release/vae] [--examples 500] [--samples 1000]

Without RUN a few models are trained for an epoch each in a temporary folder. VAE_DATA_DIR must hold the data.
"""
import argparse
import csv
import gzip
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

REPEATS = 6
MODELS = [
    "--latents 40",
    "--latents 20 --hidden 100,50 --activation tanh --prior mixture --components 10 --average-decay 0.99",
    "--latents 20 --network gated --hidden 100,100 --prior vamp --components 50",
    "--latents 9 --hidden 100 --activation elu --prior flow --flow-layers 5 --flow-hidden 30,20",
]
ACTIVATIONS = {
    "relu": F.relu, "leaky-relu": F.leaky_relu, "elu": F.elu, "gelu": F.gelu, "silu": F.silu, "tanh": torch.tanh,
    "sigmoid": torch.sigmoid, "softplus": F.softplus, "identity": lambda x: x}


def test_file(names, name):
    folder = pathlib.Path(os.environ.get("VAE_DATA_DIR", ""))
    for file in (folder / each / name for each in (*names, ".")):
        if file.exists():
            return gzip.open(file)
    sys.exit(f"{name} is not in VAE_DATA_DIR")


def binarized_images(count):
    """The first test images, as they are stored."""
    with test_file(("binarized_mnist", "binarized-mnist"), "binarized_mnist_test.amat.gz") as lines:
        rows = [[int(value) for value in line.split()] for line, _ in zip(lines, range(count))]
    return torch.tensor(rows, dtype=torch.float32)


def drawn_images(count):
    """The first test images, binarized by a draw."""
    with test_file(("mnist",), "t10k-images-idx3-ubyte.gz") as file:
        levels = torch.frombuffer(bytearray(file.read()[16:16 + 784 * count]), dtype=torch.uint8)
    return torch.bernoulli(levels.reshape(-1, 784) / 255, generator=torch.Generator().manual_seed(0))


class Model:
    """What a run's folder says, with no word from our library."""

    def __init__(self, run):
        settings = json.loads(pathlib.Path(run, "config.json").read_text())
        data = (settings["data"]["source"], settings["data"]["preprocessing"])
        self.is_dynamic = data == ("mnist", "dynamic")
        if not self.is_dynamic and data[0] != "binarized-mnist" or settings["model"]["kind"] != "vae":
            sys.exit(f"{run}: no Gaussian VAE of binarized-mnist or of mnist with dynamic binarization")
        recipe = settings["model"]
        choices = {part: recipe[part]["kind"] for part in ("network", "likelihood", "posterior")}
        if choices["network"] not in ("mlp", "gated") or choices["likelihood"] != "bernoulli" \
                or recipe["posterior"] != {"kind": "diagonal", "head": "exp"}:
            sys.exit(f"{run}: {choices} is not what this checks")
        self.prior = recipe["prior"]["kind"]
        if self.prior not in ("standard", "learned", "mixture", "vamp", "flow"):
            sys.exit(f"{run}: the prior {self.prior} is not what this checks")
        self.activation = ACTIVATIONS[recipe["network"].get("activation", "relu")]
        weights = load_file(pathlib.Path(run, "checkpoints", "best.safetensors"))
        self.weights = {key[6:]: value for key, value in weights.items() if key.startswith("model/")}
        # Averages of the weights stand in for them.
        self.weights |= {
            key[8:-8]: value for key, value in weights.items() if key.startswith("average/") and key.endswith("/average")}

    def linear(self, x, place):
        return F.linear(x, self.weights[place + ".weight"], self.weights[place + ".bias"])

    def places(self, prefix):
        """The layers below a prefix, in order."""
        numbers = {int(key[len(prefix):].split(".")[0]) for key in self.weights if key.startswith(prefix)}
        return [prefix + str(number) for number in sorted(numbers)]

    def layer(self, x, place):
        if place + ".gate.weight" in self.weights:
            return self.linear(x, place + ".content") * torch.sigmoid(self.linear(x, place + ".gate"))
        return self.activation(self.linear(x, place))

    def encode(self, x):
        """Mean and log-variance of q(z | x)."""
        for place in self.places("encoder.hidden."):
            x = self.layer(x, place)
        mean, log_variance = self.linear(x, "encoder.head").chunk(2, dim=-1)
        beyond = (log_variance.abs() - 10).clamp(min=0)
        return mean, log_variance.clamp(-10, 10) + log_variance.sign() * beyond.log1p()

    def log_likelihood(self, x, z):
        *hidden, last = self.places("decoder.hidden.")
        for place in hidden:
            z = self.layer(z, place)
        logits = self.linear(z, last)
        return -F.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(-1)

    def log_prior(self, z):
        if self.prior == "standard":
            return log_normal(z)
        if self.prior == "learned":
            return log_normal(z, *(self.weights["priorModel." + part] for part in ("mean", "logVariance")))
        if self.prior == "flow":
            return self.log_flow(z)
        if self.prior == "vamp":
            means, log_variances = self.encode(torch.sigmoid(self.weights["priorModel.pseudoInputs"]).flatten(1))
            shares = torch.full((len(means),), -math.log(len(means)))
        else:
            means, log_variances = self.weights["priorModel.means"], self.weights["priorModel.logVariances"]
            shares = self.weights["priorModel.logits"].log_softmax(0)
        # The squares multiplied out, in double precision, so that no difference is held for each pair.
        z, means, log_variances = z.double(), means.double(), log_variances.double()
        precisions = (-log_variances).exp()
        squares = z**2 @ precisions.T - 2 * z @ (means * precisions).T + (means**2 * precisions).sum(-1)
        each = -0.5 * (squares + (log_variances + math.log(2 * math.pi)).sum(-1))
        return (each + shares).logsumexp(-1).float()

    def log_flow(self, z):
        """Back through affine couplings, of which the first keeps the first half, the second the other."""
        log_determinant = 0
        for number, place in reversed(list(enumerate(self.places("priorModel.flow.couplings.")))):
            half = z.shape[-1] // 2
            parts = [z[..., :half], z[..., half:]]
            kept, changed = number % 2, 1 - number % 2
            features = parts[kept]
            for layer in self.places(place + ".hidden."):
                features = F.relu(self.linear(features, layer))
            scale, shift = self.linear(features, place + ".head").chunk(2, dim=-1)
            scale = torch.tanh(scale / 1.5) * 1.5
            parts[changed] = parts[changed] * scale.exp() + shift
            log_determinant = log_determinant + scale.sum(-1)
            z = torch.cat(parts, dim=-1)
        return log_normal(z) + log_determinant

    def rate(self, z, mean, log_variance):
        """KL(q || p), in closed form where p is a Gaussian, or else from a draw."""
        if self.prior not in ("standard", "learned"):
            return log_normal(z, mean, log_variance) - self.log_prior(z)
        zero = torch.zeros(mean.shape[-1])
        prior = [self.weights.get("priorModel." + part, zero) for part in ("mean", "logVariance")]
        difference = log_variance - prior[1]
        return 0.5 * (difference.exp() + (mean - prior[0]) ** 2 * (-prior[1]).exp() - 1 - difference).sum(-1)


def log_normal(z, mean=torch.zeros(()), log_variance=torch.zeros(())):
    return -0.5 * ((z - mean) ** 2 * (-log_variance).exp() + log_variance + math.log(2 * math.pi)).sum(-1)


@torch.no_grad()
def evaluate(model, x, samples):
    """Mean ELBO with one draw, and mean log 1/K sum w over `samples` draws, in nats."""
    mean, log_variance = model.encode(x)

    def draw(*count):
        return mean + (0.5 * log_variance).exp() * torch.randn(*count, *mean.shape)

    z = draw()
    elbo = (model.log_likelihood(x, z) - model.rate(z, mean, log_variance)).mean().item()
    chunks = []
    while (left := samples - 10 * len(chunks)) > 0:
        z = draw(min(10, left))
        chunks.append(model.log_likelihood(x, z) + model.log_prior(z) - log_normal(z, mean, log_variance))
    weighted = torch.cat(chunks).double().logsumexp(0) - math.log(samples)
    return elbo, weighted.mean().item()


def evaluated(run, options):
    """What our side reports of the stored test images."""
    report = json.loads(subprocess.run(
        [options.vae, "evaluate", run, "--count", str(options.examples), "--importance-samples",
         str(options.samples), "--json", "--quiet", "--no-report"], check=True, stdout=subprocess.PIPE).stdout)
    return {"ELBO": report["elbo"]["mean"], "log p(x)": report["logLikelihood"]["mean"]}


def scored(run, x, options):
    """What our side reports of images that are given; black and white, which dynamic binarization leaves alone."""
    with tempfile.TemporaryDirectory() as folder:
        images, scores = os.path.join(folder, "images.npy"), os.path.join(folder, "scores.csv")
        np.save(images, (255 * x).byte().reshape(-1, 28, 28).numpy())
        subprocess.run(
            [options.vae, "score", run, images, "--importance-samples", str(options.samples), "--reference", "1",
             "--refinement-steps", "0", "--out", scores, "--quiet"], check=True, stdout=subprocess.DEVNULL)
        with open(scores) as file:
            values = [float(row["log_likelihood"]) for row in csv.DictReader(file)]
    assert len(values) == len(x)
    return {"log p(x)": sum(values) / len(values)}


def agrees(run, options):
    """Prints both sides' numbers of a run, and tells whether they agree."""
    model = Model(run)
    x = (drawn_images if model.is_dynamic else binarized_images)(options.examples)
    ours = scored(run, x, options) if model.is_dynamic else evaluated(run, options)
    torch.manual_seed(0)
    repeats = torch.tensor([evaluate(model, x, options.samples) for _ in range(REPEATS)], dtype=torch.float64)
    agree = True
    for name, column in zip(("ELBO", "log p(x)"), repeats.T):
        if name not in ours:
            continue
        error = column.std().item() * math.sqrt(1 + 1 / REPEATS)
        distance = abs(ours[name] - column.mean().item()) / error
        agree &= distance <= 4
        print(f"{name}: ours {ours[name]:.4f}, PyTorch {column.mean():.4f} nats on {options.examples} test images, "
              f"{options.samples} samples; apart by {distance:.1f} standard errors ({error:.4f})", flush=True)
    return agree


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="*")
    parser.add_argument("--vae", default=".build/release/vae")
    parser.add_argument("--examples", type=int, default=500)
    parser.add_argument("--samples", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs = options.runs
        for number, choices in enumerate(MODELS if not runs else []):
            runs = runs + [os.path.join(folder, str(number))]
            subprocess.run(
                [options.vae, "train", "--data", "binarized-mnist", "--epochs", "1", "--out", runs[-1], "--quiet",
                 *choices.split()], check=True, stdout=subprocess.DEVNULL)
        results = []
        for number, run in enumerate(runs):
            print(run if options.runs else MODELS[number], flush=True)
            results.append(agrees(run, options))
    sys.exit(0 if all(results) else "the two implementations disagree")


if __name__ == "__main__":
    main()
