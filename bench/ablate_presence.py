"""What each kind of finding brings: `ablate_presence.py WORLD… --on WORLD…`, a Markdown table on standard output.

WORLDs are folders as `fit_presence.py` reads them. The curves are fitted on the first ones without the measures of one
kind, and average precision is taken over all stays by the sum of weights: on the worlds that the curves were fitted on,
and on those behind `--on`. What the case itself is taught (radio, rings, habits, makes) stays as it was measured with
everything.
"""

import sys

import numpy as np

from fit_presence import KNOTS, average_precision, design, fit, load

KINDS = {
    "nothing left out": [],
    "sectors": ["sector_fit", "sector_fit_model", "sector_divergence", "rival_fit", "aside_share"],
    "timing advance": ["timing_advance"],
    "journeys": ["away_days", "away_share"],
    "hours": ["hours_fit", "same_hour"],
    "use": ["kinds_fit", "update_share"],
    "on and off": ["on_off_share", "hours_a_day", "long_days"],
    "days present, silence": ["active_days", "silence", "missed_hours", "arrival", "inside_before", "units"],
    "make": ["make_fit"],
    "ledger": ["ledger"],
    "SIM cards": ["sims"],
    "calls to listed numbers": ["calls_fit", "same_inmate", "own_listed"],
    "known, seized, found": ["known", "seized", "found"],
    "sensors": ["sensors"],
    "transfers, jamming": ["followed", "jam_response"],
    "several facilities": ["several_facilities"],
}


def mean_precision(names, columns, beta, worlds):
    scores = lambda values: design(names, values[:, columns]) @ beta
    return float(np.mean([average_precision(scores(values), labels, missing) for _, values, labels, missing in worlds]))


def main():
    split = sys.argv.index("--on")
    fitted, others = ([load(world) for world in part] for part in (sys.argv[1:split], sys.argv[split + 1 :]))
    assert {name for kind in KINDS.values() for name in kind} == set(KNOTS), "every measure belongs to one kind"
    print("| without | the worlds fitted on | other worlds |\n|---|---|---|")
    for kind, without in KINDS.items():
        columns = [i for i, name in enumerate(fitted[0][0]) if name not in without]
        names = [fitted[0][0][i] for i in columns]
        values, labels = (np.concatenate([world[k] for world in fitted]) for k in (1, 2))
        weights = np.concatenate([np.full(len(world[2]), 4000.0 / len(world[2])) for world in fitted])
        beta = fit(names, values[:, columns], labels, weights)
        row = [mean_precision(names, columns, beta, worlds) for worlds in (fitted, others)]
        print(f"| {kind} | {row[0]:.3f} | {row[1]:.3f} |", flush=True)


if __name__ == "__main__":
    main()
