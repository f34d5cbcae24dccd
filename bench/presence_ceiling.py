"""What labels would add to trace: `presence_ceiling.py WORLD…`.

Each WORLD is a folder with `measures.csv` (the example `measures`) and `truth/handsets.csv`, as `fit_presence.py` takes
them, and of one family. Of each world: the shipped weights, which saw neither it nor its labels; an additive model and
gradient-boosted trees fitted on the labels of all other worlds; and the additive model fitted on the world's own labels
and scored on them, which nobody can have. Average precision over all stays (a handset that is kept and has no stay is a
miss), and Cllr of the weights over them.
"""

import json
import pathlib
import sys

import lightgbm
import numpy as np
from fit_presence import average_precision, cllr, design, fit, load

SHIPPED = pathlib.Path(__file__).parent.parent / "crates" / "cellsweep-trace" / "weights" / "presence.json"
WAYS = ["shipped", "additive, others' labels", "trees, others' labels", "additive, own labels"]


def shipped(names, values):
    """ln of the ratios that the shipped curves give."""
    weights = json.loads(SHIPPED.read_text())
    total = np.full(len(values), weights["intercept"])
    for curve in weights["curves"]:
        column = values[:, names.index(curve["measure"])]
        looked = ~np.isnan(column)
        total[looked] += np.interp(column[looked], *np.array(curve["knots"]).T)
    return total


def fitted(names, data, left_out):
    """ln of the ratios by models that were given the labels of all worlds but one."""
    rest = [world for index, world in enumerate(data) if index != left_out]
    values, labels = (np.concatenate([world[part] for world in rest]) for part in (1, 2))
    weights = np.concatenate([np.full(len(world[2]), 4000.0 / len(world[2])) for world in rest])
    prior = np.average(labels, weights=weights)
    ln_prior = np.log(prior / (1 - prior))
    unseen = data[left_out][1]
    additive = design(names, unseen) @ fit(names, values, labels, weights)
    trees = lightgbm.LGBMClassifier(
        n_estimators=300, learning_rate=0.03, num_leaves=15, min_child_samples=30,
        subsample=0.8, subsample_freq=1, colsample_bytree=0.6, reg_lambda=5, random_state=1, verbose=-1,
    ).fit(values, labels, sample_weight=weights)
    return additive - ln_prior, trees.predict(unseen, raw_score=True) - ln_prior


def main():
    worlds = sys.argv[1:]
    data = [load(world) for world in worlds]
    names = data[0][0]
    print(f"| world | kept | {' | '.join(WAYS)} |\n|---|---|{'---|' * len(WAYS)}")
    all_scores = []
    for index, world in enumerate(worlds):
        _, values, labels, missing = data[index]
        own = design(names, values) @ fit(names, values, labels, np.ones(len(labels)))
        ways = [shipped(names, values), *fitted(names, data, index), own]
        scores = [(average_precision(way, labels, missing), cllr(way, labels)) for way in ways]
        all_scores.append(scores)
        cells = " | ".join(f"{precision:.3f}, {cost:.3f}" for precision, cost in scores)
        print(f"| {pathlib.Path(world).name} | {labels.sum() + missing} | {cells} |")
    means = " | ".join(f"{precision:.3f}, {cost:.3f}" for precision, cost in np.mean(all_scores, axis=0))
    print(f"| mean | | {means} |")


if __name__ == "__main__":
    main()
