#!/usr/bin/env python3
"""Measures short experiments on a SLURM cluster, in several ways in one run.

    tests/bench/on_cluster.py [BUILD_FOLDER] [--rounds N] [--experiments N]...

BUILD_FOLDER is a release build with tests (build/test). The cluster has three
nodes of four CPUs, all on this machine (scripts/slurm-cluster), so twelve
experiments run at a time whatever starts them, and only ratios mean anything.
The experiment is that of bench.py: eh-child, which writes a log line and a
verdict. In turn, round by round:

  pilots         eh-host --slurm --slurm-pack
  array          sbatch --array with a task for each experiment
  loops          sbatch --array with twelve tasks, each a loop in shell over its
                 share: what one writes by hand when arrays are too slow
  one machine    eh-host without SLURM

CPU time is that of the whole machine; that of slurmctld alone is what the
controller of a cluster has to do. All have to write all verdicts.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77
TASKS = 12
MOST = 1000  # tasks of one array, as the limit of the cluster is

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("build", nargs="?", default="build/test")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--experiments", type=int, action="append")
parser.add_argument("--quick", action="store_true", help="one round of 60")
options = parser.parse_args()
sizes = options.experiments or [1000, 10000]
if options.quick:
    options.rounds, sizes = 1, [60]

BUILD = pathlib.Path(options.build).resolve()
HOST = BUILD / "host/eh-host"
CHILD = BUILD / "host/eh-child"
SWEEP = next(BUILD.glob("tests/bench/*eh-bench-sweep.so"), None)
IN_LEAF = BUILD / "tests/bench/eh-bench-in-leaf"
if not SWEEP:
    sys.exit(f"on_cluster: there are no benchmarks in {BUILD} (run scripts/test first)")

SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="eh-bench-", dir="/var/tmp"))
ROOT = SCRATCH / "cluster"
CLUSTER = [SOURCE / "scripts/slurm-cluster"]


def start_cluster():
    if os.getuid() != 0 or not shutil.which("slurmctld", path="/usr/sbin:/usr/bin"):
        print("not measured: needs root and SLURM (run scripts/setup --tests)")
        sys.exit(SKIPPED)
    # A machine with other work answers late; what is sent again drains a node.
    patience = ["--conf", "MessageTimeout=60", "--conf", "BatchStartTimeout=60"]
    subprocess.run(
        [*CLUSTER, "start", "--root", ROOT, "--gpus", "0", *patience,
         "--while", str(os.getpid())],
        check=True, stdout=subprocess.DEVNULL,
    )
    os.environ["SLURM_CONF"] = str(ROOT / "slurm.conf")


def output(*words):
    return subprocess.run(
        [str(word) for word in words], check=True, text=True,
        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
    ).stdout


def names(n):
    return [f"block-{i // 1000 + 1}/{i % 1000 + 1}" for i in range(n)]


def run_host(folder, n, *words):
    listed = folder / "names"
    listed.write_text("\n".join(names(n)) + "\n")
    words = [HOST, "--plugin", SWEEP, "bench", "--from-file", listed, *words]
    done = subprocess.run(
        [str(word) for word in words], cwd=folder, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        sys.exit(f"on_cluster: {words} failed:\n{done.stdout[-3000:]}")


def by_pilots(folder, n):
    run_host(folder, n, "--slurm", "--slurm-pack", "-j", TASKS, "--slurm-cpus", TASKS // 3)


def on_one_machine(folder, n):
    run_host(folder, n, "-j", TASKS)


def job_script(folder, step):
    """Runs every step-th experiment from $FIRST + the task's index on, up to $LAST."""
    script = folder / "job.sh"
    script.write_text(f"""#!/bin/sh
export EH_GROUP=bench EH_VERDICT_MEMBERS='"group":"bench"'
i=$((FIRST + SLURM_ARRAY_TASK_ID))
while [ "$i" -lt "$LAST" ]; do
  {IN_LEAF} "{folder}/$i" {CHILD} run {SWEEP} 0 "$i" 0 bench \\
    "block-$((i / 1000 + 1))/$((i % 1000 + 1))"
  i=$((i + {step}))
done
""")
    return script


def wait_for_jobs():
    while output("squeue", "-h"):
        drained = output("sinfo", "-h", "-R")
        if drained:
            sys.exit(f"on_cluster: SLURM has given up nodes:\n{drained}")
        time.sleep(0.1)


def by_array(folder, n):
    script = job_script(folder, n)
    for first in range(0, n, MOST):
        count = min(MOST, n - first)
        output("sbatch", f"--array=0-{count - 1}", "-o", "/dev/null",
               f"--export=ALL,FIRST={first},LAST={n}", script)
    wait_for_jobs()


def by_loops(folder, n):
    script = job_script(folder, TASKS)
    output("sbatch", f"--array=0-{TASKS - 1}", "-o", "/dev/null",
           f"--export=ALL,FIRST=0,LAST={n}", script)
    wait_for_jobs()


def ticks(stat):
    return sum(int(word) for word in stat) / os.sysconf("SC_CLK_TCK")


def machine_seconds():
    user, nice, system = pathlib.Path("/proc/stat").read_text().split()[1:4]
    return ticks((user, nice, system))


def controller_seconds():
    pid = (ROOT / "run/slurmctld.pid").read_text().strip()
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return ticks(stat[11:13])


def measure(run, n, number):
    folder = SCRATCH / f"round-{number}"
    folder.mkdir()
    before = machine_seconds(), controller_seconds()
    begin = time.perf_counter()
    run(folder, n)
    wall = time.perf_counter() - begin
    after = machine_seconds(), controller_seconds()
    done = sum(1 for _ in folder.rglob("eh.json"))
    if done != n:
        sys.exit(f"on_cluster: {run.__name__} wrote {done} of {n} verdicts")
    return wall, after[0] - before[0], after[1] - before[1]


def compare(n, number):
    ways = {
        "pilots": by_pilots,
        "array": by_array,
        "loops": by_loops,
        "one machine": on_one_machine,
    }
    results = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, run in ways.items():
            number += 1
            results[name].append(measure(run, n, number))
    print(f"\n{n} experiments, {TASKS} at a time; seconds, ratios to the pilots")
    print(f"{'':14} {'wall':>22} {'ratio':>6} {'CPU':>8} {'slurmctld':>10}")
    base = statistics.median(row[0] for row in results["pilots"])
    for name, rows in results.items():
        wall, cpu, controller = ([row[k] for row in rows] for k in range(3))
        spread = f"{statistics.median(wall):.2f} ({min(wall):.2f}..{max(wall):.2f})"
        print(
            f"{name:14} {spread:>22} {statistics.median(wall) / base:6.2f}"
            f" {statistics.median(cpu):8.2f} {statistics.median(controller):10.2f}",
            flush=True,
        )
    return number


try:
    start_cluster()
    made = 0
    for size in sizes:
        made = compare(size, made)
finally:
    if ROOT.exists():
        subprocess.run([*CLUSTER, "stop", "--root", ROOT], check=False)
    shutil.rmtree(SCRATCH, ignore_errors=True)
