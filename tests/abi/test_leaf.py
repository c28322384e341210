"""What is in the leaf after an experiment that ended by itself."""

import gzip
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import unittest

from abi import SANITIZED, UTC, Case, wait_for


def limit_files(size):
    """A full disk, as far as a process can tell: no file grows beyond it."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


class Verdict(Case):
    """What the verdict says, and the exit code that goes with it."""

    def outcome(self, name, **more):
        code = self.run_one(name, **more)
        verdict = self.verdict()
        return code, verdict["status"], verdict.get("message")

    def test_ok(self):
        self.assertEqual(self.outcome("trivial"), (0, "ok", None))
        verdict = self.verdict()
        self.assertEqual(verdict["format"], 1)
        self.assertRegex(verdict["start"], f"^{UTC}$")
        self.assertLessEqual(verdict["start"], verdict["end"])
        self.assertGreaterEqual(verdict["seconds"], 0)
        self.assertGreaterEqual(verdict["cpu_seconds"], 0)
        self.assertGreater(verdict["peak_memory_bytes"], 500_000)
        if not SANITIZED:
            self.assertLess(verdict["peak_memory_bytes"], 10 * 2**20)
        self.assertEqual((verdict["attempt"], verdict["secret"]), (2, "s3cret"))
        self.assertEqual(self.files(), ["eh.json", "log.txt"])

    def test_from_c(self):
        self.assertEqual(self.outcome("one", plugin="plain"), (0, "ok", None))
        self.assertRegex(self.text("log.txt"), rf"^{UTC} info     \[\d+ plain.c:12\] from C\n$")
        self.assertEqual(self.text("output.txt"), "printed while loading\n")

    def test_failed(self):
        self.assertEqual(self.outcome("failure"), (1, "failed", 'it "broke"'))
        self.assertEqual(self.verdict()["exception"], "std::runtime_error")

    def test_failed_without_a_reason(self):
        code, status, message = self.outcome("silent-failure")
        self.assertEqual((code, status), (1, "failed"))
        self.assertIn("did not say why", message)

    def test_out_of_memory(self):
        code, status, _ = self.outcome("no-memory")
        self.assertEqual((code, status), (1, "out_of_memory"))

    def test_exception_over_the_boundary(self):
        code, status, message = self.outcome("throws")
        self.assertEqual((code, status), (1, "failed"))
        self.assertIn("std::runtime_error: over the boundary", message)

    def test_odd_code(self):
        code, status, message = self.outcome("odd-code")
        self.assertEqual((code, status), (1, "failed"))
        self.assertIn("returned 77", message)

    def test_unknown(self):
        self.assertEqual(self.run_one("unknown"), 120)
        self.assertEqual(self.files(), ["output.txt"])
        self.assertIn("no experiment 'main/unknown'", self.text("output.txt"))

    def test_exit_inside(self):
        for name, code in [("exit", 3), ("quick-exit", 0)]:
            self.assertEqual(self.run_one(name), code)
            self.assertNotIn("eh.json", self.files())

    def test_moved_away(self):
        self.assertEqual(self.outcome("moves-away"), (0, "ok", None))
        self.assertIn("gone", self.text("log.txt"))

    def test_earlier_leftover(self):
        (self.leaf / ".eh-verdict.tmp").write_text("half")
        self.assertEqual(self.outcome("trivial"), (0, "ok", None))

    def test_unwritable_verdict(self):
        code = self.run_one("quiet", preexec_fn=limit_files(80))
        self.assertEqual(code, 110)
        self.assertEqual(self.files(), ["output.txt"])
        self.assertEqual(
            self.text("output.txt"),
            "cannot write the verdict: File too large\n",
        )

    def test_verdict_in_the_way(self):
        (self.leaf / "eh.json").mkdir()
        self.assertEqual(self.run_one("trivial"), 110)
        self.assertEqual(self.files(), ["eh.json", "log.txt", "output.txt"])

    def test_full_log(self):
        (self.leaf / "log.txt").symlink_to("/dev/full")
        message = "cannot write log.txt: No space left on device"
        self.assertEqual(self.outcome("trivial"), (110, "failed", message))

    def test_full_metrics(self):
        (self.leaf / "metrics.jsonl").symlink_to("/dev/full")
        message = "cannot write metrics.jsonl: No space left on device"
        self.assertEqual(self.outcome("metrics"), (110, "failed", message))

    def test_full_output(self):
        (self.leaf / "output.txt").symlink_to("/dev/full")
        message = "cannot write the output: No space left on device"
        self.assertEqual(self.outcome("output"), (110, "failed", message))
        for name in "held-back", "synced":
            self.assertEqual(self.outcome(name, plugin="stream"), (110, "failed", message))

    def test_lost_output(self):
        for name, why in (("pipe", "Broken pipe"), ("read-only", "Bad file descriptor")):
            message = "cannot write the output: " + why
            self.assertEqual(self.outcome(f"output-{name}"), (110, "failed", message))

    def test_output_that_was_lost_earlier(self):
        (self.leaf / "output.txt").symlink_to("/dev/full")
        message = "cannot write the output: some of it was lost (was the disk full?)"
        self.assertEqual(self.outcome("output-lines"), (110, "failed", message))

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_interrupted_output(self):
        strace = ["strace", "-qq", "-o", "/dev/null", "-P", str(self.leaf / "output.txt"),
                  "-e", "inject=write:error=EINTR"]
        if subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"]).returncode != 0:
            self.skipTest("tracing is not permitted here")
        message = "cannot write the output: Interrupted system call"
        self.assertEqual(self.outcome("output", prefix=strace), (110, "failed", message))

    def test_output_that_nobody_wants(self):
        for name in "closed", "ended":
            self.assertEqual(self.outcome(f"output-{name}"), (0, "ok", None))


class Leaf(Case):
    """The files that are written on behalf of the experiment."""

    def test_log(self):
        self.assertEqual(self.run_one("logs"), 0)
        lines = self.text("log.txt").splitlines()
        self.assertEqual(lines.pop(2), "    lines")
        expected = [
            ("debug    ", "first"),
            ("info     ", "two"),
            ("warning  ", "careful"),
            ("error    ", "bell\\x07 escape\\x1b[1m return\\r tab\t"),
            ("critical ", "last"),
        ]
        self.assertEqual(len(lines), len(expected))
        for line, (level, text) in zip(lines, expected):
            place = r"\[\d+ behaviour.cc:42\] "
            self.assertRegex(line, f"^{UTC} {level}{place}{re.escape(text)}$")

    def test_metrics(self):
        self.assertEqual(self.run_one("metrics"), 0)
        lines = self.text("metrics.jsonl").splitlines()
        points = [json.loads(line) for line in lines]
        self.assertEqual([p["step"] for p in points], [0, 1, 2, 3, 4])
        self.assertEqual([p["value"] for p in points], [0, 0.1, 0.2, "nan", 0.4])
        self.assertEqual({p["name"] for p in points}, {"wait"})
        self.assertRegex(points[0]["time"], f"^{UTC}$")

    def test_metrics_of_one_that_leaves(self):
        self.assertEqual(self.run_one("metrics-exit"), 0)
        self.assertEqual(self.text("metrics.jsonl").count("\n"), 5)

    def test_metrics_of_a_killed_one(self):
        process = self.start("metrics-then-wait")
        wait_for((self.leaf / "waiting").exists, "it has reported them")
        file = self.leaf / "metrics.jsonl"
        wait_for(lambda: file.read_text().count("\n") == 500, "they are written")
        process.kill()
        process.wait()
        steps = [json.loads(line)["step"] for line in file.read_text().splitlines()]
        self.assertEqual(steps, list(range(500)))

    def test_metrics_of_two_processes(self):
        self.assertEqual(self.run_one("metrics-forked"), 0)
        points = [json.loads(line) for line in self.text("metrics.jsonl").splitlines()]
        self.assertEqual(sorted(p["step"] for p in points), list(range(1500)))

    def test_results(self):
        self.assertEqual(self.run_one("results"), 0)
        self.assertEqual(
            list(self.verdict()["results"].items()),
            [("wait", 0.5), ("formula", "Erlang C"), ("of a fork", True)],
        )
        self.assertEqual(self.files(), ["eh.json", "log.txt"])
        self.assertEqual(self.text("log.txt").count("refused"), 2)

    def test_results_of_a_crash(self):
        self.run_one("results-crash")
        self.assertEqual(
            self.text(".eh-results").splitlines()[-1], '"of a fork":true'
        )

    def test_results_go_on(self):
        for name, expected in [("trivial", 7), ("results", 0.5)]:
            (self.leaf / ".eh-results").write_text('"earlier":1\n"wait":7\n')
            members = {"EH_VERDICT_MEMBERS": '"attempt":2,"resumed":true'}
            self.assertEqual(self.run_one(name, told=members), 0)
            results = self.verdict()["results"]
            self.assertEqual((results["earlier"], results["wait"]), (1, expected))
            self.assertNotIn(".eh-results", self.files())

    def test_full_results(self):
        (self.leaf / ".eh-results").mkdir()
        self.assertEqual(self.run_one("results"), 110)
        message = "cannot write .eh-results: Is a directory"
        self.assertEqual(self.verdict()["message"], message)

    def test_removed_when_done(self):
        outside = self.scratch / "outside"
        outside.touch()
        self.assertEqual(self.run_one("removed"), 0)
        self.assertEqual(self.files(), ["eh.json", "stays"])
        self.assertTrue(outside.exists())

    def test_not_removed_when_not_done(self):
        self.assertEqual(self.run_one("removed-failure"), 1)
        self.assertEqual(self.files(), ["eh.json", "gone", "stays"])

    def test_threads(self):
        self.assertEqual(self.run_one("threads"), 0)
        lines = self.text("log.txt").splitlines()
        self.assertEqual(len(lines), 2000)
        for line in lines:
            self.assertRegex(line, rf"^{UTC} info     \[\d+ behaviour.cc:42\] thread \d\.{{99}}$")
        points = self.text("metrics.jsonl").splitlines()
        self.assertEqual(len([json.loads(p) for p in points]), 2000)

    def test_files(self):
        self.assertEqual(self.run_one("files"), 0)
        self.assertEqual(self.text("a/b/plain.txt"), "plain")
        packed = (self.leaf / "big.gz").read_bytes()
        self.assertEqual(gzip.decompress(packed), b"x" * 1_000_000)
        self.assertLess(len(packed), 10_000)
        log = [line.split("] ", 1)[1] for line in self.text("log.txt").splitlines()]
        self.assertEqual(log[0:2], ["plain", "a/b/plain.txt 0"])
        self.assertEqual(log[2:4], ["a,b", "text.csv.gz 0"])
        self.assertEqual(log[4], "none.txt 1")
        self.assertTrue(log[5].startswith("the name is empty"))
        self.assertTrue(log[6].startswith("Is a directory"))
        self.assertIn("is damaged", log[7])
        self.assertEqual(log[8], "damaged.gz 2")
        leftovers = [p for p in self.leaf.rglob("*") if "eh-tmp" in p.name]
        self.assertEqual(leftovers, [])

    def test_pipe_as_a_checkpoint(self):
        os.mkfifo(self.leaf / "checkpoint")
        self.assertEqual(self.run_one("checkpoint"), 0)
        log = [line.split("] ", 1)[1] for line in self.text("log.txt").splitlines()]
        self.assertEqual(log, ["it is a device, a pipe or a socket and no file (move it away)",
                               "checkpoint 2"])

    def test_full_disk(self):
        self.run_one("files", preexec_fn=limit_files(900))
        message = "File too large"
        self.assertIn(message, self.text("log.txt"))
        self.assertNotIn("big.gz", self.files())
        self.assertFalse([n for n in self.files() if "eh-tmp" in n])

    def test_output(self):
        self.assertEqual(self.run_one("output"), 0)
        self.assertEqual(self.text("output.txt"), "no newline")

    def test_held_back_output(self):
        self.assertEqual(self.run_one("any", plugin="stream"), 0)
        self.assertEqual(self.text("output.txt"), "held back")

    def test_empty_output_is_removed(self):
        self.assertEqual(self.run_one("quiet"), 0)
        self.assertEqual(self.files(), ["eh.json"])


if __name__ == "__main__":
    unittest.main()
