"""Interruption, killed hosts, two hosts at once: nothing lost or run twice."""

import collections
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

import eh
from eh import wait_for


class CtrlC(eh.Case):
    def wait_started(self, count):
        wait_for(
            lambda: len(self.lines("started.txt")) >= count, f"{count} started"
        )

    def test_once(self):
        process = self.start("work", "polite", "gate", "-j", "2", "--grace-period", "60")
        self.wait_started(2)
        process.send_signal(signal.SIGINT)
        text = self.finish(process, 130)
        # The one that polls returned; the other died of SIGTERM at once.
        self.assertEqual(self.verdict("work/polite")["status"], "stopped")
        self.assertEqual(self.verdict("work/gate/1")["status"], "cancelled")
        self.assertEqual(self.verdict("work/gate/1")["signal"], "SIGTERM")
        self.assertFalse(self.leaf("work/gate/2").exists())
        self.assertIn("7 not started", text)
        self.assertIn("2 cancelled", text)

    def test_goes_on_from_checkpoint(self):
        process = self.start("work", "polite")
        self.wait_started(1)
        process.send_signal(signal.SIGTERM)
        self.finish(process, 143)
        self.open()
        text = self.host("work", "polite").stdout
        self.assertIn("goes on from its checkpoint", text)
        verdict = self.verdict("work/polite")
        self.assertEqual((verdict["status"], verdict["attempt"]), ("ok", 2))
        self.assertTrue(verdict["resumed"])
        self.assertTrue((self.leaf("work/polite") / ".eh/attempts/1/eh.json").exists())

    def test_twice_kills_at_once(self):
        process = self.start(
            "trouble", "ignores-sigterm", "-j", "1", "--grace-period", "1h",
            plugin=eh.TROUBLE,
        )
        wait_for(lambda: (self.leaf("trouble/ignores-sigterm") / "log.txt").exists())
        process.send_signal(signal.SIGINT)
        wait_for(lambda: "stopping" in (
            self.dir / "results/.eh/runs/latest/events.jsonl").read_text())
        process.send_signal(signal.SIGINT)
        self.finish(process, 130)
        verdict = self.verdict("trouble/ignores-sigterm")
        self.assertEqual(verdict["status"], "cancelled")
        self.assertEqual(verdict["signal"], "SIGKILL")

    def test_grace_period_ends(self):
        process = self.start(
            "trouble", "ignores-sigterm", "--grace-period", "50ms", plugin=eh.TROUBLE
        )
        wait_for(lambda: (self.leaf("trouble/ignores-sigterm") / "log.txt").exists())
        process.send_signal(signal.SIGINT)
        self.finish(process, 130)
        self.assertEqual(self.verdict("trouble/ignores-sigterm")["signal"], "SIGKILL")

    def test_nohup_is_respected(self):
        process = subprocess.Popen(
            self.arguments(["work", "gate/1"], None), cwd=self.dir,
            env=self.environment(), stdout=subprocess.PIPE, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
        )
        self.addCleanup(process.kill)
        self.wait_started(1)
        process.send_signal(signal.SIGHUP)
        self.open()
        process.communicate(timeout=eh.PATIENCE)
        self.assertEqual(process.returncode, 0)


class KilledHost(eh.Case):
    def run_id(self):
        return os.readlink(self.dir / "results/.eh/runs/latest")

    def test_rerun_completes_the_rest(self):
        self.host("work", "count/1?")
        process = self.start("work", "count", "gate", "-j", "4")
        wait_for(lambda: len(self.lines("started.txt")) >= 30)
        run = self.run_id()
        process.kill()
        process.wait()
        wait_for(lambda: not eh.processes_with(f"EH_RUN_ID={run}"), "no child left")
        done = {
            str(path.parent.relative_to(self.dir / "results/work"))
            for path in (self.dir / "results/work").rglob("eh.json")
            if '"status":"ok"' in path.read_text()
        }
        before = collections.Counter(self.lines("started.txt"))
        self.open()
        text = self.host("work", "-j", "4", "count", "gate").stdout
        self.assertIn(f"{len(done)} done before", text)
        after = collections.Counter(self.lines("started.txt"))
        for name in (after - before):
            self.assertNotIn(name, done, "a finished one ran again")
        self.assertEqual(len(after), 68)
        for i in range(1, 61):
            self.assertEqual(self.verdict(f"work/count/{i}")["status"], "ok")
        self.assertEqual(sum(after[f"count/{i}"] for i in range(1, 61)) - 60,
                         len([n for n in before if n.startswith("count") and n not in done]))

    def test_no_grandchild_survives(self):
        process = self.start("trouble", "leaks-*", "hangs", "-j", "3", plugin=eh.TROUBLE)
        wait_for(lambda: (self.leaf("trouble/hangs") / "log.txt").exists())
        run = self.run_id()
        self.assertTrue(eh.processes_with(f"EH_RUN_ID={run}"))
        process.kill()
        process.wait()
        wait_for(lambda: not eh.processes_with(f"EH_RUN_ID={run}"), "no process left")
        wait_for(lambda: not guards(run), "no guard left")

    def test_the_leaf_is_free_again(self):
        process = self.start("work", "gate/1")
        wait_for(lambda: self.lines("started.txt"))
        self.assertTrue((self.leaf("work/gate/1") / ".eh-lease").is_symlink())
        process.kill()
        process.wait()
        self.open()
        self.host("work", "gate/1")
        self.assertEqual(self.verdict("work/gate/1")["attempt"], 2)
        self.assertFalse((self.leaf("work/gate/1") / ".eh-lease").is_symlink())


def guards(run):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if f"guard\0{run}".encode() in (entry / "cmdline").read_bytes():
                    found.append(entry.name)
    return found


class TwoHosts(eh.Case):
    def test_share_the_work(self):
        hosts = [self.start("work", "count", "gate", "-j", "2") for _ in range(3)]
        wait_for(lambda: len(self.lines("started.txt")) >= 62)
        self.open()
        for process in hosts:
            text = self.finish(process)
            self.assertIn("68 experiments:", text)
            self.assertNotIn("failed", text)
        self.assertEqual(
            collections.Counter(self.lines("started.txt")),
            collections.Counter(
                [f"count/{i}" for i in range(1, 61)] + [f"gate/{i}" for i in range(1, 9)]
            ),
        )

    def test_failure_is_seen_by_both_and_run_once(self):
        first = self.start("work", "gate/1", "fails")
        wait_for(lambda: "gate/1" in self.lines("started.txt"))
        wait_for(lambda: "fails" in self.lines("started.txt"))
        second = self.start("work", "fails", "gate/1")
        while "another host" not in second.stdout.readline():
            self.assertIsNone(second.poll())
        self.open()
        self.finish(first, 100)
        text = self.finish(second, 100)
        self.assertIn("by another host", text)
        self.assertEqual(self.lines("started.txt").count("fails"), 1)

    def test_takes_over_from_a_dead_one(self):
        first = self.start("work", "gate/1")
        wait_for(lambda: self.lines("started.txt"))
        second = self.start("work", "gate/1")
        line = ""
        while "another host" not in line:
            line = second.stdout.readline()
            self.assertTrue(line)
        first.kill()
        first.wait()
        self.open()
        self.finish(second)
        self.assertEqual(self.verdict("work/gate/1")["status"], "ok")

    def test_leaves_it_to_one_whose_main_thread_alone_is_dead(self):
        """While others of its threads live, so may its experiments."""
        code = ("import ctypes, sys, threading; threading.Thread(target=sys.stdin.read).start();"
                " ctypes.CDLL(None).pthread_exit(None)")
        holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
        self.started.append(holder)
        stat = pathlib.Path(f"/proc/{holder.pid}/stat")

        def fields():
            return stat.read_text().rpartition(")")[2].split()

        wait_for(lambda: fields()[0] == "Z" and fields()[17] == "2", "its main thread's end")
        self.open()
        self.host("work", "gate/1")
        run = next(p for p in (self.dir / "results/.eh/runs").iterdir() if not p.is_symlink())
        owner = (run / "alive").read_text().split("|")
        owner[4:] = [str(holder.pid), fields()[19], "another"]
        (run.parent / "another").mkdir()
        (run.parent / "another/alive").write_text("|".join(owner))
        leaf = self.leaf("work/gate/2")
        leaf.mkdir()
        (leaf / ".eh-lease").symlink_to("another")
        second = self.start("work", "gate/2")
        line = ""
        while "another host" not in line:
            line = second.stdout.readline()
            self.assertTrue(line)
        self.assertFalse(self.has_verdict("work/gate/2"))
        holder.communicate()
        self.finish(second)
        self.assertEqual(self.verdict("work/gate/2")["status"], "ok")


class Limits(eh.Case):
    plugin = eh.TROUBLE

    def test_timeout(self):
        self.host("trouble", "hangs", "--timeout", "100ms", "--grace-period", "50ms", code=100)
        verdict = self.verdict("trouble/hangs")
        self.assertEqual(verdict["status"], "timeout")
        self.assertIn("0.10s", verdict["message"])

    def test_timeout_kills_what_ignores_it(self):
        self.time_out(
            "trouble", "ignores-sigterm", "--grace-period", "50ms",
            reached=lambda: (self.leaf("trouble/ignores-sigterm") / "log.txt").exists(),
        )
        self.assertEqual(self.verdict("trouble/ignores-sigterm")["signal"], "SIGKILL")

    def test_timeout_lets_a_polite_one_save(self):
        self.time_out(
            "trouble", "stops-politely",
            reached=(self.leaf("trouble/stops-politely") / "checkpoint").exists,
        )

    def test_retries(self):
        text = self.host("trouble", "flaky", "--retries", "2").stdout
        self.assertIn("retry", text)
        verdict = self.verdict("trouble/flaky")
        self.assertEqual((verdict["status"], verdict["attempt"]), ("ok", 2))
        kept = self.leaf("trouble/flaky") / ".eh/attempts/1/eh.json"
        self.assertIn('"failed"', kept.read_text())

    def test_retries_are_limited(self):
        self.host("trouble", "throws", "--retries", "2", code=100)
        self.assertEqual(self.verdict("trouble/throws")["attempt"], 3)

    def test_max_fail(self):
        text = self.host("trouble", "throws", "exit-3", "abort", "prints", "-j", "1",
                         "--max-fail", "2", code=101).stdout
        self.assertIn("2 failed", text)
        self.assertIn("2 not started", text)
        text = self.host("trouble", "abort", "prints", "-j1", "--fail-fast", code=101).stdout
        self.assertIn("1 not started", text)


if __name__ == "__main__":
    unittest.main()
