"""Runs the example's group `trouble` and compares the verdicts.

    check_trouble.py eh-host libexample.so results

What each experiment does to deserve its verdict is told in its description;
that none of them leaves a process behind is checked too.
"""

import json
import pathlib
import subprocess
import sys

# The verdict's status, and what its message or signal has to contain.
EXPECTED = {
    "throws": ("failed", "the sample is contaminated"),
    "throws-int": ("failed", ""),
    "huge-message": ("failed", "xxx"),
    "terminate": ("crashed", "SIGABRT"),
    "terminate-thread": ("crashed", "SIGABRT"),
    "segfault": ("crashed", "SIGSEGV"),
    "null-call": ("crashed", "SIGSEGV"),
    "abort": ("crashed", "SIGABRT"),
    "assert": ("crashed", "SIGABRT"),
    "divide": ("crashed", "SIGFPE"),
    "stack-overflow": ("crashed", "SIGSEGV"),
    "exit-0": ("failed", "exit"),
    "exit-3": ("failed", "exit"),
    "exits-11": ("failed", "exit"),
    "quick-exit": ("failed", "exit"),
    "hangs": ("timeout", ""),
    "hangs-busy": ("timeout", ""),
    "ignores-sigterm": ("timeout", ""),
    "stops-politely": ("timeout", ""),
    "sleeps": ("ok", ""),
    "flaky": ("ok", ""),
    "checkpointed": ("ok", ""),
    "leaks-child": ("ok", ""),
    "leaks-daemon": ("ok", ""),
    "fills-memory": ("out_of_memory", "bad_alloc"),
    "fills-disk": ("ok", ""),
    "prints": ("ok", ""),
    "floods": ("ok", ""),
    "logs": ("ok", ""),
    "logs-odd": ("ok", ""),
    "closes-stdout": ("ok", ""),
    "nan": ("ok", ""),
    "changes-directory": ("ok", ""),
    "deletes-its-leaf": ("ok", ""),
}
BACKTRACE = ("trouble::read_from", "trouble::sum_up_list")


def runs(process):
    try:
        stat = pathlib.Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def check_verdicts(folder, failures):
    for name, (status, text) in EXPECTED.items():
        path = folder / name / "eh.json"
        if not path.exists():
            failures.append(f"{name}: there is no verdict")
            continue
        verdict = json.loads(path.read_text())
        why = f"{verdict.get('message', '')} {verdict.get('signal', '')}"
        if verdict["status"] != status or text not in why:
            failures.append(
                f"{name}: {verdict['status']} ({why[:200]}) instead of"
                f" {status} ({text})"
            )
    names = {path.parent.name for path in folder.glob("*/eh.json")}
    for name in sorted(names - set(EXPECTED)):
        failures.append(f"{name}: is not among the expected ones")


def check_traces(folder, failures):
    verdict = json.loads((folder / "segfault/eh.json").read_text())
    backtrace = "\n".join(verdict.get("backtrace", []))
    for function in BACKTRACE:
        if function not in backtrace:
            failures.append(f"segfault: {function} is not in the backtrace")
    for name in ("leaks-child", "leaks-daemon"):
        process = int((folder / name / "process.txt").read_text())
        if runs(process):
            failures.append(f"{name}: process {process} still runs")


def main():
    host, plugin, results = sys.argv[1:]
    limits = "-j4 --retries 1 --timeout 6s --grace-period 500ms".split()
    done = subprocess.run(
        [host, "--plugin", plugin, "trouble", "--output", results, *limits],
        stdin=subprocess.DEVNULL,
        timeout=250,
    )
    failures = []
    if done.returncode != 100:
        failures.append(f"the host ended with {done.returncode}, not 100")
    folder = pathlib.Path(results) / "trouble"
    check_verdicts(folder, failures)
    if not failures:
        check_traces(folder, failures)
    for failure in failures:
        print("FAILED", failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
