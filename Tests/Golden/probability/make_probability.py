"""Writes probability.json: log densities, entropies and divergences as SciPy computes them, in float64.

    python make_probability.py

Made with scipy 1.17.1, numpy 2.4.6, seed 31. The divergences are adaptive quadratures of q (log q - log p).
"""

import json
import os

import numpy
from scipy import integrate, special, stats

random = numpy.random.default_rng(31)


def packed(array):
    array = numpy.asarray(array, dtype=numpy.float64)
    return {"shape": list(array.shape), "values": [float(f"{v:.15g}") for v in array.reshape(-1)]}


def normal(*shape, scale=1.0):
    """Draws of three decimals, so that the file is short and holds what was computed with."""
    return (random.standard_normal(shape) * scale).round(3)


def gaussian():
    mean, log_variance = normal(3, 4, scale=2), normal(3, 4, scale=2)
    log_variance[0, 0], log_variance[1, 1] = -9.5, 9.5
    # Two outcomes for each of the three distributions; the last lies far out in the tail.
    x = normal(2, 3, 4, scale=3)
    x[1, 2] = 40
    elements = stats.norm(mean, numpy.exp(log_variance / 2))
    return {
        "mean": packed(mean), "logVariance": packed(log_variance), "x": packed(x),
        "logProbability": packed(elements.logpdf(x).sum(-1)), "entropy": packed(elements.entropy().sum(-1)),
    }


def bernoulli():
    logits = normal(3, 4, scale=3)
    logits[0] = [-18, 18, 0, -0.001]
    x = random.integers(0, 2, (2, 3, 4))
    # Not stats.bernoulli, whose 1 - p loses the digits of a rare outcome.
    elements = numpy.where(x == 1, special.log_expit(logits), special.log_expit(-logits))
    return {"logits": packed(logits), "x": packed(x), "logProbability": packed(elements.sum(-1))}


def divergence(q, p):
    integrand = lambda z: q.pdf(z) * (q.logpdf(z) - p.logpdf(z))
    low, high = q.mean() - 12 * q.std(), q.mean() + 12 * q.std()
    value, _ = integrate.quad(integrand, low, high, points=[q.mean()], epsabs=1e-13, epsrel=1e-13, limit=500)
    return value


def divergences():
    q_mean, q_log_variance = normal(8, scale=2), normal(8)
    p_mean, p_log_variance = normal(8), normal(8)
    q_log_variance[7], p_mean[7], p_log_variance[7] = -8, 0, 0
    pairs = zip(q_mean, numpy.exp(q_log_variance / 2), p_mean, numpy.exp(p_log_variance / 2))
    values = [divergence(stats.norm(a, b), stats.norm(c, d)) for a, b, c, d in pairs]
    return {
        "mean": packed(q_mean), "logVariance": packed(q_log_variance),
        "priorMean": packed(p_mean), "priorLogVariance": packed(p_log_variance), "divergence": packed(values),
    }


def mixture():
    logits, mean, log_variance, x = normal(5), normal(5, 3, scale=2), normal(5, 3), normal(7, 3, scale=3)
    elements = stats.norm(mean, numpy.exp(log_variance / 2)).logpdf(x[:, None]).sum(-1)
    return {
        "logits": packed(logits), "mean": packed(mean), "logVariance": packed(log_variance), "x": packed(x),
        "logProbability": packed(special.logsumexp(elements + special.log_softmax(logits), axis=-1)),
    }


def interval(family, location, scale, level):
    """log P(level), by the tail that keeps its digits."""
    low, high = (level - 0.5) / 255, (level + 0.5) / 255
    bell = family(location, scale)
    if level == 0:
        return bell.logcdf(high)
    if level == 255:
        return bell.logsf(low)
    if low > location:
        return bell.logsf(low) + numpy.log(-numpy.expm1(bell.logsf(high) - bell.logsf(low)))
    return bell.logcdf(high) + numpy.log(-numpy.expm1(bell.logcdf(low) - bell.logcdf(high)))


def levels():
    location = numpy.array([0.5, 0.5, 0.1, 0.99, -0.3, 0.25, 0.8, 0.5])
    log_scale = numpy.array([-3, -1, -5, -4, -2, -6, -3, -2.5])
    x = numpy.array([[128, 0, 40, 255, 0, 64, 200, 1], [60, 255, 20, 250, 30, 70, 254, 254]])
    def table(family):
        rows = [[interval(family, a, numpy.exp(b), k) for a, b, k in zip(location, log_scale, row)] for row in x]
        return packed(rows)
    log_alpha, log_beta = numpy.array([0, 2, -1, 5, 0.5, 3, -2, 1]), numpy.array([0, 1, -1, 4, 3, 3, 2, -3])
    return {
        "location": packed(location), "logScale": packed(log_scale), "x": packed(x),
        "logistic": table(stats.logistic), "gaussian": table(stats.norm),
        "logAlpha": packed(log_alpha), "logBeta": packed(log_beta),
        "betaBinomial": packed(stats.betabinom(255, numpy.exp(log_alpha), numpy.exp(log_beta)).logpmf(x)),
    }


golden = {
    "gaussian": gaussian(), "bernoulli": bernoulli(), "divergences": divergences(), "mixture": mixture(),
    "levels": levels(),
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "probability.json")
with open(path, "w") as file:
    json.dump(golden, file, separators=(",", ":"))
    file.write("\n")
