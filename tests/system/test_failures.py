"""Every misbehaving experiment gets a true verdict and harms no other."""

import json
import os
import pathlib
import re
import shutil
import unittest

import eh


class Trouble(eh.Case):
    plugin = eh.TROUBLE

    def fails(self, name, *words, status="failed"):
        done = self.host("trouble", name, *words, code=100)
        verdict = self.verdict(f"trouble/{name}")
        self.assertEqual(verdict["status"], status, verdict)
        self.assertIn(str(self.leaf(f"trouble/{name}")), done.stdout)
        return verdict, done.stdout

    def test_exception(self):
        verdict, text = self.fails("throws")
        self.assertEqual(verdict["exception"], "std::runtime_error")
        self.assertTrue(verdict["message"])
        self.assertIn(verdict["message"].splitlines()[0], text)

    def test_foreign_exception(self):
        verdict, _ = self.fails("throws-int")
        self.assertTrue(verdict["message"])

    def test_segfault_has_a_backtrace(self):
        verdict, text = self.fails("segfault", status="crashed")
        self.assertEqual(verdict["signal"], "SIGSEGV")
        self.assertNotIn("exit_code", verdict)
        self.assertIn("killed by SIGSEGV", verdict["message"])
        names = [frame for frame in verdict["backtrace"] if "(" in frame and "+0x" in frame]
        self.assertGreaterEqual(len(names), 2, verdict["backtrace"])
        self.assertIn("#0 ", text)
        self.assertFalse((self.leaf("trouble/segfault") / ".eh-crash").exists())
        self.assertGreater(verdict["peak_memory_bytes"], 1_000_000)

    @unittest.skipIf(eh.SANITIZED, "the sanitizer has its own stack")
    def test_stack_overflow(self):
        verdict, _ = self.fails("stack-overflow", status="crashed")
        self.assertEqual(verdict["signal"], "SIGSEGV")
        self.assertTrue(verdict["backtrace"])

    def test_signals(self):
        for name, signal in (
            ("abort", "SIGABRT"),
            ("assert", "SIGABRT"),
            ("divide", "SIGFPE"),
            ("terminate", "SIGABRT"),
            ("null-call", "SIGSEGV"),
        ):
            with self.subTest(name):
                verdict, _ = self.fails(name, status="crashed")
                self.assertEqual(verdict["signal"], signal)

    def test_terminate_says_why(self):
        verdict, _ = self.fails("terminate", status="crashed")
        self.assertIn("std::", verdict["message"])

    def test_exits_are_told_from_returning(self):
        for name, code in (("exit-0", 0), ("exit-3", 3), ("exits-11", 11)):
            with self.subTest(name):
                verdict, _ = self.fails(name)
                self.assertEqual(verdict["exit_code"], code)
                self.assertNotIn("signal", verdict)
                self.assertIn(f"exit({code})", verdict["message"])
        self.assertFalse((self.leaf("trouble/quick-exit")).exists())
        self.fails("quick-exit")

    @unittest.skipIf(eh.SANITIZED, "needs its address space limited")
    def test_out_of_memory(self):
        verdict, _ = self.fails("fills-memory", status="out_of_memory")
        self.assertIn("bad_alloc", verdict["message"] + verdict["exception"])

    def test_leaked_processes_are_killed(self):
        for name in ("leaks-child", "leaks-daemon"):
            text = self.host("trouble", name).stdout
            self.assertIn("left 1 process behind", text)
            self.assertEqual(self.verdict(f"trouble/{name}")["status"], "ok")
            leaf = self.leaf(f"trouble/{name}")
            self.assertEqual(eh.processes_with(f"EH_LEAF_DIR={leaf}"), [])

    def test_output_is_kept_in_order(self):
        self.host("trouble", "prints", "floods")
        text = (self.leaf("trouble/prints") / "output.txt").read_text()
        self.assertIn("stdout", text)
        self.assertIn("stderr", text)
        self.assertGreater(
            (self.leaf("trouble/floods") / "output.txt").stat().st_size, 4_000_000
        )

    def test_odd_ones_end_well(self):
        self.host("trouble", "changes-directory", "closes-stdout", "nan", "sleeps")
        for name in ("changes-directory", "closes-stdout", "nan", "sleeps"):
            self.assertEqual(self.verdict(f"trouble/{name}")["status"], "ok", name)
        for line in (self.leaf("trouble/nan") / "metrics.jsonl").read_text().splitlines():
            json.loads(line, parse_constant=self.fail)

    def test_deleted_leaf(self):
        # Its files are gone, its verdict is written after that.
        self.host("trouble", "deletes-its-leaf")
        self.assertEqual(self.verdict("trouble/deletes-its-leaf")["status"], "ok")

    def test_huge_message(self):
        verdict, text = self.fails("huge-message")
        self.assertGreater(len(verdict["message"]), 1000)

    def test_one_failure_stops_no_other(self):
        done = self.host("trouble", "segfault", "prints", "throws", "sleeps", code=100)
        self.assertIn("2 ok", done.stdout)
        self.assertIn("2 failed", done.stdout)

    def test_log_lines_are_repeated_at_the_end(self):
        done = self.host("trouble", "logs", "throws", code=100)
        summary = done.stdout.rpartition("[2/2]")[2]
        self.assertIn("throws", summary)
        self.assertNotIn("failed: logs", summary)


class Copies(eh.Case):
    def test_a_forked_copy_writes_no_verdict(self):
        self.host("work", "forks", code=100)
        self.assertEqual(self.verdict("work/forks")["status"], "crashed")
        self.host("work", "forks", code=100)

    def test_a_hidden_daemon_ends_with_the_run(self):
        self.host("work", "hides", "count")
        pid = self.lines("hidden.txt")[0]
        self.assertFalse(eh.alive(pid))


class FullDisk(eh.Case):
    plugin = eh.TROUBLE

    def setUp(self):
        super().setUp()
        self.disk = self.small_disk("1m")

    def fill(self):
        size = shutil.disk_usage(self.disk).free
        (self.disk / "filler").write_bytes(b"x" * size)

    def test_no_false_verdict(self):
        self.host("trouble", "prints")
        self.fill()
        done = self.host("trouble", "sleeps", "logs", code=110)
        self.assertIn("No space left", done.all)
        for name in ("sleeps", "logs"):
            self.assertFalse(self.has_verdict(f"trouble/{name}"))
        (self.disk / "filler").unlink()
        self.host("trouble", "sleeps", "logs")

    def test_disk_fills_while_running(self):
        self.host("trouble", "prints")
        done = self.host("trouble", "fills-disk", code=None)
        self.assertFalse(self.has_verdict("trouble/fills-disk")
                         and self.verdict("trouble/fills-disk")["status"] == "ok")

    def host(self, *words, code=0, **more):
        if code is not None:
            return super().host(*words, code=code, **more)
        try:
            return super().host(*words, code=110, **more)
        except AssertionError:
            return super().host(*words, code=100, **more)


class ReadOnly(eh.Case):
    def test_output_cannot_be_made(self):
        (self.dir / "results").write_text("in the way")
        done = self.host("main", "day1", code=110)
        self.assertIn("results", done.stderr)


if __name__ == "__main__":
    unittest.main()
