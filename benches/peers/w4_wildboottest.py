"""The wild cluster bootstrap of workload W4 in wildboottest, on the table that the bench `road` makes.

usage: python w4_wildboottest.py TABLE.parquet

One outcome of 22, against the main comparison: 99,999 draws with the null hypothesis imposed, and no
interval, which verschil finds for every outcome by inverting the test.
"""

import sys
import time

import numpy as np
import pandas as pd
import statsmodels.api as sm
from wildboottest.wildboottest import wildboottest

from frames import design, sample
from workload import COMPARISONS, COVARIATES


def main(path):
    began = time.perf_counter()
    rows = sample(pd.read_parquet(path, columns=["region", "year", *COVARIATES, "y01"]), COMPARISONS[0])
    x = pd.DataFrame(design(rows)).add_prefix("x")
    model = sm.OLS(rows["y01"].astype(float).to_numpy(), x)
    found = wildboottest(
        model, cluster=pd.Series(pd.factorize(rows["region"])[0]), param="x1", B=99_999, seed=1, show=False
    )
    print(f"p {float(np.ravel(found['p-value'])[0]):.5f}, {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1])
