"""The regressions of workload W1 in pyfixest, on the table that the bench `road` makes.

usage: python w1_pyfixest.py TABLE.parquet

For each of 22 outcomes and three comparisons: the pooled effect, an effect per treated region, an
effect per treated period and an event study, with region and year effects absorbed, seven categorical
covariates, and cluster-robust errors. No CR3, no permutation: pyfixest is timed on less work.
"""

import sys
import time

import pandas as pd
import pyfixest as pf

from frames import sample
from workload import COMPARISONS, COVARIATES, OUTCOMES, TREATED


def designs(rows):
    years = sorted(int(year) for year in rows["year"].unique())
    yield ["post"]
    yield [f"post_{region}" for region in TREATED]
    yield [f"at_{year}" for year in years if year >= 2018]
    yield [f"at_{year}" for year in years if year != 2015]


def main(path):
    began = time.perf_counter()
    table = pd.read_parquet(path)
    for outcome in OUTCOMES:
        table[outcome] = table[outcome].astype(float)
    read = time.perf_counter()
    models = 0
    for controls in COMPARISONS:
        rows = sample(table, controls)
        for terms in designs(rows):
            absorbed = " + ".join(["region", "year"] + COVARIATES)
            formula = f"{' + '.join(OUTCOMES)} ~ {' + '.join(terms)} | {absorbed}"
            fitted = pf.feols(
                formula, rows, vcov={"CRV1": "region"}, copy_data=False, store_data=False, lean=True
            )
            models += len(fitted.to_list())
    ended = time.perf_counter()
    print(f"pyfixest {pf.__version__}: {models} models, read {read - began:.1f} s, all {ended - began:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1])
