"""Checks that files cross between this package and the reference implementations, both ways.

    python interchange.py FOLDER

FOLDER holds `swift.safetensors` and `swift.npy`, written by FormatsTests/InterchangeTests.swift. They are read
and compared with the values below, then the same values are written as `python.safetensors` and `python.npy`.
Needs numpy and safetensors from PyPI; checked with numpy 2.4.6 and safetensors 0.8.0.
"""

import sys
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

TENSORS = {
    "layer.weight": np.array([[1, 2, 3], [4, 5, -6]], np.float32),
    "wide": np.array([0.1, -1e300], np.float64),
    "step": np.array(12, np.int64),
    "half": np.array([1.5, -2], np.float16),
    "mask": np.array([True, False, True]),
    "bytes": np.array([[0, 255]], np.uint8),
    "empty": np.zeros((0, 4), np.float32),
    "schrödinger": np.array([-7], np.int16),
}
METADATA = {"kind": "interchange", "text": 'quote " backslash \\ newline \n umlaut ö 😀'}


def main(folder: Path) -> None:
    with safe_open(folder / "swift.safetensors", framework="numpy") as file:
        assert file.metadata() == METADATA, file.metadata()
        assert set(file.keys()) == set(TENSORS), file.keys()
        for name, expected in TENSORS.items():
            check(name, file.get_tensor(name), expected)
    check("swift.npy", np.load(folder / "swift.npy"), TENSORS["layer.weight"])
    save_file(TENSORS, folder / "python.safetensors", METADATA)
    np.save(folder / "python.npy", TENSORS["layer.weight"])


def check(name: str, found: np.ndarray, expected: np.ndarray) -> None:
    assert found.dtype == expected.dtype, (name, found.dtype)
    assert found.shape == expected.shape, (name, found.shape)
    assert found.tobytes() == expected.tobytes(), (name, found)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
