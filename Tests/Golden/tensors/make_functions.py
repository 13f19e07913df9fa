"""Writes functions.json: elementwise and special functions by SciPy, in float64.

Made with Python 3.11, NumPy 2.4.6, SciPy 1.17.1:  python3 make_functions.py > functions.json
"""

import json

import numpy as np
from scipy import special

line = [-30.0, -5.5, -2.0, -1.0, -0.25, -1e-9, 0.0, 1e-12, 0.3, 1.0, 2.5, 3.7, 21.0, 40.0]
positive = [1e-300, 1e-10, 0.04, 0.5, 1.0, 2.0, 7.3, 150.0, 1e12]
gammas = [-2.5, -0.3, 1e-8, 0.1, 0.5, 1.0, 1.5, 2.0, 6.25, 31.0, 1e5]
chances = [1e-300, 1e-12, 1e-3, 0.02425, 0.3, 0.5, 0.8, 0.999, 1 - 1e-12]
inside = [-0.999999, -0.7, -1e-10, 0.0, 0.2, 0.9, 0.999]
halves = [-2.5, -1.5, -0.5, -0.2, 0.0, 0.5, 1.5, 2.49, 2.5]

cases = {
    "magnitude": (line, np.abs),
    "roundedUp": (halves, np.ceil),
    "roundedDown": (halves, np.floor),
    "rounded": (halves, np.rint),
    "sign": (line, np.sign),
    "negated": (line, np.negative),
    "reciprocal": (positive, np.reciprocal),
    "squared": (line, np.square),
    "squareRoot": (positive, np.sqrt),
    "reciprocalSquareRoot": (positive, lambda x: 1 / np.sqrt(x)),
    "raisedTo2.5": (positive[1:], lambda x: x**2.5),
    "exp": (line, np.exp),
    "expMinusOne": (line, np.expm1),
    "log": (positive, np.log),
    "logOnePlus": (positive + [-0.5, -1e-10], np.log1p),
    "sin": (line, np.sin),
    "cos": (line, np.cos),
    "tanh": (line, np.tanh),
    "sigmoid": (line, special.expit),
    "logSigmoid": (line, special.log_expit),
    "softplus": (line, lambda x: np.logaddexp(0, x)),
    "relu": (line, lambda x: np.maximum(x, 0)),
    "leakyReLU": (line, lambda x: np.where(x > 0, x, 0.01 * x)),
    "elu": (line, lambda x: np.where(x > 0, x, np.expm1(x))),
    "gelu": (line, lambda x: x * special.ndtr(x)),
    "silu": (line, lambda x: x * special.expit(x)),
    "logGamma": (gammas, special.gammaln),
    "digamma": (gammas, special.digamma),
    "erf": (line, special.erf),
    "erfc": (line[:-2] + [6.0, 20.0], special.erfc),
    "inverseErf": (inside, special.erfinv),
    "normalCDF": (line, special.ndtr),
    "normalQuantile": (chances, special.ndtri),
}

rows = []
for name, (points, f) in cases.items():
    x = np.array(points)
    rows.append(json.dumps({"name": name, "x": points, "y": f(x).tolist()}))
print("[\n" + ",\n".join(rows) + "\n]")
