"""What one trivial experiment costs its process, counted and not timed.

child_weight.py CHILD SINGLE_PLUGIN SWEEP_PLUGIN

An experiment that logs a line and gets a verdict may take 2.6 million
instructions and 100 system calls; one out of a sweep of 100,000 at most 1.25
times the instructions of a single one.
"""

import os
import re
import subprocess
import sys
import tempfile

CHILD, SINGLE, SWEEP = sys.argv[1:]
MOST_INSTRUCTIONS = 2_600_000
MOST_CALLS = 100
MOST_RATIO = 1.25


def run(tool, plugin, point, name):
    """Runs one experiment under `tool`; returns what it printed."""
    leaf = tempfile.mkdtemp(prefix="eh-weight-")
    environment = {
        "PATH": os.environ["PATH"],
        "EH_GROUP": "bench",
        "EH_EXPERIMENT": name,
        "EH_LEAF_DIR": leaf,
        "EH_VERDICT_MEMBERS": '"group":"bench"',
    }
    words = [CHILD, "run", plugin, "0", str(point), "0", "bench", name]
    done = subprocess.run(
        tool + words, cwd=leaf, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert '"status":"ok"' in open(f"{leaf}/eh.json").read()
    assert "done" in open(f"{leaf}/log.txt").read()
    return done.stderr


def instructions(plugin, point, name):
    text = run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"],
        plugin,
        point,
        name,
    )
    return int(re.search(r"Collected : (\d+)", text).group(1))


def system_calls(plugin, point, name):
    text = run(["strace", "-f", "-c", "-U", "calls,name"], plugin, point, name)
    return int(re.search(r"(\d+) total", text).group(1))


single = instructions(SINGLE, 0, "one")
last = instructions(SWEEP, 99_999, "block-100/1000")
calls = system_calls(SINGLE, 0, "one")
print(f"{single} instructions, {last} in a sweep of 100,000, {calls} calls")
assert single <= MOST_INSTRUCTIONS, "too many instructions"
assert calls <= MOST_CALLS, "too many system calls"
assert last <= single * MOST_RATIO, "the sweep's size shows in its child"
