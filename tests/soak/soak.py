#!/usr/bin/env python3
"""Attacks eh until the time is up, and prints what did not hold.

    tests/soak/soak.py [--build FOLDER] [--minutes N] [--seed N] [TEST]...

The tests of this folder, again and again: kills and failing system calls at
other steps each time, power that is cut, and hosts that are killed at random,
which ctest does not run. A round has a seed of its own, which it prints.
"""

import argparse
import os
import pathlib
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
TESTS = ["at_random", "test_kills", "test_errors", "test_power"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tests", nargs="*", metavar="TEST", default=TESTS,
                        help="like test_kills.Child (all)")
    parser.add_argument("--build", default="build/test", help="a build with tests (build/test)")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1, help="of the first round")
    return parser.parse_args()


def prepare(build):
    """Sets what the tests are told by ctest."""
    build = pathlib.Path(build).resolve()
    plugins = build / "tests"
    os.environ.update(
        EH_HOST=str(build / "host/eh-host"),
        EH_PROBE_PLUGIN=str(plugins / "soak/libeh-soak-probe.so"),
        EH_BASIC_PLUGIN=str(plugins / "system/libeh-test-basic.so"),
        EH_TROUBLE_PLUGIN=str(plugins / "system/libeh-test-trouble.so"))
    sys.path[:0] = [str(HERE), str(HERE.parent / "system")]


def each_test(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from each_test(one)
        else:
            yield one


def main():
    options = arguments()
    prepare(options.build)
    import campaign

    end = time.monotonic() + 60 * options.minutes
    counts = {"ok": 0, "wrong": 0, "skipped": 0}
    seed = options.seed
    while time.monotonic() < end:
        campaign.SEED = seed
        for test in each_test(unittest.defaultTestLoader.loadTestsFromNames(options.tests)):
            begin = time.monotonic()
            if begin >= end:
                break
            result = test.run()
            bad = result.failures + result.errors
            kind = "wrong" if bad else "skipped" if result.skipped else "ok"
            counts[kind] += 1
            seconds = time.monotonic() - begin
            print(f"seed {seed}  {kind:7}  {test.id()}  {seconds:.0f}s", flush=True)
            for case, text in bad:
                print(f"{case}\n{text}", flush=True)
            for _, why in result.skipped:
                print(f"  {why}")
        seed += 1
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()),
          f"({campaign.steps_tried} steps)")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
