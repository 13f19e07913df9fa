"""Compares the held-out density of a masked autoregressive flow with a full Gaussian's and a kernel estimate's.

    make compare-densities TABLE=FILE.csv ARGS="--flow-layers 5"      # ARGS are options of vae train

Splits the rows (every fifth of a shuffled table is held out), trains `vae train --model maf` on the others, and prints
the mean log density of the held-out rows, in nats, with its standard error. The Gaussian has maximum-likelihood mean
and covariance; the kernels are Gaussians with the data's covariance, their width chosen by leaving one out.
"""

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy

VAE = Path(__file__).parent.parent / ".build/release/vae"


def numbers(path):
    """The numeric columns of a table with a header, and their names."""
    with open(path, newline="") as file:
        header, *rows = csv.reader(file)

    def is_number(text):
        try:
            return bool(numpy.isfinite(float(text)))
        except ValueError:
            return False

    columns = [place for place in range(len(header)) if all(is_number(row[place]) for row in rows)]
    return [header[place] for place in columns], numpy.array([[float(row[c]) for c in columns] for row in rows])


def write(path, names, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([names, *rows.tolist()])


def gaussian(rows, means, covariance):
    """The log density of each row around each mean, [rows, means]."""
    root = numpy.linalg.cholesky(covariance)
    steps = numpy.linalg.solve(root, (rows[:, None] - means).reshape(-1, rows.shape[1]).T)
    constant = rows.shape[1] * numpy.log(2 * numpy.pi) + 2 * numpy.log(numpy.diag(root)).sum()
    return -0.5 * ((steps**2).sum(0).reshape(len(rows), -1) + constant)


def kernel_width(rows, covariance):
    """The width, as a factor of the covariance's root, under which each row is likeliest given the others."""

    def left_out(width):
        densities = gaussian(rows, rows, covariance * width**2)
        numpy.fill_diagonal(densities, -numpy.inf)
        return numpy.logaddexp.reduce(densities, axis=1).sum()

    return max(numpy.geomspace(0.05, 1, 25), key=left_out)


def main():
    table, *options = sys.argv[1:]
    names, rows = numbers(table)
    numpy.random.default_rng(0).shuffle(rows)
    is_held_out = numpy.arange(len(rows)) % 5 == 0
    training, held_out = rows[~is_held_out], rows[is_held_out]
    covariance = numpy.atleast_2d(numpy.cov(training.T, bias=True))
    kernels = gaussian(held_out, training, covariance * kernel_width(training, covariance) ** 2)
    densities = {
        "full Gaussian": gaussian(held_out, training.mean(0)[None], covariance)[:, 0],
        "kernel estimate": numpy.logaddexp.reduce(kernels, axis=1) - numpy.log(len(training)),
    }
    print(f"{Path(table).name}: {len(training)} rows of {len(names)} to learn from, {len(held_out)} held out")
    for name, values in densities.items():
        print(f"{name:24} {values.mean():8.3f} ± {values.std(ddof=1) / len(values) ** 0.5:.3f}")

    with tempfile.TemporaryDirectory() as folder:
        write(f"{folder}/training.csv", names, training)
        write(f"{folder}/held-out.csv", names, held_out)
        subprocess.run(
            [VAE, "train", "--data", f"{folder}/training.csv", "--model", "maf", "--out", f"{folder}/run", "--quiet"]
            + options, check=True, stdout=subprocess.DEVNULL)
        found = subprocess.run(
            [VAE, "evaluate", f"{folder}/run", "--data", f"{folder}/held-out.csv", "--json", "--quiet"],
            check=True, stdout=subprocess.PIPE)
    density = json.loads(found.stdout)["elbo"]
    print(f"{'autoregressive flow':24} {density['mean']:8.3f} ± {density['standardError']:.3f}")


main()
