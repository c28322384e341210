"""Watching a run on a cluster: SLURM's commands and the tasks are pretended."""

import json
import os
import pathlib
import signal
import stat
import threading
import unittest

from eh import Case, wait_for

TIME = "2026-01-31T10:00:00.250Z"

# squeue prints the file `queue`, fails where there is a file `down`, and hangs
# where there is one `hung`.
COMMANDS = {
    "sbatch": 'echo 100; echo "$@" >>"$D/submitted"',
    "squeue": '[ ! -e "$D/hung" ] || sleep 1000; [ ! -e "$D/down" ] || '
    '{ echo "squeue: error: away" >&2; exit 1; }; echo >>"$D/asked"; cat "$D/queue"',
    "scancel": 'echo "$@" >>"$D/cancelled"; : >"$D/queue"',
    "scontrol": 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1',
}


class Watching(Case):
    def setUp(self):
        super().setUp()
        (self.dir / "queue").touch()
        for name, text in COMMANDS.items():
            file = self.dir / name
            file.write_text(f"#!/bin/sh\nD='{self.dir}'\n{text}\n")
            file.chmod(file.stat().st_mode | stat.S_IXUSR)
        config = {f"{name}_cmd": str(self.dir / name) for name in COMMANDS}
        (self.dir / "eh.config.json").write_text(json.dumps({"slurm": config}))

    @property
    def folder(self):
        return (self.dir / "results/.eh/runs/latest").resolve()

    def journal(self, task, *lines, restart=0):
        folder = self.folder / "tasks/0"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{task}.{101 + task}.{restart}.jsonl").open("a") as file:
            for line in lines:
                file.write(json.dumps({"time": TIME, **line}) + "\n")

    def queue(self, *states, reason="None"):
        lines = [
            f"{101 + i}@100@{i}@{state}@@N/A@1:00@eh-{self.folder.name}-0@{reason}"
            for i, state in enumerate(states)
        ]
        (self.dir / "queue").write_text("\n".join(lines) + "\n")

    def begin(self, task):
        """A task whose heart beats as long as this process lives."""
        boot = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        space = os.readlink("/proc/self/ns/pid")
        ticks = pathlib.Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]
        name = f"{task}.{101 + task}.0"
        owner = f"eh1|h|{boot}|{space}|{os.getpid()}|{ticks}|{self.folder.name}.{name}"
        folder = self.folder / "owners/0"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(owner)
        self.journal(
            task,
            {
                "event": "task_started",
                "task": task,
                "job": str(101 + task),
                "array_job": "100",
                "array_task": str(task),
                "node": f"n{task}",
            },
        )

    def start_one(self, task, name):
        leaf = str(self.leaf(f"main/{name}"))
        event = {"event": "started", "name": name, "leaf": leaf, "attempt": 1}
        self.journal(task, {**event, "node": f"n{task}", "gpus": "0,1"})

    def log(self, task, name, text):
        record = {"event": "log", "level": "warning", "group": "main"}
        self.journal(task, {**record, "experiment": name, "text": text})

    def end_one(self, task, name, status="ok"):
        leaf = self.leaf(f"main/{name}")
        leaf.mkdir(parents=True, exist_ok=True)
        verdict = {"format": 1, "status": status, "seconds": 1, "attempt": 1}
        (leaf / "eh.json").write_text(json.dumps({**verdict, "run": self.folder.name}))
        event = {"event": "ended", "name": name, "leaf": str(leaf), "attempt": 1}
        self.journal(task, {**event, "status": status, "seconds": 1})

    def end_task(self, task):
        self.journal(task, {"event": "task_ended", "why": "done", "exit_code": 0})

    def submit(self):
        """Two experiments, a and b, each in a task of its own."""
        done = self.host("main", "baseline", "heavy", "--slurm", "--detach", code=102)
        self.names = ["baseline", "heavy"]
        self.queue("PENDING", "PENDING", reason="Resources")
        return done

    def work(self):
        self.queue("RUNNING", "RUNNING")
        for task, name in enumerate(self.names):
            self.begin(task)
            self.start_one(task, name)
            self.log(task, name, f"hello of {name}")
            self.end_one(task, name)
            self.end_task(task)

    def test_detached_and_attached(self):
        self.submit()
        shown = self.host("status", plugin="").stdout
        self.assertIn(f"run {self.folder.name} of 'main' on SLURM", shown)
        self.assertIn("tasks: 2 pending (Resources)", shown)
        self.begin(0)
        self.start_one(0, "baseline")
        self.queue("RUNNING", "PENDING")
        self.assertIn("baseline on n0, GPU 0,1, for", self.host("status").stdout)
        groups = json.loads(self.host("status", "main", "--json").stdout)
        self.assertEqual(groups[0]["runs"][0]["tasks"]["running"], 1)
        running = groups[0]["runs"][0]["experiments"]
        self.assertEqual([one["gpus"] for one in running], ["0,1"])
        self.work()
        shown = self.host("attach", plugin="").stdout
        self.assertIn("2 experiments: 2 ok", shown)
        self.assertIn("hello of heavy", shown)
        # Once more: how it ended, and what was told is not told again.
        shown = self.host("attach", self.folder.name[-6:], plugin="").stdout
        self.assertIn("2 experiments: 2 ok", shown)
        self.assertNotIn("hello", shown)
        self.assertNotIn("on SLURM", self.host("status").stdout)

    def test_it_is_watched_where_it_was_submitted(self):
        words = ("main", "baseline", "heavy", "--slurm", "--json")
        process = self.start(*words, stderr=self.dir / "errors")
        wait_for((self.dir / "asked").exists, "squeue")
        self.names = ["baseline", "heavy"]
        self.work()
        events = self.events(self.finish(process))
        kinds = [event["event"] for event in events]
        self.assertEqual(kinds.count("ended"), 2)
        self.assertEqual(kinds[-1], "run_ended")

    def test_squeue_hangs(self):
        self.submit()
        self.open("hung")
        self.work()
        self.assertIn("2 experiments: 2 ok", self.host("attach").stdout)

    def watch(self):
        process = self.start("attach")
        wait_for((self.dir / "asked").exists, "squeue")
        return process

    def test_interrupted(self):
        self.submit()
        process = self.watch()
        process.send_signal(signal.SIGINT)
        shown = self.finish(process, 130)
        self.assertIn("2 experiments: 2 not started", shown)
        self.assertEqual(self.lines("cancelled"), ["100"])
        self.assertTrue((self.folder / "stop").exists())

    def test_terminated(self):
        self.submit()
        process = self.watch()
        process.send_signal(signal.SIGTERM)
        shown = self.finish(process, 128 + signal.SIGTERM)
        self.assertIn(f"attach {self.folder.name}'", shown)
        self.assertEqual(self.lines("cancelled"), [])

    def test_killed(self):
        self.submit()
        self.begin(0)
        self.start_one(0, "baseline")
        self.log(0, "baseline", "the first words")
        process = self.watch()
        seen = self.folder / "seen.json"
        wait_for(lambda: seen.exists() and "0.101.0" in seen.read_text(), "seen.json")
        process.kill()
        process.wait()
        self.work()
        shown = self.host("attach").stdout
        self.assertNotIn("the first words", shown)
        self.assertIn("hello of baseline", shown)
        self.assertIn("2 experiments: 2 ok", shown)

    def test_a_person_leaves_it(self):
        self.submit()
        once = threading.Event()

        def asked(shown):
            if b"on SLURM" in shown and not once.is_set():
                once.set()
                return True
            return False

        # Ctrl-C, and the answer to what is asked then.
        shown, code = self.on_terminal("attach", keys=b"\x03l", until=asked)
        self.assertEqual(code, 102, shown)
        self.assertIn("leave them running [l]", shown)
        self.assertIn("its jobs go on", shown)
        self.assertEqual(self.lines("cancelled"), [])

    def test_cancel(self):
        self.submit()
        shown = self.host("cancel", plugin="").stdout
        self.assertIn("was cancelled", shown)
        self.assertEqual(self.lines("cancelled"), ["100"])
        self.assertEqual(json.loads((self.folder / "stop").read_text())["why"], "cancelled")

    def test_mistakes(self):
        self.assertIn("there are no runs", self.host("attach", code=2).all)
        self.host("main", "baseline")
        for command in ("attach", "cancel"):
            self.assertIn("on a cluster", self.host(command, code=2).all)
        self.submit()
        for command in ("attach", "cancel"):
            shown = self.host(command, "nosuch", code=2).all
            self.assertIn("nosuch", shown)
            self.assertIn("takes one run", self.host(command, "a", "b", code=2).all)
        self.assertIn("--run goes with", self.host("list", "--run", "x", code=2).all)
        self.work()
        self.host("attach")
        self.assertIn("has ended already", self.host("cancel").all)


if __name__ == "__main__":
    unittest.main()
