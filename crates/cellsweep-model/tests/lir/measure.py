"""What lir measures of labelled likelihood ratios: samples as JSON in, measures as JSON out.

In: [{"log10_lr": [...], "positive": [...]}, ...]
"""

import json
import sys

import matplotlib.pyplot as plt
import numpy as np
from lir.algorithms.bayeserror import elub
from lir.data.models import LLRData
from lir.metrics import cllr, cllr_min
from lir.plotting import tippett
from lir.plotting.expected_calibration_error import calculate_ece

PRIOR_LOG10_ODDS = np.array([-2.5, -1.0, 0.0, 0.5, 2.0])


def tippett_curves(data):
    """The plot's two curves, as [weights, shares]; weights as text, for not a digit may be lost where they are a case's own."""
    figure, axes = plt.subplots()
    tippett(data, ax=axes)
    positives, negatives = (line.get_xydata() for line in axes.lines[:2])
    plt.close(figure)
    return [[[repr(x) for x in curve[:, 0].tolist()], (curve[:, 1] / 100).tolist()] for curve in (positives, negatives)]


def measures(sample):
    llrs = np.array(sample["log10_lr"], dtype=float)
    labels = np.array(sample["positive"], dtype=int)
    data = LLRData(features=llrs, labels=labels)
    odds = 10**PRIOR_LOG10_ODDS
    return {
        "cllr": cllr(data),
        "cllr_min": cllr_min(data),
        "tippett": tippett_curves(data),
        "cross_entropy": [PRIOR_LOG10_ODDS.tolist(), calculate_ece(10**llrs, labels, odds / (1 + odds)).tolist()],
        # It writes over what it is given.
        "elub": [float(bound) for bound in elub(llrs.copy(), labels)],
    }


json.dump([measures(sample) for sample in json.load(sys.stdin)], sys.stdout)
