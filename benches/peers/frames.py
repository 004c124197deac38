"""Data frames of a comparison of the workload, for peers that take such frames."""

import numpy as np
import pandas as pd

from workload import COVARIATES, TREATED


def sample(table, controls):
    """Rows of a comparison, with its terms."""
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


def design(rows):
    """Constant, pooled effect, and everything else as dummies."""
    dummies = [pd.get_dummies(rows[name].astype(str), drop_first=True) for name in ["region", "year", *COVARIATES]]
    return np.column_stack([np.ones(len(rows)), rows["post"], *dummies]).astype(float)
