"""Holds the example's exported table against queueing theory.

    check_export.py eh-host PLUGIN RESULTS

At every load and number of servers the formula's value has to lie within the
95 % confidence interval over the seeds. One of twenty intervals may miss it; as
the generators depend on names alone, it is always the same ones, which here are
none of the 36.
"""

import argparse
import csv
import io
import subprocess
import sys


def groups(options, pattern, by):
    command = [options.host, "--plugin", options.plugin, "--output", options.results]
    command += ["export", "main", pattern, "--group-by", by]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return list(csv.DictReader(io.StringIO(text)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("host")
    parser.add_argument("plugin")
    parser.add_argument("results")
    parser.add_argument("--scale-theory", type=float, default=1,
                        help="spoils the theory by a factor, to see that this is noticed")
    options = parser.parse_args()
    failures = 0
    for pattern, by, count in [("sweep/*", "servers,load", 27),
                               ("service/*", "service,load", 9)]:
        rows = groups(options, pattern, by)
        if len(rows) != count:
            print(f"FAILED {pattern}: {len(rows)} groups instead of {count}")
            failures += 1
        for row in rows:
            low, high = float(row["wait.low"]), float(row["wait.high"])
            theory = float(row["theory.mean"]) * options.scale_theory
            inside = low <= theory <= high and row["wait.count"] == "5"
            # An interval wide enough to hold anything would prove nothing.
            narrow = high - low < 0.4 * float(row["wait.mean"])
            failures += not (inside and narrow)
            print("ok    " if inside and narrow else "FAILED",
                  *(row[name] for name in by.split(",")),
                  f"theory {theory:.5f} in {low:.5f} to {high:.5f}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
