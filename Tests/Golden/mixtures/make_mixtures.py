"""Writes mixtures.json: k-means and Gaussian mixtures of the tables as scikit-learn fits them from given starts, and the
penguins' marginals as SciPy has them.

    python make_mixtures.py FOLDER

FOLDER is the one with geyser.csv, iris.csv, wine.data and penguins.csv. Made with scikit-learn 1.9.0, scipy 1.17.1,
numpy 2.4.6. Every start has its centres at the rows named, equal weights, and the covariance of all rows. scikit-learn's
regularisation of covariances is 0.
"""

import csv
import json
import os
import sys
import warnings

import numpy
from scipy import stats
from scipy.special import logsumexp
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

# How many columns of numbers a table begins with, after how many others, and the rows where centres begin.
TABLES = {"geyser.csv": (0, 2, [0, 1]), "iris.csv": (0, 4, [5, 60, 120]), "wine.data": (0, 13, [3, 80, 150])}
KINDS = {"full": "full", "tied": "tied", "diagonal": "diag", "spherical": "spherical"}
SHORT = 10


def read(path, first, count):
    with open(path, newline="") as lines:
        rows = list(csv.reader(lines))
    rows = rows[1:] if path.endswith(".csv") else rows
    number = lambda text: float(text) if text else numpy.nan
    return numpy.array([[number(field) for field in row[first:first + count]] for row in rows if row])


def precisions(kind, x, components):
    covariance = numpy.cov(x.T, bias=True)
    if kind == "tied":
        return numpy.linalg.inv(covariance)
    if kind == "full":
        return numpy.repeat(numpy.linalg.inv(covariance)[None], components, 0)
    variances = numpy.diag(covariance)
    return numpy.full(components, 1 / variances.mean()) if kind == "spherical" else numpy.tile(1 / variances, (components, 1))


def mixture(kind, x, places, steps, tolerance):
    count = len(places)
    model = GaussianMixture(count, covariance_type=kind, tol=tolerance, reg_covar=0, max_iter=steps,
                            weights_init=numpy.full(count, 1 / count), means_init=x[places],
                            precisions_init=precisions(kind, x, count)).fit(x)
    return model, float(model.score_samples(x).sum())


def table(path, first, count, places):
    x = read(path, first, count)
    centres = KMeans(len(places), init=x[places], n_init=1, tol=0, max_iter=1000, algorithm="lloyd").fit(x)
    found = {}
    for name, kind in KINDS.items():
        _, short = mixture(kind, x, places, SHORT, 0)
        model, converged = mixture(kind, x, places, 100_000, 1e-15)
        found[name] = {"short": short, "converged": converged, "bic": float(model.bic(x)), "aic": float(model.aic(x))}
    return {"places": places, "steps": SHORT, "inertia": float(centres.inertia_), "mixtures": found}


def marginals(x, weights, means, covariances):
    """log π_k N(x_o | k) of each row and component, by SciPy."""
    joint = numpy.tile(numpy.log(weights), (len(x), 1))
    for row, values in enumerate(x):
        o = ~numpy.isnan(values)
        if o.any():
            for k in range(len(weights)):
                joint[row, k] += stats.multivariate_normal(means[k][o], covariances[k][numpy.ix_(o, o)]).logpdf(values[o])
    return joint


def step(x, weights, means, covariances):
    """One step of EM, a row at a time."""
    joint = marginals(x, weights, means, covariances)
    shares = numpy.exp(joint - logsumexp(joint, 1, keepdims=True))
    shares[numpy.isnan(x).all(1)] = 0
    new = []
    for k in range(len(weights)):
        filled, rest = numpy.empty_like(x), numpy.zeros_like(covariances[k])
        for row, values in enumerate(x):
            o = ~numpy.isnan(values)
            gain = covariances[k][:, o] @ numpy.linalg.inv(covariances[k][numpy.ix_(o, o)])
            filled[row] = means[k] + gain @ (values[o] - means[k][o])
            filled[row, o] = values[o]
            rest += shares[row, k] * (covariances[k] - gain @ covariances[k][o])
        mean = shares[:, k] @ filled / shares[:, k].sum()
        gap = filled - mean
        new.append((shares[:, k].sum(), mean, ((gap * shares[:, [k]]).T @ gap + rest) / shares[:, k].sum()))
    counts = numpy.array([entry[0] for entry in new])
    return counts / counts.sum(), numpy.array([entry[1] for entry in new]), numpy.array([entry[2] for entry in new])


def penguins(path):
    x = read(path, 2, 4)
    # More holes than the table has, at fixed places.
    x[numpy.arange(10, 300, 7), numpy.arange(10, 300, 7) % 4] = numpy.nan
    x[numpy.arange(11, 300, 11), 3] = numpy.nan
    places = [1, 200, 300]
    known = numpy.ma.masked_invalid(x)
    means = numpy.where(numpy.isnan(x[places]), known.mean(0).data, x[places])
    covariance = numpy.diag(known.var(0).data)
    state = numpy.full(3, 1 / 3), means, numpy.repeat(covariance[None], 3, 0)
    for _ in range(SHORT):
        state = step(x, *state)
    joint = marginals(x, *state)
    total = logsumexp(joint, 1)
    return {"places": places, "steps": SHORT, "logLikelihood": float(total[~numpy.isnan(x).all(1)].sum()),
            "weights": state[0].tolist(), "means": state[1].tolist(), "rows": total.tolist()}


def main(folder):
    warnings.simplefilter("ignore")
    golden = {name.split(".")[0]: table(os.path.join(folder, name), *shape) for name, shape in TABLES.items()}
    golden["penguins"] = penguins(os.path.join(folder, "penguins.csv"))
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "mixtures.json"), "w") as out:
        json.dump(golden, out, indent=1)
        out.write("\n")


main(sys.argv[1])
