"""The regressions of workload W1 in pyfixest, on the table that the bench `road` makes.

usage: python w1_pyfixest.py TABLE.parquet

For each of 22 outcomes and three comparisons: the pooled effect, an effect per treated region, an
effect per treated period and an event study, with region and year effects absorbed, seven categorical
covariates, and cluster-robust errors. No CR3, no permutation: pyfixest is timed on less work.
"""

import sys
import time

import pandas as pd

OUTCOMES = [f"y{k:02}" for k in range(1, 23)]
COVARIATES = ["age", "parity", "background", "income", "education", "urbanisation", "household"]
TREATED = [f"R{r:02}" for r in range(6)]
COMPARISONS = [range(6, 26), range(26, 33), range(40, 60)]


def sample(table, controls):
    regions = TREATED + [f"R{r:02}" for r in controls]
    rows = table[table["region"].isin(regions) & (table["year"] != 2017)].copy()
    rows["region"] = rows["region"].astype(str)
    treated = rows["region"].isin(TREATED)
    rows["post"] = (treated & (rows["year"] >= 2018)).astype(float)
    for region in TREATED:
        rows[f"post_{region}"] = ((rows["region"] == region) & (rows["year"] >= 2018)).astype(float)
    for year in sorted(rows["year"].unique()):
        rows[f"at_{year}"] = (treated & (rows["year"] == year)).astype(float)
    return rows


def designs(rows):
    years = sorted(int(year) for year in rows["year"].unique())
    yield ["post"]
    yield [f"post_{region}" for region in TREATED]
    yield [f"at_{year}" for year in years if year >= 2018]
    yield [f"at_{year}" for year in years if year != 2015]


def main(path):
    import pyfixest as pf

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
