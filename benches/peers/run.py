"""Runs the same work in verschil and in its peers on one machine, one after the other, and prints a table.

usage: python run.py VERSCHIL FOLDER [REPEATS [WHAT ...]]

FOLDER holds `table.parquet` and `w1.toml`, as `cargo bench -p verschil --bench road` leaves them in
`tmp/workload` of the target folder. WHAT picks rows of the table by a part of their names. Wall time
and peak memory are those of whole processes, interpreters and imports included.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent


def work(verschil, folder):
    table = str(folder / "table.parquet")
    python = sys.executable
    out = str(folder / "peers-out")
    own = [verschil, "run", str(folder / "w1.toml"), "--out", out, "--no-cache", "--report", "html"]
    yield "W1 verschil: 264 fits with CR1, CR3 and permutation, report", own
    yield "W1 numpy: sums, 66 pooled effects with CR1", [python, str(HERE / "w1_numpy.py"), table]
    yield "W1 pyfixest: 264 fits with CR1", [python, str(HERE / "w1_pyfixest.py"), table]
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
