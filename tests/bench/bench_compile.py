#!/usr/bin/env python3
"""Measures what compiling the README's plugin costs, and prints ratios.

    tests/bench/bench_compile.py [--rounds N] [--compiler CXX]

The plugin, a file that only includes eh.hpp, and the bare standard headers that
the SDK includes are compiled in turn, round by round, so that a machine whose
speed drifts treats all alike: as eh_add_plugin() compiles them, and by hand,
where a file has the code that is compiled apart otherwise. Figures are CPU time
at -O0: the lowest of the rounds, and its ratio to that of the standard headers.
fmt is not among these.
"""

import argparse
import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SDK = ROOT / "sdk/include"

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--compiler", default=os.environ.get("CXX", "c++"))
options = parser.parse_args()


def standard_headers():
    pattern = re.compile(r"^#include <([a-z_]+)>$", re.MULTILINE)
    names = set()
    for path in SDK.rglob("*.hpp"):
        names |= set(pattern.findall(path.read_text()))
    names.discard("format")  # where the library has none, fmt's is taken
    return "".join(f"#include <{name}>\n" for name in sorted(names))


def cpu_seconds(path, flags):
    words = [options.compiler, "-std=c++20", "-O0", "-fPIC", f"-I{SDK}", *flags]
    process = subprocess.Popen([*words, "-c", path, "-o", os.devnull])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"bench: cannot compile {path.name}: see above")
    return usage.ru_utime + usage.ru_stime


APART = ["-DEH_SEPARATE_CODE"]
plugin = re.search(r"```cpp\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]
cases = {
    "standard headers": (standard_headers(), []),
    "eh.hpp alone": ("#include <eh/eh.hpp>\n", APART),
    "README's plugin": (plugin, APART),
    "the code apart": ((ROOT / "sdk/cmake/eh_code.cc").read_text(), APART),
    "eh.hpp by hand": ("#include <eh/eh.hpp>\n", []),
    "plugin by hand": (plugin, []),
}
with tempfile.TemporaryDirectory(prefix="eh-bench-") as folder:
    taken = {}
    for _ in range(options.rounds):
        for name, (text, flags) in cases.items():
            path = pathlib.Path(folder) / (name.replace(" ", "-") + ".cc")
            path.write_text(text)
            taken.setdefault(name, []).append(cpu_seconds(path, flags))
base = min(taken["standard headers"])
for name, seconds in taken.items():
    print(f"{name:18} {min(seconds):6.2f} s  {min(seconds) / base:5.2f}")
