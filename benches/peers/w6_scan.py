"""A bare scan of all columns of the table that the bench `road` makes: every column summed or counted.

usage: python w6_scan.py polars|duckdb TABLE.parquet
"""

import sys

from workload import COVARIATES, OUTCOMES

TEXTS = ["region", *COVARIATES]


def polars(path):
    import polars as pl

    asked = [pl.col(name).sum() for name in OUTCOMES] + [pl.col("year").sum()]
    asked += [pl.col(name).cast(pl.Categorical).to_physical().sum() for name in TEXTS]
    return pl.scan_parquet(path).select(asked).collect(engine="streaming").shape


def duckdb(path):
    import duckdb

    sums = [f"sum(CAST({name} AS DOUBLE))" for name in OUTCOMES] + ["sum(year)"]
    sums += [f"sum(length({name}))" for name in TEXTS]
    return duckdb.sql(f"SELECT {', '.join(sums)} FROM '{path}'").fetchall()


if __name__ == "__main__":
    {"polars": polars, "duckdb": duckdb}[sys.argv[1]](sys.argv[2])
