"""Runs the same work in verschil and in its peers on one machine, one after the other, and prints a table.

usage: python run.py VERSCHIL FOLDER [REPEATS [WHAT ...]]

FOLDER holds `table.parquet` and `w1.toml`, as `cargo bench -p verschil --bench road` leaves them in
`tmp/workload` of the target folder. WHAT picks rows of the table by a part of their names. Wall time
and peak memory are those of whole processes, interpreters and imports included.
"""

import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent


def variant(folder, name, change):
    """A protocol made of that of W1, beside it."""
    protocol = folder / f"{name}.toml"
    protocol.write_text(change((folder / "w1.toml").read_text()))
    return str(protocol)


METHODS = 'methods = ["cr1", "cr3", "permutation"]'


def logits(text):
    return text.replace(METHODS, 'methods = ["cr1"]\nheadline = "cr1"\nmodels = ["linear", "logit"]')


def pooled(text):
    """The pooled effects of the main comparison, without a trend rule."""
    for table in (r'\[\[comparison\]\]\nid = "(?:expert|vulnerable)"\n', r"\[trend_rule\]\n"):
        text = re.sub(table + r"(?:[a-z_]+ = .*\n)*", "", text)
    return text + "per_region = false\nper_period = false\nevent_study = false\n"


def pooled_logits(text):
    return logits(pooled(text))


def wild(text):
    methods = 'methods = ["cr1", "wild_wcr"]\nheadline = "wild_wcr"\nwild_draws = 99999'
    return pooled(text).replace(METHODS, methods)


def work(verschil, folder):
    table = str(folder / "table.parquet")
    python = sys.executable
    out = str(folder / "peers-out")
    own = [verschil, "run", str(folder / "w1.toml"), "--out", out, "--no-cache", "--report", "html"]
    yield "W1 verschil: 264 fits with CR1, CR3 and permutation, report", own
    yield "W1 numpy: sums, 66 pooled effects with CR1", [python, str(HERE / "w1_numpy.py"), table]
    yield "W1 pyfixest: 264 fits with CR1", [python, str(HERE / "w1_pyfixest.py"), table]
    for name, change, what in (
        ("w1f", logits, "W1f verschil: logits of all designs and comparisons, beside the linear fits"),
        ("w1g", pooled_logits, "W1f verschil: 21 pooled logits, beside the linear fits"),
        ("w4", wild, "W4 verschil: 99,999 wild draws with intervals, 22 outcomes"),
    ):
        yield what, [*own[:2], variant(folder, name, change), *own[3:]]
    yield "W1f statsmodels: 2 pooled logits", [python, str(HERE / "w1f_statsmodels.py"), table]
    yield "W4 wildboottest: 99,999 wild draws without interval, 1 outcome", [python, str(HERE / "w4_wildboottest.py"), table]
    yield "W6 polars: bare scan", [python, str(HERE / "w6_scan.py"), "polars", table]
    yield "W6 duckdb: bare scan", [python, str(HERE / "w6_scan.py"), "duckdb", table]


def timed(command):
    """Wall seconds and peak memory in MB of a process."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    # 4: done, and an effect was refused
    if os.waitstatus_to_exitcode(status) not in (0, 4):
        raise RuntimeError((said.decode(errors="replace").strip() or "it failed").splitlines()[-1])
    return seconds, usage.ru_maxrss / 1000


def main(verschil, folder, repeats=3, *wanted):
    first = None
    print("| work | median, s | all, s | ratio | peak, MB |\n|---|---|---|---|---|")
    for name, command in work(verschil, Path(folder)):
        if wanted and not any(part in name for part in wanted):
            continue
        try:
            runs = [timed(command) for _ in range(int(repeats))]
        except RuntimeError as error:
            print(f"| {name} | - | {error} | - | - |", flush=True)
            continue
        seconds = [run[0] for run in runs]
        median = statistics.median(seconds)
        first = first or median
        shown = " ".join(f"{s:.2f}" for s in seconds)
        print(f"| {name} | {median:.2f} | {shown} | {median / first:.2f} | {max(r[1] for r in runs):.0f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
