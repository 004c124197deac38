"""Pooled logits of workload W1f in statsmodels, on the table that the bench `road` makes.

usage: python w1f_statsmodels.py TABLE.parquet [OUTCOMES]

The first OUTCOMES 0/1 outcomes (2 unless told) of the main comparison, with region and year effects and
seven categorical covariates as dummies, and cluster-robust errors of the coefficients. No effects on the
treated, which verschil takes from each fit as well.
"""

import sys
import time

import numpy as np
import pandas as pd
import statsmodels
import statsmodels.api as sm

from frames import design, sample
from workload import COMPARISONS, COVARIATES, OUTCOMES


def main(path, outcomes=2):
    began = time.perf_counter()
    chosen = OUTCOMES[: int(outcomes)]
    rows = sample(pd.read_parquet(path, columns=["region", "year", *COVARIATES, *chosen]), COMPARISONS[0])
    x, groups = design(rows), pd.factorize(rows["region"])[0]
    for outcome in chosen:
        y = rows[outcome].astype(float).to_numpy()
        there = ~np.isnan(y)
        model = sm.GLM(y[there], x[there], family=sm.families.Binomial())
        model.fit(cov_type="cluster", cov_kwds={"groups": groups[there]})
    ended = time.perf_counter()
    each = (ended - began) / len(chosen)
    print(f"statsmodels {statsmodels.__version__}: {len(chosen)} logits, {each:.1f} s each")


if __name__ == "__main__":
    main(*sys.argv[1:])
