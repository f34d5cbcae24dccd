"""Fits the last step of trace's weights: `calibrate_presence.py WEIGHTS.json WORLD…`.

Each WORLD is a folder with `devices.csv` (traced with a calibration of slope 1 and intercept 0) and `truth`. Platt's
logistic calibration (Platt 1999) of the log-odds of the listed rows; every world counts alike. Then the bounds
that so many labelled rows support (ELUB, Vergeer et al. 2016), for weights relative to each world's listed rows. Slope, intercept and bounds are written into the weights.
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


def elub(ratios, right):
    """The lowest and the greatest log10 ratio that a sample carries."""
    ours, others = np.sort(ratios[right == 1]), np.sort(ratios[right == 0])

    def useful(threshold):
        accepted = [len(side) - np.searchsorted(side, threshold, side="right") for side in (ours, others)]
        hits, false_alarms = accepted[0] / (len(ours) + 1), (accepted[1] + 1) / (len(others) + 1)
        ratio = 10.0**threshold
        return min(ratio, 1.0) >= 1 - hits + ratio * false_alarms

    steps = np.arange(-np.log10(len(ours) + 1), np.log10(len(others) + 1), 0.01)
    bad = np.array([step for step in steps if not useful(step)])
    lower = max([step + 0.01 for step in bad[bad <= 0]], default=steps[0])
    upper = min([step - 0.01 for step in bad[bad >= 0]], default=steps[-1])
    return min(lower, 0.0), max(upper, 0.0)


def relative(odds, slope, intercept):
    """log10 ratios relative to the listed rows, as trace states them."""
    stated = intercept + slope * odds
    base = np.mean(1 / (1 + np.exp(-stated)))
    return (stated - np.log(base / (1 - base))) / np.log(10)


def main():
    path, worlds = Path(sys.argv[1]), sys.argv[2:]
    data = [listed(world) for world in worlds]
    weights = np.concatenate([np.full(len(right), 1000 / len(right)) for _, right in data])
    intercept, slope = fit(*(np.concatenate(column) for column in zip(*data)), weights)
    ratios = np.concatenate([relative(odds, slope, intercept) for odds, _ in data])
    bounds = elub(ratios, np.concatenate([right for _, right in data]))
    text = path.read_text()
    new = {
        "calibration": {"slope": round(float(slope), 3), "intercept": round(float(intercept), 3)},
        "bounds": {"lower": round(float(bounds[0]), 2), "upper": round(float(bounds[1]), 2)},
    }
    for name, value in new.items():
        text = text.replace(json.dumps(json.loads(text)[name]), json.dumps(value))
    path.write_text(text)
    print(new)


if __name__ == "__main__":
    main()
