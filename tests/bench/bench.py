#!/usr/bin/env python3
"""Measures eh-host beside other runners, in one run, and prints ratios.

    tests/bench/bench.py [BUILD_FOLDER] [--rounds N] [--experiments N] [--quick]

BUILD_FOLDER is a release build with tests (build/release). The competitors run
in turn, round by round, so that a machine whose speed drifts treats all alike;
figures are medians with the lowest and the highest. CPU time is that of the
runner and all of its children. Machines are noisy: trust the ratios, and the
CPU ratios most. Every round works in a fresh folder, since a file system may
be slow to reuse what was deleted a moment ago.

The child is the same for all: eh-child with one trivial experiment, which
writes a log line and a verdict. Other runners start it through in-leaf, a
small static program that makes the folder and goes there, because they
cannot; the row "bare loop, in-leaf" shows what that costs.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("build", nargs="?", default="build/release")
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--experiments", type=int, default=1000)
parser.add_argument("--quick", action="store_true", help="few and small rounds")
parser.add_argument("--scratch", help="folder to work in")
parser.add_argument("--only", choices=["loops", "growth", "many", "idle", "logging", "metrics"])
options = parser.parse_args()
if options.quick:
    options.rounds, options.experiments = 2, 100

BUILD = pathlib.Path(options.build).resolve()
HOST = BUILD / "host/eh-host"
CHILD = BUILD / "host/eh-child"
SCRATCH = pathlib.Path(
    tempfile.mkdtemp(prefix="eh-bench-", dir=options.scratch)
)
JOBS = 2


def program(name):
    """A benchmark program or plugin of the build."""
    for path in (BUILD / "tests/bench").rglob("*"):
        if path.name in (name, f"{name}.so", f"lib{name}.so") and path.is_file():
            return path
    sys.exit(f"bench: {name} is not built in {BUILD} (run scripts/test first)")


LOOP = program("eh-bench-loop")
LEAVES = program("eh-bench-leaves")
LAUNCH = program("eh-bench-launch")
IN_LEAF = program("eh-bench-in-leaf")
SINGLE = program("eh-bench-single")
SWEEP = program("eh-bench-sweep")
BY_LOOP = program("eh-bench-by_loop")
LOGGING = program("eh-bench-logging")
METRICS = program("eh-bench-metrics")

number = 0


def fresh():
    """A folder that did not exist before."""
    global number
    number += 1
    path = SCRATCH / f"round-{number}"
    path.mkdir()
    return path


def measure(words, cwd, env=None, stdin=None):
    """Runs a command; returns (wall, CPU) in seconds and its peak RSS."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in words],
        cwd=cwd,
        env=env,
        stdin=stdin or subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench: {words} failed: {errors.decode()}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def spread(values, scale=1.0, digits=0):
    values = [value * scale for value in values]
    return "{:.{d}f} ({:.{d}f}..{:.{d}f})".format(
        statistics.median(values), min(values), max(values), d=digits
    )


# --- 1. The loop: N trivial experiments by different runners. ---------------


def child_words(i):
    name = f"block-{i // 1000 + 1}/{i % 1000 + 1}"
    return [CHILD, "run", SWEEP, "0", str(i), "0", "bench", name]


CHILD_ENVIRONMENT = {
    **os.environ,
    "EH_GROUP": "bench",
    "EH_VERDICT_MEMBERS": '"group":"bench"',
}


def by_host(n):
    folder = fresh()
    names = folder / "names"
    names.write_text(
        "".join(f"block-{i // 1000 + 1}/{i % 1000 + 1}\n" for i in range(n))
    )
    first = "block-1/*" if n == 1000 else None
    words = [HOST, "--plugin", SWEEP, "bench", "-j", JOBS]
    words += [first] if first else ["--from-file", names]
    return measure(words, folder)


def by_bare_loop(n, *wrapper):
    folder = fresh()
    return measure([LOOP, CHILD, SWEEP, n, JOBS, folder, *wrapper], folder)


def command_lines(folder, n):
    for i in range(n):
        yield [IN_LEAF, folder / str(i + 1)] + child_words(i)


def argument_file(folder, n, skip=0):
    path = folder / "arguments"
    path.write_text(
        "".join(
            " ".join(str(word) for word in line[skip:]) + "\n"
            for line in command_lines(folder, n)
        )
    )
    return path


def by_xargs(n):
    folder = fresh()
    with open(argument_file(folder, n, skip=1)) as file:
        words = ["xargs", f"-P{JOBS}", "-n9", IN_LEAF]
        return measure(words, folder, CHILD_ENVIRONMENT, file)


def by_parallel(n):
    folder = fresh()
    with open(argument_file(folder, n)) as file:
        return measure(["parallel", f"-j{JOBS}"], folder, CHILD_ENVIRONMENT, file)


def by_ninja(n):
    folder = fresh()
    lines = ["rule run\n  command = $line\n"]
    for i, words in enumerate(command_lines(folder, n)):
        line = " ".join(str(word) for word in words)
        lines.append(f"build {i + 1}/eh.json: run\n  line = {line}\n")
    (folder / "build.ninja").write_text("".join(lines))
    # ninja makes the folder of an output itself; in-leaf then finds it.
    return measure(["ninja", f"-j{JOBS}"], folder, CHILD_ENVIRONMENT)


def table(title, runs, n, base):
    """Runs the competitors in turn and prints a row for each."""
    print(f"\n{title}")
    print(f"{'':28} {'wall us each':>22} {'ratio':>6} {'CPU us each':>22} {'ratio':>6}")
    results = {name: [] for name in runs}
    for _ in range(options.rounds):
        for name, run in runs.items():
            results[name].append(run())
    for name, rounds in results.items():
        wall = [r[0] for r in rounds]
        cpu = [r[1] for r in rounds]
        ratios = [
            statistics.median(
                mine[k] / other[k] for mine, other in zip(rounds, results[base])
            )
            for k in (0, 1)
        ]
        print(
            f"{name:28} {spread(wall, 1e6 / n):>22} {ratios[0]:6.2f} "
            f"{spread(cpu, 1e6 / n):>22} {ratios[1]:6.2f}"
        )
    return results


def loops():
    n = options.experiments
    runs = {
        "bare loop": lambda: by_bare_loop(n),
        "eh-host": lambda: by_host(n),
        "bare loop, in-leaf": lambda: by_bare_loop(n, IN_LEAF),
        "xargs -P2": lambda: by_xargs(n),
        "ninja -j2": lambda: by_ninja(n),
    }
    results = table(
        f"{n} trivial experiments, {JOBS} at a time, ratios to the bare loop",
        runs, n, "bare loop",
    )
    few = max(50, n // 5)
    parallel = [by_parallel(few)[0] / few for _ in range(min(3, options.rounds))]
    host = statistics.median(r[0] for r in results["eh-host"]) / n
    ninja = statistics.median(r[0] for r in results["ninja -j2"]) / n
    print(f"{'GNU parallel -j2':28} {spread(parallel, 1e6):>22}")
    print(
        f"eh-host's throughput: {statistics.median(parallel) / host:.1f} times"
        f" GNU parallel's, {ninja / host:.2f} times ninja's"
    )


# --- 2. What must not grow. --------------------------------------------------


def growth():
    print("\nlaunching from a process with little and with much memory")
    costs = {mib: [] for mib in (0, 1024)}
    for _ in range(options.rounds):
        for mib in costs:
            done = subprocess.run(
                [LAUNCH, str(mib), "200"], capture_output=True, text=True, check=True
            )
            costs[mib].append(float(done.stdout))
    for mib, values in costs.items():
        print(f"  {mib:5} MiB: {spread(values, 1, 1)} us")
    ratio = statistics.median(costs[1024]) / statistics.median(costs[0])
    print(f"  ratio {ratio:.2f}")

    print("\na child of a single experiment, and of a sweep of 100,000")
    n = max(100, options.experiments // 2)

    def spawn(plugin):
        folder = fresh()
        words = [CHILD, "run", plugin, "0", "0", "0", "bench", "one"]
        if plugin == SWEEP:
            words = child_words(99_999)
        begin = time.perf_counter()
        for i in range(n):
            leaf = folder / str(i)
            leaf.mkdir()
            os.waitstatus_to_exitcode(
                os.waitpid(
                    os.posix_spawn(
                        words[0], [str(word) for word in words],
                        {**CHILD_ENVIRONMENT, "EH_LEAF_DIR": str(leaf)},
                    ), 0,
                )[1]
            )
        return (time.perf_counter() - begin) / n

    times = {SINGLE: [], SWEEP: []}
    for _ in range(options.rounds):
        for plugin in times:
            times[plugin].append(spawn(plugin))
    print(f"  single: {spread(times[SINGLE], 1e6)} us")
    print(f"  sweep:  {spread(times[SWEEP], 1e6)} us")
    ratio = statistics.median(a / b for a, b in zip(times[SWEEP], times[SINGLE]))
    print(f"  ratio {ratio:.2f}")


# --- 3. Many that are done, listed or matched. -------------------------------


def drop_caches():
    try:
        os.sync()
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3\n")
        return True
    except OSError:
        return False


def many():
    print("\nmany experiments: seconds, and peak memory of eh-host")
    sizes = (1000, 10_000) if options.quick else (1000, 10_000, 100_000)
    for n in sizes:
        folder = fresh()
        subprocess.run([LEAVES, folder / "results", str(n)], check=True)
        blocks = [f"block-{i + 1}/*" for i in range(n // 1000)]
        patterns = [] if n == 100_000 else blocks
        base = [HOST, "--plugin", SWEEP, "bench", *patterns]
        warm = [measure(base, folder) for _ in range(options.rounds)]
        print(
            f"  {n:9,} done, rerun warm   {spread([r[0] for r in warm], 1, 3)} s"
            f"   {max(r[2] for r in warm) / 1024:.0f} MiB"
        )
        cold = []
        for _ in range(min(3, options.rounds)):
            if drop_caches():
                cold.append(measure(base, folder)[0])
        if cold:
            print(f"  {'':9}       rerun cold   {spread(cold, 1, 3)} s")
        lists = [measure(base + ["--list"], folder)[0] for _ in range(options.rounds)]
        print(f"  {'':9}       list         {spread(lists, 1, 3)} s")
    for what, words in {
        "100,000 of a loop, list": [BY_LOOP, "bench", "--list"],
        "100,000 of a loop, one pattern": [BY_LOOP, "bench", "block-7/12?", "--list"],
        "1,000,000 of a sweep, one pattern": [SWEEP, "million", "*-7/99*", "--list"],
    }.items():
        rounds = [
            measure([HOST, "--plugin", *words], SCRATCH)
            for _ in range(options.rounds)
        ]
        print(
            f"  {what:34} {spread([r[0] for r in rounds], 1, 3)} s"
            f"   {max(r[2] for r in rounds) / 1024:.0f} MiB"
        )


# --- 4. Nothing left to do, beside ninja with as many outputs: the verdicts. --


def ninja_with_all_done(folder, n):
    """A build.ninja whose outputs are the verdicts, and its log."""
    names = [f"results/bench/block-{i // 1000 + 1}/{i % 1000 + 1}/eh.json" for i in range(n)]
    rule = "rule run\n  command = true\n"
    log = folder / ".ninja_log"
    (folder / "build.ninja").write_text(f"{rule}build one: run\n")
    (folder / "one").touch()
    measure(["ninja"], folder)
    # All have the same command, and so its hash.
    version, line = log.read_text().splitlines()
    command = line.split("\t")[-1]
    (folder / "build.ninja").write_text(
        rule + "".join(f"build {name}: run\n" for name in names)
    )
    log.write_text(
        version + "\n"
        + "".join(
            f"0\t1\t{(folder / name).stat().st_mtime_ns}\t{name}\t{command}\n"
            for name in names
        )
    )
    done = subprocess.run(["ninja", "-n"], cwd=folder, capture_output=True, text=True)
    if "no work to do" not in done.stdout:
        sys.exit("bench: ninja wants to run what is done")


def idle():
    print("\nnothing left to do: ms, and the ratio to ninja, round by round")
    sizes = (1000, 10_000) if options.quick else (1000, 10_000, 100_000)
    for n in sizes:
        folder = fresh()
        subprocess.run([LEAVES, folder / "results", str(n)], check=True)
        ninja_with_all_done(folder, n)
        blocks = [] if n == 100_000 else [f"block-{i + 1}/*" for i in range(n // 1000)]
        host = [HOST, "--plugin", SWEEP, "bench", *blocks]
        first = measure(host, folder)[0]  # reads all verdicts
        taken = [
            (measure(["ninja", "-j2"], folder)[0], measure(host, folder)[0])
            for _ in range(options.rounds)
        ]
        ratio = statistics.median(host / ninja for ninja, host in taken)
        print(
            f"  {n:9,}  ninja {spread([r[0] for r in taken], 1e3, 1):24}"
            f" eh-host {spread([r[1] for r in taken], 1e3, 1):24} {ratio:5.2f}"
            f"   the first time {first * 1e3:.0f}"
        )


# --- 5. Logging: what a record costs, and what showing it costs the host. ----


def logging():
    print("\n200,000 log records, each kept before the next: us each, ratio to stdio")
    names = ("stdio", "spdlog", "eh")
    taken = {name: [] for name in names}
    for _ in range(options.rounds):
        for name in names:
            folder = fresh()
            measure([HOST, "--plugin", LOGGING, "logging", name], folder)
            path = folder / "results/logging" / name / "seconds.txt"
            taken[name].append(float(path.read_text()))
    stdio = statistics.median(taken["stdio"])
    for name in names:
        ratio = statistics.median(taken[name]) / stdio
        print(f"  {name:8} {spread(taken[name], 5, 2):24} {ratio:5.2f}")
    print("the same run of eh-host, by what becomes of the records: wall s, CPU s, MiB")
    files = '[{"file":"all.log"}]'
    for what, words in {
        "kept in the leaf": [],
        "shown, too": ["-v"],
        "in a log file, too": ["--set", f"logfiles={files}"],
    }.items():
        rounds = []
        for _ in range(options.rounds):
            base = [HOST, "--plugin", LOGGING, "logging", "eh"]
            rounds.append(measure(base + words, fresh()))
        print(
            f"  {what:18} {spread([r[0] for r in rounds], 1, 2)}"
            f"   {spread([r[1] for r in rounds], 1, 2)}"
            f"   {max(r[2] for r in rounds) / 1024:.0f}"
        )


# --- 6. Metrics: what a point of a plot costs, beside a buffered fprintf(). --


def metrics():
    print("\n1,000,000 points: us each, ratio to fprintf(), peak memory in MiB")
    names = ("stdio", "eh")
    taken = {name: [] for name in names}
    memory = {}
    for _ in range(options.rounds):
        for name in names:
            folder = fresh()
            measure([HOST, "--plugin", METRICS, "metrics", name], folder)
            leaf = folder / "results/metrics" / name
            taken[name].append(float((leaf / "seconds.txt").read_text()))
            verdict = json.loads((leaf / "eh.json").read_text())
            memory[name] = verdict["peak_memory_bytes"] / 2**20
    stdio = statistics.median(taken["stdio"])
    for name in names:
        ratio = statistics.median(taken[name]) / stdio
        print(f"  {name:8} {spread(taken[name], 1, 2):24} {ratio:5.2f} {memory[name]:6.1f}")


try:
    for part in (loops, growth, many, idle, logging, metrics):
        if options.only in (None, part.__name__):
            part()
finally:
    shutil.rmtree(SCRATCH, ignore_errors=True)
