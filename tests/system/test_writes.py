"""Full disks and kills in the middle of what eh writes."""

import contextlib
import gzip
import json
import lzma
import os
import random
import shutil
import signal
import subprocess
import unittest

import eh
from eh import wait_for

RESULTS = os.environ["EH_RESULTS_PLUGIN"]
FORMATS = [".csv", ".tsv", ".json", ".jsonl", ".npz", ".csv.gz", ".json.zst", ".tsv.xz",
           ".jsonl.bz2"]


def points(n):
    """Lines of metrics that no compressor makes small."""
    numbers = random.Random(1)
    return "".join(
        f'{{"name":"m","step":{i},"value":{numbers.random()!r}}}\n' for i in range(n)
    ).encode()


class Case(eh.Case):
    plugin = os.environ["EH_WRITES_PLUGIN"]

    def prepare_export(self):
        """Something to export, of which the metrics are to be found in the path returned."""
        self.plugin = RESULTS
        self.host("data", "sweep/c=1/1")
        path = self.leaf("data/sweep/c=1/1") / "metrics.jsonl"
        path.unlink()
        return path


class FullDisk(Case):
    def fill(self, disk, left):
        size = shutil.disk_usage(disk).free - left
        (disk / "filler").write_bytes(b"x" * size)

    def test_export(self):
        self.prepare_export().write_bytes(points(20_000))
        disk = self.small_disk("1m", "out")
        for name in FORMATS:
            (disk / f"all{name}").write_text("that of before")
        self.fill(disk, left=64 * 1024)
        before = sorted(disk.iterdir())
        for words in ["--metrics"], []:
            for name in FORMATS:
                with self.subTest(words + [name]):
                    to = f"out/all{name}"
                    done = self.host("export", "data", *words, "-o", to, code=110)
                    self.assertIn(f"cannot write '{to}': No space left", done.stderr)
                    self.assertEqual((disk / f"all{name}").read_text(), "that of before")
            # Of the few rows, not one page is to have room.
            with (disk / "filler").open("ab", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * 512)
        self.assertEqual(sorted(disk.iterdir()), before)

    def test_temporary_files_of_an_export(self):
        self.prepare_export().write_bytes(points(100_000))
        disk = self.small_disk("1m", "out")
        self.fill(disk, left=0)
        for words in ["-o", "all.csv"], ["-o", "all.npz"], ["--metrics", "-o", "all.npz"]:
            done = self.host("export", "data", *words, code=110, env={"TMPDIR": str(disk)})
            self.assertRegex(done.stderr, "cannot .*: the temporary file in '.*/out': No space")
            self.assertIn("TMPDIR", done.stderr)
        self.assertEqual([p.name for p in disk.iterdir()], ["filler"])
        self.assertEqual(list(self.dir.glob("*all*")), [])

    def test_of_experiments(self):
        """One of each kind of file of which the experiment knows nothing."""
        self.small_disk("1m")
        for name, file in ("metrics", "metrics.jsonl"), ("results", ".eh-results"):
            self.host("disk", name, code=110)
            verdict = self.verdict(f"disk/{name}")
            self.assertEqual(verdict["status"], "failed")
            self.assertIn(f"cannot write {file}: No space left on device", verdict["message"])
        first = (self.leaf("disk/metrics") / "metrics.jsonl").read_text().splitlines()[0]
        self.assertEqual(json.loads(first)["value"], 0.5)
        self.assertEqual(self.verdict("disk/results")["results"]["kept"], 1)
        # What is cut off is left out.
        rows = self.host("export", "disk", "metrics", "--metrics").stdout.splitlines()
        self.assertGreater(len(rows), 2)

    def test_checkpoint(self):
        self.small_disk("1m")
        self.host("disk", "checkpoint", code=110)
        verdict = self.verdict("disk/checkpoint")
        self.assertEqual(verdict["status"], "failed")
        self.assertIn("cannot write 'checkpoint': No space left on device", verdict["message"])
        left = sorted(p.name for p in self.leaf("disk/checkpoint").iterdir())
        self.assertEqual([name for name in left if "tmp" in name], [])
        self.assertIn("checkpoint", left)
        self.host("disk", "checkpoint")
        self.assertEqual(
            self.verdict("disk/checkpoint")["results"], {"attempts": 2, "writes": 1}
        )


class Killed(Case):
    def export_traced(self, file, *words):
        """Returns how it ended and how often it wrote."""
        command = self.arguments(["export", "data", "--metrics", "-o", str(file)], None)
        trace = self.dir / "trace"
        done = subprocess.run(
            ["strace", "-f", "-qq", "-o", trace, "-e", "trace=write", *words, *command],
            cwd=self.dir, env=self.environment(), stdin=subprocess.DEVNULL,
            timeout=eh.PATIENCE,
        )
        return done.returncode, trace.read_text().count("write(")

    @eh.needs_strace
    def test_export(self):
        self.prepare_export().write_bytes(points(20_000))
        out = self.dir / "out"
        out.mkdir()
        for name in FORMATS:
            with self.subTest(name):
                file = out / f"all{name}"
                code, writes = self.export_traced(file)
                self.assertEqual(code, 0)
                self.assertGreater(writes, 2)
                file.write_text("that of before")
                for when in 2, writes // 2, writes - 1:
                    kill = f"inject=write:signal=KILL:when={when}"
                    code, _ = self.export_traced(file, "-e", kill)
                    self.assertEqual(code, -signal.SIGKILL)
                    self.assertEqual(file.read_text(), "that of before")
        if self.has_files_without_names():
            self.assertEqual(sorted(p.name for p in out.iterdir()),
                             sorted(f"all{name}" for name in FORMATS))

    def has_files_without_names(self):
        with contextlib.suppress(OSError):
            os.close(os.open(self.dir, os.O_TMPFILE | os.O_WRONLY))
            return True
        return False

    def kill(self, name, moment):
        """Starts an experiment and kills its process at a moment."""
        leaf = self.leaf(f"killed/{name}")
        (leaf / "process.txt").unlink(missing_ok=True)
        run = self.start("killed", name)

        def process():
            self.assertIsNone(run.poll(), "eh-host has ended")
            return self.text(leaf / "process.txt")

        pid = int(wait_for(process, "the experiment"))
        moment(leaf)
        os.kill(pid, signal.SIGKILL)
        self.finish(run, 100)
        self.assertEqual(self.verdict(f"killed/{name}")["status"], "crashed")

    def text(self, path):
        with contextlib.suppress(OSError):
            return path.read_text()
        return ""

    def test_checkpoint(self):
        def written_often(leaf):
            file = leaf / "checkpoint"
            wait_for(file.exists, "a checkpoint")
            for _ in range(random.randrange(1, 40)):
                before = file.stat().st_ino
                wait_for(lambda: file.stat().st_ino != before, "another one")

        for attempt in range(1, 9):
            self.kill("checkpoint", written_often)
            leaf = self.leaf("killed/checkpoint")
            self.assertEqual(self.verdict("killed/checkpoint")["results"], {"attempts": attempt})
            torn = [p for p in leaf.iterdir() if "tmp" in p.name]
            # The checkpoint, and the note of what belongs to it.
            self.assertLessEqual(len(torn), 2)
        self.open()
        self.host("killed", "checkpoint")
        results = self.verdict("killed/checkpoint")["results"]
        self.assertEqual(results["attempts"], 9)
        self.assertEqual(sorted(p.name for p in leaf.iterdir()), [".eh", "eh.json", "process.txt"])

    def test_metrics_and_results(self):
        def at_once(_):
            pass

        self.kill("metrics", at_once)
        rows = self.host("export", "killed", "--metrics").stdout.splitlines()
        # The first hundred are written as they come.
        self.assertGreater(len(rows), 100)
        steps = [int(row.split(",")[2]) for row in rows[1:]]
        self.assertEqual(steps, list(range(len(steps))))
        self.assertGreaterEqual(self.verdict("killed/metrics")["results"]["so far"], 999)


if __name__ == "__main__":
    unittest.main()
