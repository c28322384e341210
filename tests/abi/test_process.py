"""The process of an experiment: what it sees, how it ends, what it costs."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import unittest

from abi import CHILD, PATIENCE, PLUGINS, SANITIZED, Case, alive, wait_for


class Surroundings(Case):
    def test_what_an_experiment_sees(self):
        self.assertEqual(self.run_one("surroundings"), 0)
        lines = self.text("output.txt").splitlines()
        self.assertIn("EH_EXPERIMENT=surroundings", lines)
        self.assertFalse([n for n in lines if "VERDICT" in n or "s3cret" in n])
        self.assertIn("comm eh:surroundings", lines)
        descriptors = dict(
            line.split()[1:] for line in lines if line.startswith("fd ")
        )
        output = f"{self.leaf}/output.txt"
        self.assertEqual(
            descriptors,
            {"0": "/dev/null", "1": output, "2": output, "3": str(self.leaf)},
        )

    def test_secret_is_wiped(self):
        process = self.start("wait-for-ever")
        wait_for((self.leaf / "waiting").exists, "it runs")
        environment = pathlib.Path(f"/proc/{process.pid}/environ").read_bytes()
        self.assertNotIn(b"s3cret", environment)
        self.assertIn(b"\0EH_RUN_ID=", environment)

    def test_usage(self):
        for arguments in [[], ["run"], ["describe"], ["fly", "x"]]:
            result = subprocess.run([CHILD, *arguments], capture_output=True)
            self.assertEqual(result.returncode, 2)
            self.assertIn(b"eh-host --help", result.stderr)


class Stopping(Case):
    def test_one_that_asks(self):
        process = self.start("wait-for-stop")
        wait_for((self.leaf / "waiting").exists, "it asks")
        process.terminate()
        self.assertEqual(process.wait(PATIENCE), 1)
        self.assertEqual(self.verdict()["status"], "stopped")

    def test_one_that_does_not(self):
        process = self.start("wait-for-ever")
        wait_for((self.leaf / "waiting").exists, "it runs")
        process.terminate()
        self.assertEqual(process.wait(PATIENCE), -signal.SIGTERM)
        self.assertNotIn("eh.json", self.files())

    def test_ends_with_the_host(self):
        start = 'set -- "$1" run "$2" 0 0 $$ main wait-for-ever'
        host = subprocess.Popen(
            ["sh", "-c", start + '; "$@" & echo $! > child; wait', "sh"]
            + [CHILD, str(PLUGINS / "behaviour.so")],
            cwd=self.leaf,
        )
        self.addCleanup(host.kill)
        wait_for((self.leaf / "waiting").exists, "it runs")
        file = self.leaf / "child"
        wait_for(lambda: file.exists() and file.read_text().endswith("\n"), "its number")
        child = int(file.read_text())
        self.assertTrue(alive(child))
        host.kill()
        host.wait()
        wait_for(lambda: not alive(child), "it ended with its host")

    def test_host_is_gone_already(self):
        self.assertNotEqual(self.run_one("trivial", host_pid=1), 0)
        self.assertEqual(self.files(), ["output.txt"])


@unittest.skipIf(SANITIZED, "a sanitizer reports crashes itself")
class Crash(Case):
    def crash(self, name, number):
        """Returns the cause, the address, the stack and the mappings."""
        self.assertEqual(self.run_one(f"crash/{name}"), -number)
        self.assertNotIn("eh.json", self.files())
        lines = self.text(".eh-crash").split("\n")
        cause = lines.pop(0) if lines[0].startswith("terminate ") else None
        told, address, peak = lines.pop(0).split(" ")
        self.assertEqual(int(told), number)
        self.assertGreater(int(peak), 500)
        end = lines.index("")
        stack = [int(line, 16) for line in lines[:end]]
        maps = "\n".join(lines[end + 1 :])
        self.assertIn("/eh-child\n", maps)
        return cause, int(address, 16), stack, maps

    def in_plugin(self, pc, maps):
        for line in maps.splitlines():
            begin, end = (int(x, 16) for x in line.split()[0].split("-"))
            if begin <= pc < end:
                return line.endswith("behaviour.so")
        return False

    def test_null(self):
        cause, address, stack, maps = self.crash("null", signal.SIGSEGV)
        self.assertEqual((cause, address), (None, 0))
        self.assertTrue(self.in_plugin(stack[0], maps))
        self.assertGreater(len(stack), 4)

    def test_stack_overflow(self):
        _, _, stack, maps = self.crash("stack", signal.SIGSEGV)
        self.assertTrue(self.in_plugin(stack[0], maps))
        self.assertTrue(self.in_plugin(stack[50], maps))
        self.assertLessEqual(len(stack), 101)

    def test_wild_call(self):
        _, _, stack, maps = self.crash("wild", signal.SIGSEGV)
        self.assertEqual(stack[0], 0)
        self.assertTrue(self.in_plugin(stack[1], maps))

    def test_lost_stack(self):
        # The unwinder itself has nothing to stand on.
        _, _, stack, maps = self.crash("lost-stack", signal.SIGSEGV)
        self.assertTrue(self.in_plugin(stack[0], maps))

    def test_divide(self):
        _, _, stack, maps = self.crash("divide", signal.SIGFPE)
        self.assertTrue(self.in_plugin(stack[0], maps))

    def test_abort(self):
        cause, _, stack, maps = self.crash("abort", signal.SIGABRT)
        self.assertIsNone(cause)
        self.assertTrue(any(self.in_plugin(pc, maps) for pc in stack[1:6]))

    def test_terminate(self):
        cause, _, _, _ = self.crash("terminate", signal.SIGABRT)
        self.assertEqual(cause, "terminate std::out_of_range: beyond the end")
        self.assertIn("std::out_of_range", self.text("output.txt"))

    def test_thread(self):
        _, _, stack, maps = self.crash("thread", signal.SIGSEGV)
        self.assertTrue(self.in_plugin(stack[0], maps))

    def test_many_threads(self):
        self.crash("threads", signal.SIGSEGV)

    def test_forked_child_is_its_own_affair(self):
        self.assertEqual(self.run_one("crash/child"), 0)
        self.assertEqual(self.files(), ["eh.json"])

    def test_own_handler_of_the_experiment(self):
        self.assertEqual(self.run_one("crash/handled"), 7)
        self.assertNotIn(".eh-crash", self.files())

    def test_metrics_are_kept(self):
        self.assertEqual(self.run_one("metrics-crash"), -signal.SIGSEGV)
        self.assertEqual(self.text("metrics.jsonl").count("\n"), 5)

    def test_full_disk(self):
        (self.leaf / ".eh-crash").symlink_to("/dev/full")
        self.assertEqual(self.run_one("crash/null"), -signal.SIGSEGV)


class Guard(Case):
    def guard(self, owner):
        process = subprocess.Popen(
            [CHILD, "guard", owner],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_kills_what_is_left(self):
        owner = self.owner
        guard = self.guard(owner)
        self.assertEqual(self.run_one("leave-behind"), 0)
        left = int(self.text("left_behind"))
        self.addCleanup(lambda: alive(left) and os.kill(left, signal.SIGKILL))
        other = subprocess.Popen(
            ["sleep", "600"],
            env={"EH_OWNER": owner + "0", "PATH": os.environ["PATH"]},
        )
        self.addCleanup(other.wait)
        self.addCleanup(other.kill)
        self.assertTrue(alive(left))
        guard.stdin.close()
        self.assertEqual(guard.wait(PATIENCE), 0)
        self.assertFalse(alive(left))
        self.assertTrue(alive(other.pid))

    def test_does_not_listen_to_signals(self):
        guard = self.guard("none")
        process = pathlib.Path(f"/proc/{guard.pid}")
        wait_for(lambda: os.readlink(process / "cwd") == "/", "it is detached")
        self.assertEqual(os.getsid(guard.pid), guard.pid)
        self.assertEqual(os.listdir(process / "fd"), ["0"])
        status = (process / "status").read_text()
        ignored = int(re.search(r"SigIgn:\s*(\w+)", status)[1], 16)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.assertTrue(ignored >> (number - 1) & 1)
        guard.stdin.close()
        self.assertEqual(guard.wait(PATIENCE), 0)


class TakenOver(Case):
    """Another host took the leaf, since the experiment's own seemed dead."""

    def refused(self):
        self.assertEqual(self.run_one("trivial"), 110)
        self.assertIn("another host took this over", self.text("output.txt"))
        self.assertFalse((self.leaf / "eh.json").exists())

    def test_by_a_host_that_has_it(self):
        self.lease("another-run.2")
        self.refused()

    def test_by_a_host_that_is_done(self):
        (self.leaf / ".eh/attempts/2").mkdir(parents=True)
        self.refused()

    def test_not_without_a_lease(self):
        (self.leaf / ".eh/attempts/1").mkdir(parents=True)
        self.assertEqual(self.run_one("trivial"), 0)
        self.assertTrue((self.leaf / "eh.json").exists())


@unittest.skipIf(SANITIZED, "sanitizers cost what they cost")
class Weight(Case):
    """Each experiment pays for what its process does: keep it light."""

    @unittest.skipUnless(shutil.which("valgrind"), "needs valgrind")
    def test_instructions(self):
        tool = ["valgrind", "--tool=callgrind"]
        tool.append("--callgrind-out-file=/dev/null")
        self.assertEqual(self.run_one("trivial", prefix=tool), 0)
        count = re.search(r"I\s+refs:\s+([\d,]+)", self.text("output.txt"))[1]
        self.assertLess(int(count.replace(",", "")), 2_600_000)

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_system_calls(self):
        self.lease(self.owner)
        trace = self.scratch / "trace"
        command = ["strace", "-f", "-o", str(trace)]
        code = self.run_one("trivial", prefix=command)
        if not trace.exists() or trace.stat().st_size == 0:
            self.skipTest("tracing is not permitted here")
        self.assertEqual(code, 0)
        calls = [c for c in trace.read_text().splitlines() if "+++" not in c]
        self.assertLessEqual(len(calls), 100, "\n".join(calls))


if __name__ == "__main__":
    unittest.main()
