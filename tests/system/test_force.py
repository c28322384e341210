"""--force: nothing is lost before there is something new in its place."""

import collections
import json
import os
import signal
import subprocess
import unittest

import eh
from eh import wait_for


class Forced(eh.Case):
    def setUp(self):
        super().setUp()
        self.ran = collections.Counter()

    def run_gates(self, *words, count=8):
        """Runs all gates to their end; afterwards they are shut again."""
        self.open()
        text = self.host("work", "gate", *words).all
        (self.dir / "open").unlink()
        self.assertEqual(sum(self.new().values()), count)
        return text

    def new(self):
        """What has started since this was asked last."""
        now = collections.Counter(self.lines("started.txt"))
        new, self.ran = now - self.ran, now
        return new

    def verdicts(self):
        return {i: self.verdict(f"work/gate/{i}") if self.has_verdict(f"work/gate/{i}") else None
                for i in range(1, 9)}

    def attempts(self, name):
        """The statuses of what a leaf keeps, by number."""
        folder = self.leaf(name) / ".eh/attempts"
        if not folder.exists():
            return {}
        return {int(path.parent.name): json.loads(path.read_text())["status"]
                for path in folder.glob("*/eh.json")}

    def stop_at(self, name, *words, with_signal=signal.SIGINT):
        """Starts a run, and ends it when an experiment has begun."""
        before = len(self.lines("started.txt"))
        process = self.start("work", *words)
        wait_for(lambda: name in self.lines("started.txt")[before:], name)
        process.send_signal(with_signal)
        return self.finish(process, -9 if with_signal == signal.SIGKILL else 130)


class Force(Forced):
    def test_an_interrupted_one_goes_on(self):
        self.run_gates()
        first = self.verdicts()
        (self.leaf("work/gate/1") / "notes.txt").write_text("of before")
        text = self.stop_at("gate/1", "gate", "-f", "-j", "1")
        kept = self.leaf("work/gate/1") / ".eh/attempts/1"
        self.assertIn(f"its result of before is in {kept}", text)
        self.assertEqual(json.loads((kept / "eh.json").read_text()), first[1])
        self.assertEqual((kept / "notes.txt").read_text(), "of before")
        now = self.verdicts()
        self.assertEqual(now.pop(1)["status"], "cancelled")
        first.pop(1)
        self.assertEqual(now, first)
        self.new()
        for i in 1, 2:
            self.open(f"open-{i}")
        text = self.stop_at("gate/3", "gate", "-f", "-j", "1")
        self.assertEqual(self.new(), {f"gate/{i}": 1 for i in (1, 2, 3)})
        self.assertIn("8 of 8 experiments are left", text)
        self.assertEqual(self.attempts("work/gate/1"), {2: "cancelled"})
        self.assertFalse((self.leaf("work/gate/2") / ".eh").exists())
        shown = self.host("work", "gate", "-f", "-d").stdout
        self.assertIn("6 would run", shown)
        self.assertIn("6 of 8 experiments are left", shown)
        text = self.run_gates("-f", count=6)
        self.assertRegex(text, r"goes on with the --force of .* ago: 6 of 8 experiments are left")
        self.assertEqual({v["status"] for v in self.verdicts().values()}, {"ok"})
        self.assertEqual(self.attempts("work/gate/8"), {})
        # It is over: the next one is about all of them.
        self.assertNotIn("goes on", self.run_gates("-f"))

    def test_other_words_are_another_order(self):
        self.run_gates()
        self.stop_at("gate/1", "gate", "-f", "-j", "1")
        self.new()
        self.open()
        self.assertNotIn("goes on", self.host("work", "gate/?", "-f").all)
        self.assertEqual(sum(self.new().values()), 8)

    def test_another_plugin_begins_anew(self):
        self.run_gates()
        self.open("open-1")
        self.stop_at("gate/2", "gate", "-f", "-j", "1")
        self.new()
        path = self.leaf("work/gate/1") / "eh.json"
        path.write_text(path.read_text().replace('"build_id":"', '"build_id":"0'))
        self.run_gates("-f")

    def test_what_is_stale_goes_on_too(self):
        self.run_gates()
        for i in range(1, 9):
            path = self.leaf(f"work/gate/{i}") / "eh.json"
            path.write_text(path.read_text().replace('"build_id":"', '"build_id":"0'))
        self.open("open-1")
        self.stop_at("gate/2", "gate", "--stale", "-f", "-j", "1")
        self.new()
        self.open()
        self.host("work", "gate", "--stale", "-f")
        self.assertEqual(self.new(), {f"gate/{i}": 1 for i in range(2, 9)})
        self.host("work", "gate", "--stale", "-f", code=0)

    def test_what_fails_leaves_what_was(self):
        self.open()
        self.host("work", "gate/1")
        (self.dir / "open").unlink()
        process = self.start("work", "gate/1", "-f")
        wait_for(lambda: len(self.lines("started.txt")) == 2)
        leaf = self.leaf("work/gate/1")
        os.kill(eh.processes_with(f"EH_LEAF_DIR={leaf}")[0], signal.SIGKILL)
        self.assertIn(f"is in {leaf}/.eh/attempts/1", self.finish(process, 100))
        self.assertEqual(self.verdict("work/gate/1")["status"], "crashed")
        self.assertEqual(self.attempts("work/gate/1"), {1: "ok"})
        explained = self.host("explain", "work", "gate/1").stdout
        self.assertIn(f"before   {leaf}/.eh/attempts/1\n", explained)
        # Whoever brings it to an end: then only the failure is kept.
        self.open()
        self.host("work", "gate/1")
        self.assertEqual(self.verdict("work/gate/1")["attempt"], 3)
        self.assertEqual(self.attempts("work/gate/1"), {2: "crashed"})

    def test_killed_hosts(self):
        self.run_gates()
        for _ in range(2):
            self.stop_at("gate/1", "gate", "-f", "-j", "1", with_signal=signal.SIGKILL)
            self.assertEqual(self.attempts("work/gate/1"), {1: "ok"})
        self.new()
        self.assertIn("8 of 8", self.run_gates("-f"))
        self.assertEqual({v["status"] for v in self.verdicts().values()}, {"ok"})
        self.assertNotIn("ok", self.attempts("work/gate/1").values())

    def test_checkpoints_of_the_order_are_gone_on_with(self):
        self.open()
        self.host("work", "polite")
        (self.dir / "open").unlink()
        self.stop_at("polite", "polite", "-f")
        self.assertTrue((self.leaf("work/polite") / ".eh/attempts/1").exists())
        self.open()
        self.assertIn("goes on from its checkpoint", self.host("work", "polite", "-f").stdout)
        self.assertTrue(self.verdict("work/polite")["resumed"])
        # Those of others are not.
        (self.dir / "open").unlink()
        self.stop_at("polite", "polite", "-f")
        self.open()
        self.host("work", "polite", "-f", "--shard", "1/1")
        self.assertNotIn("resumed", self.verdict("work/polite"))

    def test_two_hosts_share_an_order(self):
        self.host("work", "count")
        self.run_gates(count=68)
        hosts = [self.start("work", "count", "gate", "-f", "-j", "2") for _ in range(3)]
        wait_for(lambda: len(self.lines("started.txt")) >= 68 + 62)
        self.open()
        for process in hosts:
            self.assertNotIn("failed", self.finish(process))
        self.assertEqual(set(self.new().values()), {1})
        self.assertEqual(len(self.ran), 68)

    def test_what_runs_elsewhere_is_waited_for(self):
        first = self.start("work", "gate/1")
        wait_for(lambda: self.lines("started.txt"))
        second = self.start("work", "gate/1", "-f")
        line = ""
        while "another host" not in line:
            line = second.stdout.readline()
            self.assertTrue(line)
        self.open()
        self.finish(first)
        self.finish(second)
        self.assertEqual(self.lines("started.txt"), ["gate/1"] * 2)
        self.assertEqual(self.verdict("work/gate/1")["attempt"], 2)

    def test_beside_clean_and_others(self):
        self.host("work", "count")
        with open(self.dir / "cleaned", "w") as cleaned:
            busy = [self.start("work", "count", "-f", "-j", "4"),
                    self.start("work", "count/*", "-f", "-j", "4")]
            while any(process.poll() is None for process in busy):
                subprocess.run(self.arguments(["clean", "work", "count", "--done"], None),
                               cwd=self.dir, env=self.environment(), stdin=subprocess.DEVNULL,
                               stdout=cleaned, stderr=cleaned, check=True)
        for process in busy:
            text = self.finish(process)
            self.assertNotIn("cannot", text)

    def test_results_of_the_original_are_kept_too(self):
        leaf = self.leaf("work/count/1")
        leaf.mkdir(parents=True)
        (leaf / "experiment_helpers_metadata.json").write_text(
            '{"start":"2022-01-31T10:00:00Z","end":"2022-01-31T10:00:01Z","seconds":1.0}'
        )
        self.host("work", "count/1", "-f")
        self.assertEqual(self.verdict("work/count/1")["status"], "ok")
        self.assertEqual(sorted(p.name for p in leaf.iterdir()), ["eh.json"])


class Asked(Forced):
    def asked(self, *words, answer):
        return self.on_terminal(*words, keys=answer, until=lambda shown: b"[y/N]" in shown)

    def test_before_many_are_run_again(self):
        self.host("work", "count")
        self.new()
        shown, code = self.asked("work", "count", "-f", answer=b"\n")
        self.assertEqual(code, 2)
        self.assertIn("--force will run 60 finished experiments again", shown)
        self.assertIn("nothing was done", shown)
        self.assertEqual(self.new(), {})
        shown, code = self.asked("work", "count", "-f", answer=b"y\n")
        self.assertEqual((code, sum(self.new().values())), (0, 60), shown)
        for words in (["work", "count", "-f", "--yes"], ["work", "count/?", "-f"]):
            shown, code = self.on_terminal(*words)
            self.assertEqual(code, 0)
            self.assertNotIn("[y/N]", shown)
        self.assertEqual(sum(self.new().values()), 69)

    def test_before_many_are_removed(self):
        self.host("work", "count")
        shown, code = self.asked("clean", "work", "count", "--done", answer=b"n\n")
        self.assertEqual(code, 2)
        self.assertIn("removes the results of 60 finished experiments for good", shown)
        self.assertTrue(self.has_verdict("work/count/1"))
        for words in (["count/?", "--done"], ["count", "--done", "--yes"]):
            shown, code = self.on_terminal("clean", "work", *words)
            self.assertEqual(code, 0)
            self.assertNotIn("[y/N]", shown)
        self.assertFalse(self.leaf("work/count").exists())


class LateCommand(Forced):
    def test_is_no_pattern(self):
        self.open()
        self.host("work", "gate/1")
        before = self.verdict("work/gate/1")
        for words in (["-f"], ["-f", "-d"], ["-l"], ["--json"]):
            refused = self.host("work", "logs", "gate/1", *words, code=2).stderr
            self.assertIn("'logs', which is a command: it comes first", refused)
            self.assertRegex(refused, r"\(write: \S*eh-host logs --plugin \S+ work gate/1")
        self.host("work", "gate/1", "status", code=2)
        self.assertEqual(self.verdict("work/gate/1"), before)

    def test_unless_it_is_a_name(self):
        source = self.dir / "named.cc"
        source.write_text('#include <eh/eh.hpp>\nEH_GROUP(g, "");\n'
                          'EH_EXPERIMENT(g, "logs", [] {});\n')
        library = self.dir / "libnamed.so"
        subprocess.run(
            ["g++", "-std=c++20", "-shared", "-fPIC", *os.environ["EH_INCLUDES"].split(":"),
             str(source), "-o", str(library)], check=True)
        self.assertIn("1 ok", self.host("g", "logs", plugin=str(library)).stdout)


if __name__ == "__main__":
    unittest.main()
