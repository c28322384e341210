"""Holds the results of the example's group `main` against queueing theory.

    check_theory.py results/main

For each queue, the mean over the seeds has to lie within 4 standard errors of
the formula's value. The standard errors come from the batch means of each run
(145 degrees of freedom for 5 seeds of 30 batches), so that a correct program
would fail at one of 36 queues with a probability of about 0.3 %; and as the
generators depend on names alone, it fails either always or never.
"""

import argparse
import collections
import json
import math
import pathlib
import sys

LARGEST_DEVIATION = 4  # standard errors of the mean over the seeds
# Of the 95 % intervals of 180 runs, the share that has to hold the theory: 4
# standard deviations of a binomial share below 0.95.
LEAST_COVERAGE = 0.95 - 4 * math.sqrt(0.95 * 0.05 / 180)


def read_results(folder):
    results = []
    for part in ("sweep", "service"):
        for path in sorted((folder / part).rglob("eh.json")):
            verdict = json.loads(path.read_text())
            results.append(verdict["parameters"] | verdict["results"])
    return results


def check_queue(name, runs, failures):
    """Compares the runs of one queue, which differ in their seeds."""
    theory = runs[0]["theory"]
    mean = sum(run["wait"] for run in runs) / len(runs)
    error = math.sqrt(sum(run["standard error"] ** 2 for run in runs))
    deviation = (mean - theory) / (error / len(runs))
    print(
        f"{name:32} theory {theory:9.5f}  mean {mean:9.5f}"
        f"  {deviation:+5.1f} standard errors"
    )
    if not abs(deviation) < LARGEST_DEVIATION:
        failures.append(f"{name}: the mean is {deviation:+.1f} errors off")
    if len({run["wait"] for run in runs}) < len(runs):
        failures.append(f"{name}: two seeds have the same result")
    # An interval wide enough to hold anything would prove nothing.
    if not error / len(runs) < 0.05 * mean:
        failures.append(f"{name}: the error is {error / len(runs) / mean:.0%}")


def check(results):
    failures = []
    queues = collections.defaultdict(list)
    for result in results:
        name = "{service} c={servers} load={load:.3g}".format(**result)
        queues[name].append(result)
    if len(queues) != 36 or len(results) != 180:
        failures.append(
            f"{len(queues)} queues and {len(results)} results instead of 36"
            " and 180"
        )
    for name, runs in queues.items():
        check_queue(name, runs, failures)
    inside = sum(r["low"] <= r["theory"] <= r["high"] for r in results)
    coverage = inside / max(1, len(results))
    print(f"{coverage:.1%} of the 95 % confidence intervals hold the theory")
    if coverage < LEAST_COVERAGE:
        failures.append(f"only {coverage:.1%} of the intervals hold the theory")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument(
        "--scale-theory",
        type=float,
        default=1,
        help="spoils the theory by a factor, to see that this is noticed",
    )
    options = parser.parse_args()
    results = read_results(options.folder)
    for result in results:
        result["theory"] *= options.scale_theory
    failures = check(results)
    for failure in failures:
        print("FAILED", failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
