"""What a result came from: its seed, the libraries, how it was compiled."""

import json
import os
import shutil
import subprocess
import unittest

import eh
from eh import wait_for

INCLUDES = os.environ["EH_INCLUDES"].split(":")

SIMULATES = """
#include <eh/eh.hpp>
#include <filesystem>
#include <thread>
extern "C" int sim();
static void simulate(eh::Run& run) {
  std::filesystem::path open = run.input("open");
  while (!std::filesystem::exists(open)) std::this_thread::yield();
  run.result("sim", sim());
}
EH_GROUP(main, "a simulation");
EH_EXPERIMENT(main, "first", simulate);
EH_EXPERIMENT(main, "second", simulate);
"""


class Origin(eh.Case):
    def compile(self, *words):
        subprocess.run(["g++", *words], cwd=self.dir, check=True)

    def library(self, value, name="libsim.so", *flags):
        """Builds it beside the one of now and renames it there, as a linker may."""
        (self.dir / "sim.cc").write_text(f'extern "C" int sim() {{ return {value}; }}')
        self.compile("-shared", "-fPIC", "-nostdlib", "-Wl,--build-id", "-Wl,-soname,libsim.so",
                     *flags, "sim.cc", "-o", "new.so")  # fmt: skip
        (self.dir / "lib").mkdir(exist_ok=True)
        os.replace(self.dir / "new.so", self.dir / "lib" / name)

    def simulates(self, optimisation="-O0"):
        (self.dir / "simulates.cc").write_text(SIMULATES)
        self.compile("-std=c++20", "-shared", "-fPIC", optimisation, *INCLUDES,
                     "simulates.cc", "-o", "libsimulates.so", "-Llib", "-lsim",
                     f"-Wl,-rpath,{self.dir}/lib")  # fmt: skip
        self.plugin = str(self.dir / "libsimulates.so")

    def explained(self, *words):
        done = self.host("explain", "main", "first", "--json", *words)
        return json.loads(done.stdout)[0]["differences"]

    def test_another_seed(self):
        self.host("main", "baseline")
        seed = self.verdict("main/baseline")["seed"]
        self.assertNotIn("salt", self.verdict("main/baseline"))
        self.assertNotIn("stale", self.host("status", "main", "baseline").stdout)
        said = self.host("main", "baseline", "--salt", "x").stdout
        self.assertIn("1 done before (stale", said)
        would = self.host("main", "baseline", "-d", "--salt", "x").all
        self.assertIn("stale (seed changed)", would)
        text = self.host("explain", "main", "baseline", "--salt", "x").stdout
        self.assertRegex(text, r'differs +salt +"" -> "x" +\(--salt\)')
        self.host("main", "baseline", "--salt", "x", "--stale", "--force")
        self.assertEqual(self.verdict("main/baseline")["salt"], "x")
        self.assertNotEqual(self.verdict("main/baseline")["seed"], seed)
        self.host("main", "baseline", "--salt", "x", "--stale", code=0)
        # Of a verdict that says no salt, the seed itself tells.
        file = self.leaf("main/baseline") / "eh.json"
        file.write_text(file.read_text().replace('"salt":"x",', ""))
        text = self.host("explain", "main", "baseline").stdout
        self.assertRegex(text, rf"differs +seed +\d+ -> {seed}")

    def test_another_library(self):
        self.library(1)
        self.simulates()
        self.open()
        done = self.host("main", "first")
        self.assertEqual(done.stderr.count("was compiled without optimisation"), 1)
        plugin = self.verdict("main/first")["plugin"]
        self.assertIn("not optimised", plugin["flags"])
        self.assertIs(plugin["optimised"], False)
        (library,) = plugin["libraries"]
        self.assertEqual(library["path"], f"{self.dir}/lib/libsim.so")
        self.assertEqual(len(library["build_id"]), 40)
        self.assertEqual(self.explained(), [])
        # Nothing to run, nothing to note.
        self.assertEqual(self.host("main", "first").stderr, "")

        self.library(2)
        (difference,) = self.explained()
        self.assertEqual(difference["what"], "library libsim.so")
        self.assertEqual(difference["before"], library["build_id"])
        self.assertIn("stale (library libsim.so changed)", self.host("main", "first", "-d").stdout)
        self.assertIn("1 stale", self.host("status", "main").stdout)
        self.host("main", "first", "--stale", "--force")
        self.assertEqual(self.verdict("main/first")["results"]["sim"], 2)
        self.assertEqual(self.explained(), [])

        # Without a build id, its content tells.
        self.library(2, "libsim.so", "-Wl,--build-id=none")
        self.host("main", "first", "--force")
        (library,) = self.verdict("main/first")["plugin"]["libraries"]
        self.assertEqual(len(library["sha1"]), 40)
        shutil.copy(self.dir / "lib/libsim.so", self.dir / "lib/copy.so")
        os.replace(self.dir / "lib/copy.so", self.dir / "lib/libsim.so")
        self.assertEqual(self.explained(), [])

        # Older verdicts do not say.
        file = self.leaf("main/first") / "eh.json"
        verdict = json.loads(file.read_text())
        del verdict["plugin"]["libraries"]
        file.write_text(json.dumps(verdict))
        self.library(3)
        self.assertEqual(self.explained(), [])

    def test_a_library_that_changes_meanwhile(self):
        self.library(1)
        self.simulates("-O1")
        process = self.start("main", "-j", "1")
        wait_for(lambda: (self.leaf("main/first") / ".eh-lease").is_symlink())
        self.library(2)
        self.open()
        said = self.finish(process, 3)
        self.assertIn("lib/libsim.so' changed during the run (start again", said)
        self.assertNotIn("optimisation", said)
        self.assertFalse(self.has_verdict("main/second"))
        self.host("main")
        self.assertEqual(self.verdict("main/second")["results"]["sim"], 2)


if __name__ == "__main__":
    unittest.main()
