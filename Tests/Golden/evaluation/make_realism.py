"""Writes realism.json: precision, recall, kernel distance and sharpness by NumPy, in float64.

Made with Python 3.11, NumPy 2.4.6, seed 20242:  python3 make_realism.py > realism.json

Written from the papers (Kynkäänniemi et al. 2019, Bińkowski et al. 2018), with distances from differences and one
kernel at a time.
"""

import json

import numpy as np

NEIGHBOURS = 3
SUBSETS = 4

random = np.random.default_rng(20242)


def packed(array):
    return {"shape": list(array.shape), "values": array.ravel().tolist()}


# Two clouds of which one covers a part of the other.
data = random.normal(size=(48, 4)).round(3)
samples = (random.normal(size=(44, 4)) * [0.7, 0.7, 1.3, 0.2] + [0.6, 0, 0, 0]).round(3)
images = random.uniform(size=(3, 2, 5, 6)).round(3)


def inside(points, centres):
    found = []
    for point in points:
        isInside = False
        for i, centre in enumerate(centres):
            others = np.delete(centres, i, axis=0)
            radius = np.sort(np.linalg.norm(others - centre, axis=1))[NEIGHBOURS - 1]
            isInside |= bool(np.linalg.norm(point - centre) <= radius)
        found.append(isInside)
    return found


def kernel(a, b):
    return (a @ b / len(a) + 1) ** 3


def discrepancy(x, y):
    size = len(x)
    pairs = [(i, j) for i in range(size) for j in range(size) if i != j]
    return np.mean([kernel(x[i], x[j]) + kernel(y[i], y[j]) - 2 * kernel(x[i], y[j]) for i, j in pairs])


size = min(len(data), len(samples)) // SUBSETS
parts = [
    discrepancy(data[i * size : (i + 1) * size], samples[i * size : (i + 1) * size]) for i in range(SUBSETS)
]


def laplacian_variance(image):
    grey = image.mean(axis=0)
    height, width = grey.shape
    values = [
        grey[i - 1, j] + grey[i + 1, j] + grey[i, j - 1] + grey[i, j + 1] - 4 * grey[i, j]
        for i in range(1, height - 1)
        for j in range(1, width - 1)
    ]
    return float(np.var(values))


print(
    json.dumps(
        {
            "data": packed(data),
            "samples": packed(samples),
            "samplesInside": inside(samples, data),
            "dataInside": inside(data, samples),
            "kernelDistance": {
                "mean": float(np.mean(parts)),
                "standardError": float(np.std(parts, ddof=1) / np.sqrt(SUBSETS)),
            },
            "images": packed(images),
            "sharpness": [laplacian_variance(image) for image in images],
        }
    )
)
