"""Fits the weights that trace reads: `fit_presence.py OUT.json WORLD…`.

Each WORLD is a folder with `measures.csv` (written by `cellsweep measures`) and `truth/handsets.csv`.
A logistic regression on hat functions between knots (a generalised additive model), ridge on
second differences, by Newton's method; one curve a measure. With `--hold-out` each world in turn
is left out and scored by the others' fit.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np

KNOTS = {
    "sector_fit": [-6, -3, -1.5, -0.5, 0, 0.5, 1, 2, 4],
    "sector_fit_model": [-6, -3, -1.5, -0.5, 0, 0.5, 1, 2, 4],
    "sector_divergence": [-1.5, -0.6, -0.3, -0.1, 0, 0.1, 0.3, 0.6, 1.2],
    "rival_fit": [-4, -2, -0.8, -0.2, 0, 0.2, 0.8, 2, 4],
    "timing_advance": [-8, -4, -2, -1, 0, 1, 2, 4],
    "away_days": [0, 1, 2, 4, 8],
    "away_share": [-3.5, -2.5, -2, -1.5, -1, -0.5, 0],
    "aside_share": [0, 0.03, 0.08, 0.15, 0.3, 0.6],
    "hours_fit": [-8, -4, -2, -1, 0, 1, 2, 4, 8],
    "kinds_fit": [-8, -4, -2, -1, 0, 1, 2, 4, 8],
    "make_fit": [-3, -2, -1, 0, 1, 2, 3],
    "calls_fit": [-3, -1.5, -0.5, 0, 0.5, 1.5, 3, 5],
    "same_inmate": [0, 1, 2, 3],
    "own_listed": [0, 1],
    "sensors": [0, 0.69, 1.1, 2],
    "hours_a_day": [0, 0.4, 0.8, 1.2, 1.6, 2, 2.4, 2.8, 3.2],
    "long_days": [0, 0.05, 0.15, 0.3, 0.6, 1],
    "active_days": [0.05, 0.2, 0.4, 0.6, 0.8, 0.95],
    "units": [0, 0.7, 1.4, 2.1, 2.8, 3.5, 4.5, 6],
    "update_share": [0, 0.08, 0.15, 0.3, 0.6, 0.9],
    "on_off_share": [0, 0.03, 0.07, 0.12, 0.2, 0.3, 0.45],
    "ledger": [0, 1],
    "known": [0, 1],
    "sims": [0, 0.69, 1.1, 1.6],
    "several_facilities": [0, 1, 2, 4],
    "silence": [-1.5, -0.5, 0, 0.5, 1, 1.5, 2, 3],
    "arrival": [0, 0.2, 0.5, 0.8, 1],
    "seized": [0, 1, 2],
    "missed_hours": [-0.7, 0, 1, 2, 3, 4, 5, 6],
    "same_hour": [-0.2, 0, 0.15, 0.3, 0.5, 0.7],
    "found": [0, 1, 2],
    "followed": [0, 1, 2],
    "inside_before": [0, 0.05, 0.15, 0.3, 0.6, 0.9],
    "jam_response": [-2, -1, -0.5, 0, 0.5, 1],
}
CATEGORIES = {"ledger", "known", "seized", "own_listed", "found", "followed"}
SMOOTH, RIDGE = 3.0, 0.5


def hats(values, knots):
    """Each row's position between knots as weights that sum to one."""
    knots = np.asarray(knots, float)
    looked = ~np.isnan(values)
    values = np.where(looked, values, 0.0)
    clipped = np.clip(values, knots[0], knots[-1])
    right = np.clip(np.searchsorted(knots, clipped), 1, len(knots) - 1)
    share = (clipped - knots[right - 1]) / (knots[right] - knots[right - 1])
    basis = np.zeros((len(values), len(knots)))
    rows = np.arange(len(values))
    basis[rows, right - 1] = 1 - share
    basis[rows, right] += share
    return basis * looked[:, None]  # what nobody looked at says nothing


def truth(world):
    """(IMEI, facility) of every handset that is kept and left records, with its key."""
    kept = {}
    with open(Path(world) / "truth" / "handsets.csv", newline="") as file:
        for row in csv.DictReader(file):
            if row["kept"] == "true" and int(row["events"]) > 0:
                for imei in (row["imei14"] + " " + row["other_imei"]).split():
                    kept[imei[:14], row["facility"]] = row["key"]
    return kept


def load(world):
    kept = truth(world)
    with open(Path(world) / "measures.csv", newline="") as file:
        reader = csv.DictReader(file)
        names = [name for name in reader.fieldnames if name in KNOTS]
        rows = list(reader)
    values = np.array([[float(row[name]) for name in names] for row in rows])
    labels = np.array([(row["handset"][:14], row["facility"]) in kept for row in rows])
    found = {kept.get((row["handset"][:14], row["facility"])) for row in rows}
    missing = len(set(kept.values()) - found)
    return names, values, labels, missing


def design(names, values):
    return np.hstack([np.ones((len(values), 1))] + [hats(values[:, i], KNOTS[name]) for i, name in enumerate(names)])


def penalty(names):
    blocks = [np.zeros((1, 1))]
    for name in names:
        size = len(KNOTS[name])
        block = RIDGE * np.eye(size)
        if name not in CATEGORIES and size > 2:
            second = np.diff(np.eye(size), 2, axis=0)
            block += SMOOTH * second.T @ second
        blocks.append(block)
    size = sum(len(block) for block in blocks)
    matrix, at = np.zeros((size, size)), 0
    for block in blocks:
        matrix[at : at + len(block), at : at + len(block)] = block
        at += len(block)
    return matrix


def fit(names, values, labels, weights):
    basis, ridge = design(names, values), penalty(names)
    beta = np.zeros(basis.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(basis @ beta, -30, 30)))
        gradient = basis.T @ (weights * (labels - p)) - ridge @ beta
        hessian = (basis * (weights * p * (1 - p))[:, None]).T @ basis + ridge + 1e-9 * np.eye(len(beta))
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-6:
            break
    return beta


def average_precision(scores, labels, missing):
    order = np.argsort(-scores, kind="stable")
    hits = labels[order]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float((precision * hits).sum() / (hits.sum() + missing))


def cllr(ln_lr, labels):
    cost = lambda x: np.logaddexp(0, x).mean() / np.log(2)
    return float((cost(-ln_lr[labels]) + cost(ln_lr[~labels])) / 2)


def main():
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    out, worlds = arguments[0], arguments[1:]
    data = [load(world) for world in worlds]
    names = data[0][0]
    # Each world counts alike, whatever its size.
    weights = [np.full(len(labels), 4000.0 / len(labels)) for _, _, labels, _ in data]
    if "--hold-out" in sys.argv:
        for index, world in enumerate(worlds):
            rest = [i for i in range(len(worlds)) if i != index]
            beta = fit(names, *(np.concatenate([part[i] for i in rest]) for part in ([d[1] for d in data], [d[2] for d in data], weights)))
            _, values, labels, missing = data[index]
            scores = design(names, values) @ beta
            prior = np.mean(np.concatenate([data[i][2] for i in rest]))
            ln_lr = scores - np.log(prior / (1 - prior))
            print(f"{world}: AP {average_precision(scores, labels, missing):.3f} Cllr {cllr(ln_lr, labels):.3f} "
                  f"positives {labels.sum()} of {len(labels)} stays, {missing} without a stay")
    values = np.concatenate([d[1] for d in data])
    labels = np.concatenate([d[2] for d in data])
    joined = np.concatenate(weights)
    beta = fit(names, values, labels, joined)
    prior = np.average(labels, weights=joined)
    intercept = beta[0] - np.log(prior / (1 - prior))
    curves, at = [], 1
    for index, name in enumerate(names):
        knots = KNOTS[name]
        curve = beta[at : at + len(knots)]
        at += len(knots)
        contribution = hats(values[:, index], knots) @ curve
        middle = (contribution[labels].mean() + contribution[~labels].mean()) / 2
        intercept += middle
        curves.append({"measure": name, "knots": [[k, round(float(w - middle), 4)] for k, w in zip(knots, curve)]})
    version = "presence-6"
    fitted_on = f"{len(worlds)} made-up worlds, {int(labels.sum())} kept handsets among {len(labels)} stays"
    head = {"version": version, "fitted_on": fitted_on, "intercept": round(float(intercept), 4)}
    head["calibration"] = {"slope": 1.0, "intercept": 0.0}
    head["bounds"] = {"lower": -9.0, "upper": 9.0}
    lines = [json.dumps(curve) for curve in curves]
    entries = ",\n  ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items())
    text = "{\n  " + entries + ',\n  "curves": [\n    ' + ",\n    ".join(lines) + "\n  ]\n}\n"
    Path(out).write_text(text)


if __name__ == "__main__":
    main()
