"""Breaks off each step that an experiment with checkpoints takes, or lets it
fail, and runs it again: all points and results must be there once. And what is
eh's own in an attempt stays so. Experiments are started as the host does,
without one."""

import concurrent.futures
import contextlib
import functools
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

import eh

PLUGIN = os.environ["EH_STEPS_PLUGIN"]
CHANGING = "openat,write,renameat,unlinkat,ftruncate"
ANY = CHANGING + ",read,close,lseek,fstat,newfstatat,fcntl,readlinkat,faccessat"


@functools.cache
def ids():
    """The number and the group of each experiment of the plugin, by name."""
    done = subprocess.run([eh.CHILD, "describe", PLUGIN], capture_output=True, check=True)
    described = json.loads(done.stdout.splitlines()[-1])
    return {e["name"]: (str(e["id"]), e["group"]) for e in described["experiments"]}


class Leaf:
    """One, in which attempts are made."""

    def __init__(self, folder, experiment):
        self.path = pathlib.Path(folder)
        self.experiment = experiment
        self.attempt = 0

    def words(self):
        number, group = ids()[self.experiment]
        return [eh.CHILD, "run", PLUGIN, number, "0", "0", group, self.experiment]

    def environment(self, members="", **more):
        return {
            "PATH": os.environ["PATH"],
            "EH_LEAF_DIR": str(self.path),
            "EH_ATTEMPT": str(self.attempt),
            "EH_VERDICT_MEMBERS": f'"attempt":{self.attempt}{members}',
            **more,
        }

    def run(self, *tool):
        """One attempt under a tool, after what the host does before one."""
        self.attempt += 1
        names = [path.name for path in self.path.iterdir()]
        resumes = "checkpoint" in names
        for name in names:
            torn = "tmp" in name
            if torn or name in ("eh.json", "log.txt") or not resumes:
                (self.path / name).unlink()
        environment = self.environment(',"resumed":true' if resumes else "")
        return subprocess.run(
            [*tool, *self.words()], cwd=self.path, env=environment, capture_output=True
        )

    def verdict(self):
        with contextlib.suppress(OSError):
            return json.loads((self.path / "eh.json").read_text())
        return {"status": "none"}

    def outcome(self):
        """All that an experiment leaves, but for times."""
        points = []
        for line in (self.path / "metrics.jsonl").read_text().splitlines():
            point = json.loads(line)
            del point["time"]
            points.append(point)
        verdict = self.verdict()
        path = (self.path / "path.json").read_text()
        return verdict["status"], verdict["results"], points, path


class Case(eh.Case):
    def new_leaf(self, experiment="walk"):
        return Leaf(tempfile.mkdtemp(dir=self.dir), experiment)

    def count(self, calls):
        """The system calls that a run makes. Returns what it leaves, too."""
        leaf = self.new_leaf()
        trace = self.dir / "trace"
        done = leaf.run("strace", "-f", "-o", str(trace), "-e", f"trace={calls}")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = trace.read_text().splitlines()
        return sum("(" in line for line in lines), leaf.outcome()

    def break_off(self, calls, how, when):
        leaf = self.new_leaf()
        leaf.run("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}",
                 "-e", f"inject={calls}:{how}:when={when}")
        return leaf

    def check_all(self, calls, how):
        """With each call in turn; tells how many attempts had to be repeated."""
        count, right = self.count(calls)

        def check(when):
            leaf = self.break_off(calls, how, when)
            first = leaf.verdict()
            if first["status"] != "ok":
                done = leaf.run()
                self.assertEqual(done.returncode, 0, (when, first, leaf.verdict(), done))
            self.assertEqual(leaf.outcome(), right, when)
            shutil.rmtree(leaf.path)
            return first["status"] != "ok"

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            return sum(pool.map(check, range(1, count + 1)))


@eh.needs_strace
class EachCall(Case):
    def test_killed(self):
        self.assertGreater(self.check_all(CHANGING, "signal=KILL"), 10)

    def test_no_space(self):
        self.assertGreater(self.check_all(CHANGING, "error=ENOSPC"), 5)

    def test_input_and_output_errors(self):
        self.assertGreater(self.check_all(ANY, "error=EIO"), 10)


@eh.needs_strace
class GoingBack(Case):
    def test_killed_twice(self):
        """The second time before, while and after it goes back."""
        _, right = self.count(CHANGING)
        first = self.break_off("renameat", "signal=KILL", 4)
        self.assertTrue((first.path / "checkpoint").exists())
        for when in range(1, 30):
            leaf = self.new_leaf()
            shutil.copytree(first.path, leaf.path, dirs_exist_ok=True)
            leaf.attempt = 1
            calls = "ftruncate,renameat,write"
            leaf.run("strace", "-f", "-qq", "-o", "/dev/null",
                     "-e", f"trace={calls}", "-e", f"inject={calls}:signal=KILL:when={when}")
            if leaf.verdict()["status"] != "ok":
                leaf.run()
            self.assertEqual(leaf.outcome(), right, when)

    def test_reported_before_it_goes_on(self):
        right = self.new_leaf()
        right.run()
        _, results, points, path = right.outcome()
        leaf = self.new_leaf("late")
        leaf.run("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat",
                 "-e", "inject=renameat:signal=KILL:when=4")
        self.assertEqual(leaf.run().returncode, 0)
        status, its_results, its_points, its_path = leaf.outcome()
        self.assertEqual((status, its_path), ("ok", path))
        self.assertEqual(its_results, {**results, "again": True})
        again = {"name": "again", "step": 0, "value": 0.5}
        self.assertEqual(its_points.count(again), 1)
        its_points.remove(again)
        self.assertEqual(its_points, points)

    def test_lost_points(self):
        """Points that belong to the checkpoint but are not there any more."""
        leaf = self.break_off("renameat", "signal=KILL", 4)
        metrics = leaf.path / "metrics.jsonl"
        metrics.write_text("".join(metrics.read_text().splitlines(True)[:1]))
        leaf.run()
        self.assertEqual(leaf.verdict()["status"], "failed")
        self.assertIn("metrics.jsonl has only", leaf.verdict()["message"])

    def test_another_checkpoint(self):
        leaf = self.break_off("renameat", "signal=KILL", 4)
        note = leaf.path / ".eh-kept-metrics"
        note.write_text(note.read_text().splitlines(True)[0])
        leaf.run()
        self.assertEqual(leaf.verdict()["status"], "failed")
        self.assertIn("belong to it is not known", leaf.verdict()["message"])


class Own(eh.Case):
    """What an experiment does to descriptors, or another host to the leaf."""

    def new_leaf(self, experiment):
        path = self.dir / experiment
        path.mkdir(parents=True)
        return Leaf(path, experiment)

    def check_reports(self, folder, numbers):
        log = (folder / "log.txt").read_text()
        self.assertEqual(log.count("\n"), len(numbers), log)
        lines = (folder / "metrics.jsonl").read_text().splitlines()
        points = [json.loads(line) for line in lines]
        self.assertEqual([point["step"] for point in points], numbers)
        for number in numbers:
            self.assertIn(f"line {number}\n", log)
            self.assertEqual((folder / f"data-{number}.txt").read_text(), "data")

    def check_taken(self, experiment, numbers):
        leaf = self.new_leaf(experiment)
        done = leaf.run()
        self.assertEqual((leaf.path / "mine.txt").read_text(), "mine\n")
        self.check_reports(leaf.path, numbers)
        return leaf, done

    def test_taken_descriptors(self):
        for experiment, numbers in ("taken", [1, 2, 3]), ("taken-at-once", [1]):
            leaf, done = self.check_taken(experiment, numbers)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(leaf.verdict()["results"], {f"r{n}": n for n in numbers})

    @unittest.skipIf(eh.SANITIZED, "a sanitizer reports crashes itself")
    def test_taken_before_a_crash(self):
        leaf, done = self.check_taken("taken-and-crashed", [1])
        self.assertEqual(done.returncode, -signal.SIGSEGV)
        self.assertIn("11 0x", (leaf.path / ".eh-crash").read_text())

    def test_moved(self):
        """Taken over, as another host does it."""
        for experiment, numbers in (
            ("moved", [2]), ("moved-and-closed", [2]), ("moved-and-taken", [1, 2])
        ):
            leaf = self.new_leaf(experiment)
            leaf.attempt = 1
            (leaf.path / ".eh-lease").symlink_to("first")
            process = subprocess.Popen(
                leaf.words(), cwd=leaf.path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                env=leaf.environment(EH_OWNER="first"), text=True,
            )
            self.started.append(process)
            eh.wait_for((leaf.path / "ready").exists)
            fresh = self.dir / "fresh"
            kept = leaf.path / ".eh/attempts/1"
            (fresh / ".eh/attempts").mkdir(parents=True)
            (fresh / ".eh-lease").symlink_to("second")
            leaf.path.rename(fresh / ".eh/attempts/1")
            fresh.rename(leaf.path)
            (kept / ".eh-lease").unlink()
            (kept / "go").touch()
            output, _ = process.communicate(timeout=eh.PATIENCE)
            self.assertEqual(process.returncode, 110)
            self.assertIn("another host took this over", output)
            self.assertEqual(sorted(os.listdir(leaf.path)), [".eh", ".eh-lease"])
            self.check_reports(kept, numbers)
            self.assertIn('"r2":2', (kept / ".eh-results").read_text())

    def test_taken_over_before_it_starts(self):
        leaf = self.new_leaf("taken")
        (leaf.path / ".eh-lease").symlink_to("second")
        subprocess.run(leaf.words(), cwd=leaf.path, env=leaf.environment(EH_OWNER="first"))
        self.assertEqual(os.listdir(leaf.path), [".eh-lease"])

    @unittest.skipIf(eh.SANITIZED, "a sanitizer reports crashes itself")
    def test_printed(self):
        for name, printed in (
            ("crash", "a line\nno line"), ("kill", "a line\n"), ("stream", "a line\nno line"),
            ("held", "a line\nno line"), ("held-by-another", "a line\n"), ("buffered", ""),
        ):
            leaf = self.new_leaf(f"print/{name}")
            self.assertEqual(leaf.run().stdout.decode(), printed, name)

    def test_loss_of_a_forked_process(self):
        leaf = self.new_leaf("forked-loss")
        leaf.run()
        self.assertEqual(leaf.verdict()["status"], "failed")
        self.assertIn("cannot write metrics.jsonl", leaf.verdict()["message"])


if __name__ == "__main__":
    unittest.main()
