"""Running: leaves, verdicts, skipping, forcing, continuing, options."""

import json
import os
import re
import signal
import subprocess
import unittest

import eh
from eh import wait_for


class Results(eh.Case):
    def test_leaf(self):
        self.host("main", "heavy", "-w", "3", "-j", "2")
        leaf = self.leaf("main/heavy")
        self.assertEqual(
            sorted(path.name for path in leaf.iterdir()),
            ["eh.json", "log.txt", "result.txt"],
        )
        verdict = self.verdict("main/heavy")
        self.assertEqual(verdict["status"], "ok")
        for key in ("start", "end"):
            self.assertRegex(verdict[key], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertGreaterEqual(verdict["seconds"], 0)
        self.assertEqual(verdict["group"], "main")
        self.assertEqual(verdict["experiment"], "heavy")
        self.assertEqual(verdict["attempt"], 1)
        self.assertEqual(verdict["parameters"]["text"], "a b/c")
        self.assertEqual(verdict["parameters"]["load"], 0.95)
        self.assertEqual(verdict["workers"], 3)
        self.assertEqual(verdict["plugin"]["path"], os.path.realpath(eh.BASIC))
        sha1 = subprocess.run(["sha1sum", eh.BASIC], capture_output=True, text=True)
        self.assertEqual(verdict["plugin"]["sha1"], sha1.stdout.split()[0])
        self.assertRegex(verdict["plugin"]["build_id"], "^[0-9a-f]{40}$")
        self.assertLess(verdict["peak_memory_bytes"], 2**31)
        self.assertGreaterEqual(verdict["cpu_seconds"], 0)
        self.assertIn("load 0.95 on 1 servers", (leaf / "log.txt").read_text())
        self.assertIn("main heavy", verdict["command"])

    def test_tree_and_summary(self):
        done = self.host("main", "sweep")
        self.assertIn("27 ok", done.stdout)
        text = (self.leaf("main/sweep/c=4/load=0.9/3") / "result.txt").read_text()
        self.assertEqual(text, "0.9 4 3\n")
        runs = self.dir / "results/.eh/runs"
        self.assertTrue((runs / "latest/events.jsonl").exists())
        self.assertTrue((runs / "latest/run.json").exists())

    def test_skips_what_is_done(self):
        self.host("work", "count")
        self.assertEqual(len(self.lines("started.txt")), 60)
        done = self.host("work", "count")
        self.assertIn("60 done before", done.stdout)
        self.assertEqual(len(self.lines("started.txt")), 60)

    def test_unreadable_verdicts_are_not_done(self):
        self.host("work", "count")
        for i, text in enumerate(["", "{", '{"status":"ok"', "null", '{"a":1}']):
            (self.leaf(f"work/count/{i + 1}") / "eh.json").write_text(text)
        (self.leaf("work/count/10") / "eh.json").unlink()
        self.assertIn("6 ok, 54 done before", self.host("work", "count").stdout)

    def test_metadata_of_the_original_counts(self):
        leaf = self.leaf("work/count/1")
        leaf.mkdir(parents=True)
        (leaf / "experiment_helpers_metadata.json").write_text(
            '{"start":"2022-01-31T10:00:00Z","end":"2022-01-31T10:00:01Z","seconds":1.0}'
        )
        self.assertIn("1 done before", self.host("work", "count/1").stdout)

    def test_force(self):
        self.host("work", "count/1", "count/2")
        mine = self.leaf("work/count/1") / "notes.txt"
        other = self.leaf("work/count/2") / "notes.txt"
        mine.write_text("x")
        other.write_text("x")
        self.host("work", "count/1", "--force")
        self.assertFalse(mine.exists())
        self.assertFalse((self.leaf("work/count/1") / ".eh").exists())
        self.assertTrue(other.exists())
        self.assertEqual(self.verdict("work/count/1")["attempt"], 2)
        self.assertEqual(len(self.lines("started.txt")), 3)

    def test_output_option(self):
        self.host("main", "day1", "--output", "elsewhere/deep")
        self.assertTrue((self.dir / "elsewhere/deep/main/day1/eh.json").exists())

    def test_nothing_left_behind_is_removed(self):
        (self.dir / "results").mkdir()
        (self.dir / "results/work").write_text("a file in the way")
        self.host("work", "count/1", code=110)
        self.assertEqual((self.dir / "results/work").read_text(), "a file in the way")


class Surroundings(eh.Case):
    def seen(self, *words, env=None):
        self.host("work", "surroundings", *words, env=env)
        text = (self.leaf("work/surroundings") / "seen.txt").read_text()
        fields = {}
        for line in text.splitlines():
            key, _, value = line.partition(" ")
            fields.setdefault(key, []).append(value)
        fields["env"] = dict(entry.partition("=")[::2] for entry in fields["env"])
        return fields

    def test_environment(self):
        seen = self.seen("-w", "2", env={"MINE": "kept"})
        env = seen["env"]
        leaf = str(self.leaf("work/surroundings"))
        self.assertEqual(env["EH_GROUP"], "work")
        self.assertEqual(env["EH_EXPERIMENT"], "surroundings")
        self.assertEqual(env["EH_LEAF_DIR"], leaf)
        self.assertEqual(env["EH_ATTEMPT"], "1")
        self.assertEqual(env["EH_WORKERS"], "2")
        self.assertEqual(env["EH_SLOT"], "0")
        self.assertEqual(env["EH_SEED"], seen["seed"][0])
        self.assertEqual(env["OMP_NUM_THREADS"], "2")
        self.assertEqual(env["MINE"], "kept")
        self.assertIn("EH_RUN_ID", env)
        self.assertNotIn("EH_VERDICT_MEMBERS", env)
        self.assertEqual(seen["cwd"], [leaf])
        self.assertEqual(seen["leaf"], [leaf])
        self.assertEqual(seen["input"], [str(self.dir / "x")])

    def test_omp_is_kept(self):
        self.assertEqual(self.seen(env={"OMP_NUM_THREADS": "7"})["env"]["OMP_NUM_THREADS"], "7")

    def test_descriptors(self):
        read, write = os.pipe()
        os.set_inheritable(write, True)
        try:
            done = subprocess.run(
                self.arguments(["work", "surroundings"], None),
                cwd=self.dir, env=self.environment(), pass_fds=[write],
                capture_output=True, text=True,
            )
        finally:
            os.close(read)
            os.close(write)
        self.assertEqual(done.returncode, 0, done.stderr)
        leaf = self.leaf("work/surroundings")
        for line in (leaf / "seen.txt").read_text().splitlines():
            if not line.startswith("fd "):
                continue
            _, number, target = line.split(" ", 2)
            # 0, 1, 2; what the child itself has open lies in its leaf or /proc.
            if int(number) > 2:
                self.assertTrue(target.startswith((str(leaf), "/proc")), line)
            elif number == "0":
                self.assertEqual(target, "/dev/null")

    def test_seed_is_the_experiments_own(self):
        first = self.seen()
        again = self.seen("-f", "-j", "4")
        self.assertEqual(first["seed"], again["seed"])
        self.assertEqual(first["random"], again["random"])
        salted = self.seen("-f", "--salt", "other")
        self.assertNotEqual(first["seed"], salted["seed"])
        self.assertEqual(self.verdict("work/surroundings")["seed"], int(salted["seed"][0]))


class Parameters(eh.Case):
    def test_numbers_to_the_last_digit(self):
        self.host("work", "exact")
        leaves = list((self.dir / "results/work/exact").iterdir())
        self.assertEqual(len(leaves), 3)
        for leaf in leaves:
            verdict = json.loads((leaf / "eh.json").read_text())
            ran = float((leaf / "x.txt").read_text())
            self.assertEqual(verdict["parameters"]["x"], ran)
            self.assertEqual(verdict["parameters"]["many"][0], 0.1 + 0.2)
            # More than the kernel passes in one variable.
            self.assertEqual(len(verdict["parameters"]["long_list"]), 60_000)

    def test_a_command_line_of_thousands(self):
        patterns = [f"count/{i}" for i in range(1, 61)] * 300
        self.assertIn("60 ok", self.host("work", *patterns).stdout)


class Slots(eh.Case):
    def test_jobs(self):
        process = self.start("work", "gate", "-j", "3")
        wait_for(lambda: len(self.lines("started.txt")) == 3)
        self.open("open-1")
        wait_for(lambda: len(self.lines("started.txt")) == 4)
        self.assertEqual(self.lines("ended.txt"), ["gate/1"])
        self.open()
        self.finish(process)
        slots = {self.verdict(f"work/gate/{i}")["slot"] for i in range(1, 9)}
        self.assertEqual(slots, {0, 1, 2})

    def test_more_jobs_than_descriptors(self):
        self.open()
        import resource

        process = subprocess.run(
            self.arguments(["work", "gate", "count", "-j", "60"], None),
            cwd=self.dir, env=self.environment(), capture_output=True, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 400)),
        )
        self.assertEqual(process.returncode, 0, process.stdout + process.stderr)

    def test_json_events(self):
        done = self.host("work", "count/1", "count/2", "--json", "-j", "1")
        events = self.events(done.stdout)
        self.assertEqual(
            [event["event"] for event in events],
            ["run_started", "started", "ended", "started", "ended", "run_ended"],
        )
        self.assertEqual(events[-1]["ok"], 2)
        self.assertEqual(events[-1]["exit_code"], 0)
        kept = self.dir / "results/.eh/runs/latest/events.jsonl"
        self.assertEqual(
            [json.loads(line)["event"] for line in kept.read_text().splitlines()],
            [event["event"] for event in events],
        )


class Interactive(eh.Case):
    plugin = eh.TROUBLE

    def test_terminal_is_attached(self):
        shown, code = self.on_terminal("trouble", "--interactive", "prints")
        self.assertEqual(code, 0, shown)
        self.assertIn("stdout", shown)
        self.assertFalse((self.leaf("trouble/prints") / "output.txt").exists())
        self.assertEqual(self.verdict("trouble/prints")["status"], "ok")

    def test_one_only(self):
        self.host("trouble", "--interactive", "*", code=2)

    def test_debugger(self):
        script = self.dir / "debug.sh"
        script.write_text('#!/bin/sh\necho "debugging $2"\nshift\nexec "$@"\n')
        script.chmod(0o755)
        done = self.host("trouble", "prints", "--debugger", f"'{script}' --args")
        self.assertIn("debugging", done.stdout)
        self.assertEqual(self.verdict("trouble/prints")["status"], "ok")
        self.host("trouble", "--debugger", "gdb --args", code=2)


class Terminal(eh.Case):
    plugin = eh.TROUBLE

    def test_status_line(self):
        shown, code = self.on_terminal("trouble", "sleeps", "prints", "-j", "2")
        self.assertEqual(code, 0, shown)
        self.assertRegex(shown, r"\d/2 done, \d running, \d left")
        self.assertIn("\x1b[32mok\x1b[0m", shown)
        self.assertIn("2 experiments:", shown)

    def test_no_color_and_lines(self):
        os.environ["NO_COLOR"] = "1"
        self.addCleanup(os.environ.pop, "NO_COLOR")
        shown, code = self.on_terminal("trouble", "prints", "--progress", "lines")
        self.assertEqual(code, 0, shown)
        self.assertNotIn("\x1b[3", shown)
        self.assertNotIn("running", shown)

    def test_pipe_has_plain_lines(self):
        done = self.host("trouble", "prints", "throws", code=100)
        self.assertNotIn("\x1b", done.all)
        self.assertRegex(done.stdout, r"\[\d/2\] ok +prints")
        self.assertRegex(done.stdout, r"\[\d/2\] failed +throws .*std::runtime_error")

    def test_progress_none(self):
        self.assertEqual(self.host("trouble", "prints", "--progress=none").all, "")

    def test_log_levels(self):
        def shown(*words):
            return self.host("trouble", "logs", "-f", *words).stdout

        self.assertIn("logs warning:", shown())
        self.assertNotIn("logs info:", shown())
        self.assertIn("logs info:", shown("-v"))
        self.assertNotIn("logs debug:", shown("-v"))
        self.assertIn("logs debug:", shown("-vv"))
        self.assertIn("logs debug:", shown("-v", "--verbose"))
        log = (self.leaf("trouble/logs") / "log.txt").read_text()
        for level in ("debug", "info", "warning", "error", "critical"):
            self.assertRegex(log, rf"(?m)^\S{{24}} {level} +\S")


if __name__ == "__main__":
    unittest.main()
