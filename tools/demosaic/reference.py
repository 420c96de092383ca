#!/usr/bin/env python3
"""Plain numpy inference of the learned demosaicing operator.

    reference.py weights.json vector_in.npy [vector_sigma.npy]  -> out.npy
    reference.py --check      compares with the test vectors beside it
"""
import json
import sys
from pathlib import Path

import numpy as np


def load(path):
    """weights.json -> dict of float32 arrays."""
    with open(path) as f:
        return {k: np.array(v["values"], np.float32).reshape(v["shape"])
                for k, v in json.load(f).items()}


def conv3(x, k):
    """Valid 3x3 correlation: x (h, w, in), k (3, 3, in, out)."""
    h, w = x.shape[0] - 2, x.shape[1] - 2
    y = np.zeros((h, w, k.shape[3]), np.float32)
    for i in range(3):
        for j in range(3):
            y += x[i:i + h, j:j + w] @ k[i, j]
    return y


def act(v, slope, bias):
    """PReLU with one slope per channel, after the noise bias."""
    v = v + bias
    return np.maximum(v, 0) + slope * np.minimum(v, 0)


def demosaic(mosaic, w, sigma=(0, 0, 0)):
    """RGGB mosaic (even sides) -> picture (h, w, 3); sigma of R, G, B."""
    sigma = np.asarray(sigma, np.float32)
    # Three quads of border, reflected about the outermost samples.
    x = np.pad(mosaic.astype(np.float32), 6, "reflect")
    # Pack quads: R, G1 (right of R), G2 (below R), B.
    x = np.stack([x[0::2, 0::2], x[0::2, 1::2],
                  x[1::2, 0::2], x[1::2, 1::2]], -1)
    out = conv3(x[2:-2, 2:-2], w["skip"])
    v = act(conv3(x, w["stem"]), w["slope0"], sigma @ w["noise0"])
    v = act(conv3(v, w["dense1"]), w["slope1"], sigma @ w["noise1"])
    v = act(conv3(v, w["dense2"]), w["slope2"], sigma @ w["noise2"])
    out += v @ w["head"]
    # Output channel = (row * 2 + column) * 3 + color.
    h, wd, _ = out.shape
    return (out.reshape(h, wd, 2, 2, 3).transpose(0, 2, 1, 3, 4)
            .reshape(2 * h, 2 * wd, 3))


def main():
    here = Path(__file__).parent
    if sys.argv[1:] == ["--check"]:
        w = load(here / "weights.json")
        m = np.load(here / "vector_in.npy")
        for s, name in (((0, 0, 0), "vector_out.npy"),
                        (np.load(here / "vector_sigma.npy"),
                         "vector_out_sigma.npy")):
            e = np.abs(demosaic(m, w, s) - np.load(here / name)).max()
            print(name, "largest difference", e)
            assert e < 1e-5
        return
    w = load(sys.argv[1])
    sigma = np.load(sys.argv[3]) if len(sys.argv) > 3 else (0, 0, 0)
    np.save("out.npy", demosaic(np.load(sys.argv[2]), w, sigma))


if __name__ == "__main__":
    main()
