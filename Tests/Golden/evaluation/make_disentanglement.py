"""Writes disentanglement.json: mutual information gaps and SAP scores of random codes, by NumPy, in float64.

Made with Python 3.11, NumPy 2.4.6, seed 20241:  python3 make_disentanglement.py > disentanglement.json

Written from the papers (Chen et al. 2018, Kumar et al. 2018), with NumPy's own histograms and covariances.
"""

import json

import numpy as np

BINS = 20

random = np.random.default_rng(20241)
factors = [
    {"name": "class", "count": 3, "isOrdered": False},
    {"name": "size", "count": 5, "isOrdered": True},
    {"name": "place", "count": 4, "isOrdered": True},
]
count = 240
values = np.stack([random.integers(factor["count"], size=count) for factor in factors], axis=1)
mixing = np.array([[1.0, 0.2, 0.0], [0.0, 0.8, -0.5], [0.3, -0.6, 1.2], [0.0, 0.0, 0.0]])
# Six digits, so that the file holds what was computed with.
codes = (values @ mixing.T + 0.5 * random.normal(size=(count, 4))).round(6)


def entropy(p):
    p = p[p > 0]
    return float(-(p * np.log(p)).sum())


def information_share(code, value, levels):
    joint, _, _ = np.histogram2d(code, value, bins=[BINS, np.arange(levels + 1) - 0.5])
    joint /= joint.sum()
    own = entropy(joint.sum(axis=0))
    return (entropy(joint.sum(axis=1)) + own - entropy(joint.ravel())) / own


def predictability(code, value, factor):
    if factor["isOrdered"]:
        return float(np.corrcoef(code, value)[0, 1] ** 2)
    means = np.array([code[value == label].mean() for label in range(factor["count"])])
    nearest = np.abs(code[:, None] - means[None, :]).argmin(axis=1)
    recalls = [np.mean(nearest[value == label] == label) for label in range(factor["count"])]
    chance = 1 / factor["count"]
    return float(max(0.0, (np.mean(recalls) - chance) / (1 - chance)))


def gaps(scores):
    ordered = np.sort(scores, axis=0)[::-1]
    return (ordered[0] - ordered[1]).tolist()


def matrix(score):
    return np.array(
        [[score(code, values[:, j], factor) for j, factor in enumerate(factors)] for code in codes.T]
    )


shares = matrix(lambda code, value, factor: information_share(code, value, factor["count"]))
scores = matrix(predictability)
print(
    json.dumps(
        {
            "factors": factors,
            "values": values.tolist(),
            "codes": codes.ravel().tolist(),
            "shares": shares.ravel().tolist(),
            "informationGaps": gaps(shares),
            "scores": scores.ravel().tolist(),
            "predictabilityGaps": gaps(scores),
        }
    )
)
