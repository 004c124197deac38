"""What a row and what a group cost, on one machine and on a cluster of two executors on loopback.

usage: python growth.py VERSCHIL VERSCHIL_CLUSTER FOLDER [COPIESxSPLITSxPARTS ...]

FOLDER is that of `run.py`. Each point is the table of W1 so many times over, each region split into so
many (its first part keeps its name, so that the comparisons stay), and the cluster's work cut into so many
parts. Seconds are those that the manifest gives for reading, the processor's those of all processes, and
memory is the largest peak of one process. The last lines are the planes through the points; a group is a
region in a period, and a cluster meets it in each part.
"""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

PORT = 50350
PERIODS = 14
POINTS = ("1x1x6", "1x10x6", "10x1x6", "10x1x24", "10x10x6")


def table(source, target, copies, splits):
    """The table `copies` times over; row i of a region goes to its part i modulo `splits`."""
    if target.exists():
        return
    fresh = target.with_suffix(".fresh")
    file = pq.ParquetFile(source)
    schema = file.schema_arrow
    schema = schema.set(schema.get_field_index("region"), pa.field("region", pa.string()))
    seen = 0
    with pq.ParquetWriter(fresh, schema, compression="zstd") as writer:
        for _ in range(copies):
            for group in range(file.num_row_groups):
                rows = file.read_row_group(group)
                part = (np.arange(seen, seen + rows.num_rows) % splits).astype(str)
                seen += rows.num_rows
                names = rows.column("region").cast(pa.string())
                parts = pc.binary_join_element_wise(names, pa.array(part), "-")
                regions = pc.if_else(pa.array(part == "0"), names, parts)
                rows = rows.set_column(rows.schema.get_field_index("region"), "region", regions)
                writer.write_table(rows.cast(schema))
    fresh.rename(target)


def whole(folder):
    """W1 with spending in cents: a cluster adds up whole numbers only."""
    text = (folder / "w1.toml").read_text()
    return re.sub(r'(kind = "continuous"\n)', r"\1value_decimals = 2\n", text)


def peak(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1000


def spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Cluster:
    """A scheduler and two executors with a core each."""

    def __init__(self, program):
        self.work = tempfile.TemporaryDirectory()
        work = Path(self.work.name)
        at = f"127.0.0.1:{PORT}"
        commands = [["scheduler", "--bind", at]]
        for n in (1, 2):
            (work / str(n)).mkdir()
            bind = f"127.0.0.1:{PORT + 2 * n}"
            commands.append(["executor", "--scheduler", at, "--bind", bind, "--cores", "1", "--work", str(work / str(n))])
        self.processes = []
        for command in commands:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.processes.append(subprocess.Popen([program, *command], **quiet))
            time.sleep(2)

    def stop(self):
        """The largest peak of one of them in MB, and MB that went through their disks."""
        peaks = [peak(process.pid) for process in self.processes]
        files = [f for f in Path(self.work.name).rglob("*") if f.is_file()]
        moved = sum(f.stat().st_size for f in files) / 1e6
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
            process.wait()
        self.work.cleanup()
        return max(peaks), moved


def ran(command, out):
    """Seconds of reading and of estimation, and peak memory in MB."""
    process = subprocess.Popen([*command, "--out", str(out), "--no-cache", "--report", "html"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    # 4: done, and an effect was refused
    if os.waitstatus_to_exitcode(status) not in (0, 4):
        raise RuntimeError(said)
    timings = json.loads((out / "manifest.json").read_text())["timings"]
    took = {stage["stage"]: stage["seconds"] for stage in timings}
    return took["read"], took["estimate"], usage.ru_maxrss / 1000


def measured(programs, folder, point):
    copies, splits, parts = map(int, point.split("x"))
    home = folder / f"growth-{copies}x{splits}"
    home.mkdir(exist_ok=True)
    table(folder / "table.parquet", home / "table.parquet", copies, splits)
    protocol = home / "w1.toml"
    protocol.write_text(whole(folder))
    told = pq.ParquetFile(home / "table.parquet").metadata
    # a part has at least one group of rows
    rows, groups_of_rows = told.num_rows, told.num_row_groups
    outs = home / "out", home / "out-cluster"
    before = spent()
    read, estimate, memory = ran([programs[0], "run", str(protocol)], outs[0])
    yield "one machine", rows, splits, 1, read, estimate, spent() - before, memory, 0
    before = spent()
    cluster = Cluster(programs[1])
    try:
        asked = [programs[1], "run", str(protocol), "--cluster", f"df://127.0.0.1:{PORT}", "--parts", str(parts)]
        read, estimate, memory = ran(asked, outs[1])
    finally:
        peaks, moved = cluster.stop()
    yield "cluster", rows, splits, min(parts, groups_of_rows), read, estimate, spent() - before, max(memory, peaks), moved
    same = [(out / "tables" / "estimates.csv").read_bytes() for out in outs]
    if same[0] != same[1]:
        raise RuntimeError(f"{point}: the cluster gave other estimates")


def plane(points):
    """Processor seconds at once, for each row and for each group of a part, by least squares."""
    asked = np.array([[1, rows, groups] for rows, groups, _ in points], float)
    taken = np.array([seconds for *_, seconds in points])
    # the relative error counts: the points lie far apart
    return np.linalg.lstsq(asked / taken[:, None], np.ones(len(taken)), rcond=None)[0]


def main(verschil, cluster, folder, *points):
    folder = Path(folder)
    regions = len(set(pq.read_table(folder / "table.parquet", columns=["region"])["region"].to_pylist()))
    found = {}
    print("| where | rows | regions and periods | parts | reading, s | estimation, s | processor, s | peak, MB | through disks, MB |\n|---|---|---|---|---|---|---|---|---|")
    for point in points or POINTS:
        for where, rows, splits, parts, read, estimate, used, memory, moved in measured((verschil, cluster), folder, point):
            groups = regions * splits * PERIODS
            found.setdefault(where, []).append((rows, groups * parts, used))
            print(f"| {where} | {rows:,} | {groups:,} | {parts} | {read:.2f} | {estimate:.2f} | {used:.2f} | {memory:.0f} | {moved:.0f} |", flush=True)
    for where, points in found.items():
        if len(points) >= 3:
            once, row, group = plane(points)
            print(f"{where}: {once:.2f} s + {1e6 * row:.3f} us a row + {1e6 * group:.1f} us a group and part of processor time")


if __name__ == "__main__":
    main(*sys.argv[1:])
