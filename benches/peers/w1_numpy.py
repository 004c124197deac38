"""The sums of workload W1 with numpy alone, and the pooled effects from them: a script that a careful
analyst would write once. Counts of all pairs of levels and sums of outcomes per region and year, by
bincount; then 22 outcomes against three control groups, with cluster-robust errors (CR1).

usage: python w1_numpy.py TABLE.parquet
"""

import sys
import time

import numpy as np
import pyarrow.parquet as pq

from workload import COMPARISONS, COVARIATES, OUTCOMES

GROUP = 400_000


def codes(column, known):
    column = column.cast("string").dictionary_encode()
    place = np.array([known.setdefault(name, len(known)) for name in column.dictionary.to_pylist()])
    return place[column.indices.to_numpy(zero_copy_only=False)]


def grams(path, regions, levels):
    """Sums of [1, levels] and outcomes for each region and year; outcomes that miss the same rows share
    their products of levels."""
    widths = [1, *levels.values()]
    starts = np.concatenate([[0], np.cumsum(widths)])
    width, slices = int(starts[-1]), len(regions) * 14
    xx, class_of = {}, {}
    xy = np.zeros((len(OUTCOMES), slices, width))
    yy = np.zeros((len(OUTCOMES), slices))
    known = {name: {} for name in COVARIATES}
    file = pq.ParquetFile(path)
    for batch in file.iter_batches(GROUP, columns=["region", "year", *COVARIATES, *OUTCOMES]):
        at = codes(batch.column("region"), regions) * 14 + batch.column("year").to_numpy() - 2008
        columns = [np.zeros(len(at), dtype=np.int64)]
        columns += [codes(batch.column(name), known[name]) for name in COVARIATES]
        patterns = {}
        for k, name in enumerate(OUTCOMES):
            values = batch.column(name).cast("float64").to_numpy(zero_copy_only=False)
            there = ~np.isnan(values)
            patterns.setdefault(there.tobytes(), (there, []))[1].append(k)
            clean = np.where(there, values, 0.0)
            for start, size, column in zip(starts, widths, columns):
                sums = np.bincount(at * size + column, clean, slices * size)
                xy[k, :, start : start + size] += sums.reshape(slices, size)
            yy[k] += np.bincount(at, clean * clean, slices)
        for there, outcomes in patterns.values():
            total = xx.setdefault(outcomes[0], np.zeros((slices, width, width)))
            class_of.update((k, outcomes[0]) for k in outcomes)
            rows = at[there]
            for i, one in enumerate(columns):
                for j in range(i, len(columns)):
                    place = (rows * widths[i] + one[there]) * widths[j] + columns[j][there]
                    block = np.bincount(place, minlength=slices * widths[i] * widths[j])
                    total[:, starts[i] : starts[i + 1], starts[j] : starts[j + 1]] += block.reshape(
                        slices, widths[i], widths[j]
                    )
    return [xx[class_of[k]] for k in range(len(OUTCOMES))], xy, yy


def fit(xx, xy, yy, treated, controls):
    """The pooled effect with region and year effects absorbed by dummies, and its CR1 error."""
    units = treated + controls
    years = [t for t in range(14) if t != 9]
    width = xx.shape[-1]
    p = 1 + len(units) + len(years) + width - 1
    meat_parts, bread, right = [], np.zeros((p, p)), np.zeros(p)
    rows = 0
    for u, unit in enumerate(units):
        own, own_right = np.zeros((p, p)), np.zeros(p)
        for t, year in enumerate(years):
            place = unit * 14 + year
            gram = np.triu(xx[place]) + np.triu(xx[place], 1).T
            lift = np.zeros((width, p))
            lift[0, 1 + u] = lift[0, 1 + len(units) + t] = 1.0
            lift[0, 0] = float(unit in treated and year >= 10)
            lift[1:, 1 + len(units) + len(years):] = np.eye(width - 1)
            own += lift.T @ gram @ lift
            own_right += lift.T @ xy[place]
            rows += gram[0, 0]
        meat_parts.append((own, own_right))
        bread += own
        right += own_right
    inverse = np.linalg.pinv(bread, hermitian=True)
    beta = inverse @ right
    scores = np.array([own_right - own @ beta for own, own_right in meat_parts])
    influence = scores @ inverse[:, 0]
    groups = sum(own[1 + u, 1 + u] > 0 for u, (own, _) in enumerate(meat_parts))
    factor = groups / (groups - 1) * (rows - 1) / (rows - p)
    return beta[0], np.sqrt(factor * (influence**2).sum())


def main(path):
    began = time.perf_counter()
    regions = {f"R{r:02}": r for r in range(90)}
    levels = dict(zip(COVARIATES, [31, 3, 5, 10, 4, 5, 4]))
    xx, xy, yy = grams(path, regions, levels)
    summed = time.perf_counter()
    effects = [
        fit(xx[k], xy[k], yy[k], list(range(6)), list(controls))
        for controls in COMPARISONS
        for k in range(len(OUTCOMES))
    ]
    ended = time.perf_counter()
    print(f"numpy {np.__version__}: {len(effects)} effects, sums {summed - began:.2f} s, all {ended - began:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1])
