"""Leaves of hosts on other machines that seem dead are taken over, by hosts that
are killed at any moment of it: nothing is lost, and nothing is left lying."""

import json
import os
import shutil
import signal
import subprocess
import unittest

import eh

STEPS = "mkdirat,renameat,symlinkat,unlinkat,copy_file_range,syncfs,fchmod,openat,openat2"
LEAF = "work/polite"


def tree_of(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@eh.needs_strace
class Killed(eh.Case):
    def setUp(self):
        super().setUp()
        # An attempt that was stopped, after one that failed.
        self.results = self.dir / "results"
        leaf = self.leaf(LEAF)
        (leaf / ".eh/attempts/1").mkdir(parents=True)
        (leaf / ".eh/attempts/1/log.txt").write_text("the first\n")
        self.open()
        self.prepare(leaf)
        runs = self.results / ".eh/runs/elsewhere"
        runs.mkdir(parents=True)
        (runs / "alive").write_text("eh1|other-host|other-boot|pid:[7]|42|1000|elsewhere")
        os.utime(runs / "alive", (1, 1))
        os.symlink("elsewhere", leaf / ".eh-lease")
        (leaf / "model").mkdir()
        (leaf / "model/weights").write_text("heavy")
        (leaf / "log.txt").write_text("the second\n")

    def prepare(self, leaf):
        """Makes a real checkpoint."""
        (self.dir / "open").unlink()
        process = self.start(*LEAF.split("/", 1), "--output", str(self.dir / "before"))
        made = self.dir / "before" / LEAF / "checkpoint"
        eh.wait_for(made.exists)
        process.terminate()
        self.finish(process, 143)
        shutil.copy(made, leaf / "checkpoint")
        self.open()

    def run_traced(self, tree, *words):
        """Returns how it ended and the calls that it made."""
        host = self.arguments((*LEAF.split("/", 1), "--output", str(tree)), None)
        done = subprocess.run(
            ["strace", "-qq", "-o", self.dir / "trace", "-e", f"trace={STEPS}", *words, *host],
            cwd=self.dir,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        return done.returncode, (self.dir / "trace").read_text().splitlines()

    def steps(self):
        """The calls of a takeover, each with how many of its name came before."""
        tree = self.dir / "whole"
        shutil.copytree(self.results, tree, symlinks=True)
        code, calls = self.run_traced(tree)
        self.assertEqual(code, 0)
        self.check(tree)
        took = [i for i, call in enumerate(calls) if ".eh-lease.takeover" in call]
        kept = [i for i, call in enumerate(calls) if ".eh-moved-" in call]
        names = [call.partition("(")[0] for call in calls]
        for i in range(took[0], kept[-1] + 2):
            changes = "openat" not in names[i] or "O_CREAT" in calls[i]
            if changes:
                yield names[i], names[: i + 1].count(names[i])

    def check(self, tree):
        leaf = tree / LEAF
        verdict = json.loads((leaf / "eh.json").read_text())
        self.assertEqual(verdict["status"], "ok")
        self.assertTrue(verdict.get("resumed"), verdict)
        self.assertEqual((leaf / "model/weights").read_text(), "heavy")
        attempts = leaf / ".eh/attempts"
        self.assertEqual((attempts / "1/log.txt").read_text(), "the first\n")
        self.assertEqual((attempts / "2/log.txt").read_text(), "the second\n")
        self.assertEqual((attempts / "2/model/weights").read_text(), "heavy")
        self.assertTrue((attempts / "2/checkpoint").exists())
        self.assertEqual(sorted(p.name for p in (leaf / ".eh").iterdir()), ["attempts"])
        debris = [name for name in tree_of(tree / "work")
                  if any(mark in name for mark in (".eh-", "new-", "keeping-"))]
        self.assertEqual(debris, [])
        self.assertEqual(os.listdir(leaf.parent), [leaf.name])

    def test_at_every_step(self):
        steps = list(self.steps())
        self.assertGreater(len(steps), 15)
        for name, when in steps:
            with self.subTest(call=name, when=when):
                tree = self.dir / f"killed-{name}-{when}"
                shutil.copytree(self.results, tree, symlinks=True)
                inject = f"inject={name}:signal=KILL:when={when}"
                self.assertEqual(self.run_traced(tree, "-e", inject)[0], -signal.SIGKILL)
                # Nobody is to think that there is nothing.
                shown = self.host("status", *LEAF.split("/", 1), "--output", str(tree))
                self.assertIn("1 unfinished", shown.stdout)
                self.host(*LEAF.split("/", 1), "--output", str(tree))
                self.check(tree)
                shutil.rmtree(tree)

    def test_full_disk(self):
        """The copy does not fit: the leaf stays as it was."""
        inject = "inject=copy_file_range:error=ENOSPC:when=1+"
        words = (*LEAF.split("/", 1),)
        before = tree_of(self.results / "work")
        done = subprocess.run(
            ["strace", "-qq", "-o", "/dev/null", "-e", inject, *self.arguments(words, None)],
            cwd=self.dir,
            env=self.environment(),
            capture_output=True,
            text=True,
        )
        self.assertEqual(done.returncode, 110, done.stderr)
        self.assertIn("cannot copy", done.stdout + done.stderr)
        after = [name for name in tree_of(self.results / "work")]
        self.assertEqual(after, before)
        self.host(*words)
        self.check(self.results)


if __name__ == "__main__":
    unittest.main()
