"""k-means and Gaussian mixtures by scikit-learn: sklearn_fit.py lloyd|elkan|em WORKLOAD START"""
import json
import sys
import warnings

import numpy
from safetensors.numpy import load_file
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from protocol import take_part

variant, workload, start = sys.argv[1], json.load(open(sys.argv[2])), load_file(sys.argv[3])
# It says that it has not converged, which was not asked for.
warnings.simplefilter("ignore")
x, centres, steps = start["data/x"], start["data/centres"], workload["samples"]
count = len(centres)


def fit():
    with threadpool_limits(workload["threads"]):
        if variant != "em":
            return KMeans(count, init=centres, n_init=1, max_iter=steps, tol=0, algorithm=variant).fit(x)
        return GaussianMixture(count, covariance_type="diag", tol=0, reg_covar=0, max_iter=steps,
                               weights_init=numpy.full(count, 1 / count, x.dtype), means_init=centres,
                               precisions_init=numpy.ones_like(centres)).fit(x)


def check():
    model = fit()
    return [float(model.score(x)) if variant == "em" else float(model.inertia_)]


def repeat(times):
    for _ in range(times):
        fit()


take_part(check, repeat)
