"""What others' estimators say of the same data: JSON in, JSON out."""

import json
import sys
import warnings

import numpy as np
import pandas as pd
from differences import ATTgt
from scipy import integrate, stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import confint_poisson

warnings.simplefilter("ignore")


def long(rows):
    """Units by periods to a frame; a start of None is never."""
    records = [
        (unit, time, np.nan if start is None else float(start), value)
        for unit, (values, start) in enumerate(zip(rows["outcome"], rows["start"]))
        for time, value in enumerate(values)
    ]
    frame = pd.DataFrame(records, columns=["unit", "time", "cohort", "y"])
    return frame.set_index(["unit", "time"])


def group_times(rows, controls):
    model = ATTgt(data=long(rows), cohort_column="cohort")
    model.fit(formula="y", control_group=controls, est_method="reg", progress_bar=False)
    cells = model.results()
    values = zip(cells.index, cells.iloc[:, 0], cells.iloc[:, 1])
    table = [[int(key[0]), int(key[-1]), float(effect), float(error)] for key, effect, error in values]

    def pair(kind, overall=False):
        frame = model.aggregate(kind, overall=overall)
        keys = [str(key) for key in frame.index]
        return {key: [float(a), float(b)] for key, a, b in zip(keys, frame.iloc[:, 0], frame.iloc[:, 1])}

    return {
        "cells": table,
        "overall": list(pair("simple").values())[0],
        "by_group": list(pair("cohort", True).values())[0],
        "by_event_time": pair("event"),
    }


def expected_ratio(days, before, after):
    """ln heard over expected, from daily counts and the weekdays of the days."""
    heard, known = np.array(days["heard"], float), np.array(days["known"], float)
    weekday = np.arange(len(heard)) % 7
    rate = {w: heard[before][weekday[before] == w].sum() / known[before][weekday[before] == w].sum() for w in range(7)}
    expected = sum(known[day] * rate[weekday[day]] for day in after)
    total = heard[before].sum()
    return np.log(heard[after].sum() + 0.5) - np.log(expected * (1 + 0.5 / total))


def jamming(asked):
    """Each jammed facility a cohort of two periods, through `differences`; then the mean."""
    effects = []
    length = len(asked["facilities"][0]["heard"])
    for own, site in enumerate(asked["facilities"]):
        if site["start"] is None:
            continue
        start = site["start"]
        before = np.arange(max(0, start - 56), start)
        after = np.arange(start, min(start + 56, length))
        compared = [
            index
            for index, other in enumerate(asked["facilities"])
            if index != own and (other["start"] is None or other["start"] > after[-1])
        ]
        ratios = [expected_ratio(asked["facilities"][index], before, after) for index in [own] + compared]
        rows = {"outcome": [[0.0, ratio] for ratio in ratios], "start": [1] + [None] * len(compared)}
        effects.append(group_times(rows, "never_treated")["overall"][0])
    return float(np.mean(effects))


def poisson_ratio(days):
    """Poisson regression of daily counts on weekdays and on being after the start, with the exposure as offset."""
    heard, start = np.array(days["heard"], float), days["start"]
    weekday = np.arange(len(heard)) % 7
    design = np.column_stack([weekday == w for w in range(7)] + [np.arange(len(heard)) >= start]).astype(float)
    return float(GLM(heard, design, family=Poisson(), offset=np.log(days["known"])).fit(tol=1e-14).params[-1])


def beta_binomial(counts):
    """Posterior mean of the first share, by quadrature over logit mean and log size."""

    def weight(logit, size, first):
        mean = 1 / (1 + np.exp(-logit))
        a, b = mean * np.exp(size), (1 - mean) * np.exp(size)
        value = np.exp(np.log(a) + np.log(b) - 2.5 * size)
        for found, there in counts:
            value *= stats.betabinom.pmf(found, there, a, b)
        found, there = counts[0]
        return value * ((a + found) / (a + b + there) if first else 1.0)

    bounds = (-0.5, 7.0, -6.0, 6.0)
    parts = [integrate.dblquad(lambda l, s: weight(l, s, first), *bounds, epsrel=1e-5)[0] for first in (True, False)]
    return parts[0] / parts[1]


def survival(silences):
    days, ended = zip(*silences)
    curve = SurvfuncRight(days, ended)
    return [curve.surv_times.tolist(), curve.surv_prob.tolist(), curve.surv_prob_se.tolist()]


asked = json.load(sys.stdin)
answer = {
    "group_times": [[group_times(rows, controls) for controls in ("never_treated", "not_yet_treated")]
                    for rows in asked["rows"]],
    "jamming": jamming(asked["jamming"]),
    "poisson_ratio": poisson_ratio(asked["poisson_ratio"]),
    "wilson": [proportion_confint(k, n, method="wilson") for k, n in asked["shares"]],
    "clopper_pearson": [proportion_confint(k, n, method="beta") for k, n in asked["shares"]],
    "poisson": [confint_poisson(k, n, method="exact-c") for k, n in asked["shares"]],
    "newcombe": [confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff")
                 for a, n, b, m in asked["pairs"]],
    "student": [stats.t.ppf(p, df) for p, df in asked["student"]],
    "beta_binomial": beta_binomial(asked["beta_binomial"]),
    "survival": survival(asked["silences"]),
}
json.dump(answer, sys.stdout, default=float)
