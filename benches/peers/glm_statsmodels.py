"""Logit, Poisson and Gamma effects on the treated by statsmodels, as facts for `verschil validate`.

    pip install statsmodels pandas
    python benches/peers/glm_statsmodels.py DATA OUT

DATA holds `wooldridge/injury.csv`, as `crates/verschil-stats/validate/data` does. Writes
`glm_statsmodels.json` to OUT. Coefficients and their covariance are statsmodels' own; the contrast
and its derivatives are taken from them here.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels
import statsmodels.api as sm

DATA, OUT = Path(sys.argv[1]), Path(sys.argv[2])
MASK = (1 << 64) - 1
FAMILIES = {
    "logit": lambda: sm.families.Binomial(),
    "poisson": lambda: sm.families.Poisson(),
    "gamma": lambda: sm.families.Gamma(sm.families.links.Log()),
}


class Numbers:
    """SplitMix64, as in the tests."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n

    def share(self):
        return (self.next() >> 11) / 2.0**53


def drawn():
    """20,000 rows: 26 regions, 8 periods, two categorical covariates and a numeric one."""
    numbers, rows = Numbers(2026), []
    for _ in range(20_000):
        region = min(numbers.below(26), numbers.below(26))
        period, age, parity = numbers.below(8), numbers.below(9), numbers.below(3)
        bmi = 20.0 + 10.0 * numbers.share()
        did = int(region % 4 == 1 and period >= 5)
        risk = 0.1 * (region % 5) - 0.05 * period + 0.1 * age - 0.2 * parity + 0.03 * (bmi - 25.0)
        flag = int(numbers.share() < 0.2 + 0.1 * risk + 0.08 * did)
        visits = int(numbers.share() * (3.0 + risk + did))
        cost = 0.0 if numbers.share() < 0.3 else 1000.0 * (1.5 + risk - 0.5 * did) * numbers.share()
        rows.append((region, period, age, parity, bmi, did, flag, visits, cost))
    names = ["region", "period", "age", "parity", "bmi", "did", "logit", "poisson", "gamma"]
    return pd.DataFrame(rows, columns=names)


def injury():
    data = pd.read_csv(DATA / "wooldridge/injury.csv")
    columns = ["hosp", "durat", "totmed", "afchnge", "highearn", "male", "married", "age", "indust"]
    data = data[data.ky == 1][columns].dropna().astype(float)
    data["did"] = data.afchnge * data.highearn
    data["region"] = 10 * data.indust + data.highearn
    return data.rename(columns={"hosp": "logit", "durat": "poisson", "totmed": "gamma"})


def design(data, dummies, plain):
    columns = [np.ones(len(data))]
    names = ["one"]
    for name in dummies:
        for level in sorted(data[name].unique())[1:]:
            columns.append((data[name] == level).to_numpy(float))
            names.append(f"{name}{level}")
    for name in plain:
        columns.append(data[name].to_numpy(float))
        names.append(name)
    return np.column_stack(columns), names


def fit(model, data, dummies, plain, cluster):
    x, names = design(data, dummies, plain)
    call = sm.GLM(data[model].to_numpy(float), x, family=FAMILIES[model]())
    options = {"groups": data[cluster].to_numpy(), "use_correction": False}
    most = 400 if model == "gamma" else 40  # scoring is slow for spending with zeros
    result = call.fit(tol=1e-13, maxiter=most, tol_criterion="params", cov_type="cluster", cov_kwds=options)
    mean, slope = call.family.fitted, lambda eta: 1 / call.family.link.deriv(call.family.fitted(eta))
    on = data["did"].to_numpy() == 1
    at, base = x[on], x[on].copy()
    base[:, names.index("did")] = 0.0
    with_, without = at @ result.params, base @ result.params
    gradient = slope(with_)[:, None] * at, slope(without)[:, None] * base
    def se(vector):
        return float(np.sqrt(vector @ result.cov_params() @ vector))
    j = names.index("did")
    levels = [float(mean(with_).mean()), float(mean(without).mean())]
    jacobian = (gradient[0] - gradient[1]).mean(0)
    ratio = gradient[0].mean(0) / levels[0] - gradient[1].mean(0) / levels[1]
    return {
        "coefficient": float(result.params[j]),
        "coefficient_se": float(result.bse[j]),
        "with": levels[0],
        "without": levels[1],
        "with_se": se(gradient[0].mean(0)),
        "without_se": se(gradient[1].mean(0)),
        "att": levels[0] - levels[1],
        "att_se": se(jacobian),
        "log_ratio_se": se(ratio),
    }


def facts(data, dummies, plain, cluster):
    found = {"n": len(data)}
    for model in FAMILIES:
        found[model] = fit(model, data, dummies, plain, cluster)
        clusters = sorted(data[cluster].unique())
        rest = [data[data[cluster] != left] for left in clusters]
        found[model]["att_without"] = [fit(model, d, dummies, plain, cluster)["att"] for d in rest]
    return found


def by_term(model, data, terms, cluster):
    """Each term's effect on the treated of its own rows, without that term alone."""
    x, names = design(data, ["region", "period", "age", "parity"], ["bmi", *terms])
    call = sm.GLM(data[model].to_numpy(float), x, family=FAMILIES[model]())
    options = {"groups": data[cluster].to_numpy(), "use_correction": False}
    most = 400 if model == "gamma" else 40
    result = call.fit(tol=1e-13, maxiter=most, tol_criterion="params", cov_type="cluster", cov_kwds=options)
    mean, slope = call.family.fitted, lambda eta: 1 / call.family.link.deriv(call.family.fitted(eta))
    found = {}
    for term in terms:
        j, on = names.index(term), data[term].to_numpy() == 1
        at, base = x[on], x[on].copy()
        base[:, j] = 0.0
        with_, without = at @ result.params, base @ result.params
        jacobian = (slope(with_)[:, None] * at - slope(without)[:, None] * base).mean(0)
        found[term] = {
            "coefficient": float(result.params[j]),
            "att": float(mean(with_).mean() - mean(without).mean()),
            "att_se": float(np.sqrt(jacobian @ result.cov_params() @ jacobian)),
        }
    return found


def effects_over_time():
    """The drawn rows with an effect for each period but the last before the start, and for each
    period from the start."""
    data = drawn()
    on = (data.region % 4 == 1).astype(float)
    found = {}
    for name, periods in [("event", [0, 1, 2, 3, 5, 6, 7]), ("period", [5, 6, 7])]:
        terms = [f"{name}:{period}" for period in periods]
        for term, period in zip(terms, periods):
            data[term] = on * (data.period == period)
        found[name] = {model: by_term(model, data, terms, "region") for model in FAMILIES}
    return found


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    plain = ["afchnge", "did", "male", "married", "age"]
    document = {
        "case": "glm_statsmodels",
        "dataset": "wooldridge/injury, and 20,000 drawn rows",
        "software": f"statsmodels {statsmodels.__version__}, numpy {np.__version__}",
        "call": "sm.GLM(y, X, family).fit(tol=1e-13, maxiter=40 (400 for gamma), tol_criterion='params', cov_type='cluster', "
        "cov_kwds={'groups': g, 'use_correction': False}); delta method on params and cov_params()",
        "results": {
            "injury": facts(injury(), ["region"], plain, "indust"),
            "drawn": facts(drawn(), ["region", "period", "age", "parity"], ["bmi", "did"], "region"),
            "over_time": effects_over_time(),
        },
    }
    (OUT / "glm_statsmodels.json").write_text(json.dumps(document, indent=1) + "\n")


main()
