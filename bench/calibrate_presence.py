"""Fits the last step of trace's weights: `calibrate_presence.py WEIGHTS.json WORLD…`.

Each WORLD is a folder with `devices.csv` (traced with a calibration of slope 1 and intercept 0) and `truth`. Platt's
logistic calibration (Platt 1999) of the log-odds of the listed rows; every world counts alike. The slope
and the intercept are written into the weights.
"""

import json
import sys
from pathlib import Path

import numpy as np

import score


def listed(world):
    """Log-odds of the rows and whether each is right."""
    rows = score.listed(Path(world) / "devices.csv")
    right = [hit is not None for hit in score.marks(rows, list(score.kept(Path(world) / "truth")))]
    p = np.clip([row[0] for row in rows], 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p)), np.array(right, float)


def fit(odds, right, weights):
    design, beta = np.c_[np.ones(len(odds)), odds], np.array([0.0, 1.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        hessian = (design * (weights * p * (1 - p))[:, None]).T @ design
        beta += np.linalg.solve(hessian, design.T @ (weights * (right - p)))
    return beta


def main():
    path, worlds = Path(sys.argv[1]), sys.argv[2:]
    data = [listed(world) for world in worlds]
    weights = np.concatenate([np.full(len(right), 1000 / len(right)) for _, right in data])
    intercept, slope = fit(*(np.concatenate(column) for column in zip(*data)), weights)
    text = path.read_text()
    head = json.loads(text)["calibration"]
    new = {"slope": round(float(slope), 3), "intercept": round(float(intercept), 3)}
    path.write_text(text.replace(json.dumps(head), json.dumps(new)))
    print(new)


if __name__ == "__main__":
    main()
