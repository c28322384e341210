"""Hosts that watch a run, leave it, come back and cancel it."""

import json
import pathlib
import shutil
import signal

import cluster
from eh import wait_for


class Attach(cluster.Case):
    def test_after_the_host_was_killed(self):
        process = self.start("main", "gate/[1-4]", "--slurm", "--no-slurm-pack")
        self.wait_noted(4)
        self.open("open-1")
        self.wait_noted(1, "end")
        process.kill()
        process.wait()
        self.open("open-2")
        self.wait_noted(2, "end")
        again = self.start("attach", "-v", plugin="")
        self.open()
        text = self.finish(again)
        self.assertIn("4 ok", text)
        self.assertIn("through gate 4", text)
        self.assertEqual(len(self.diary("begin")), 4)
        self.assertIn("4 ok", self.host("attach", plugin="").all)

    def test_killed_before_it_was_submitted(self):
        self.cluster("controller-freeze")
        process = self.start("main", "noted/1", "--slurm")
        wait_for(lambda: (self.run_folder() / "jobs.jsonl").exists(), "a submission")
        process.kill()
        process.wait()
        self.cluster("controller-thaw")
        # Either it was accepted, then it runs, or it was not.
        again = self.start("attach", plugin="")
        self.finish(again, 0, 102)
        self.wait_none_active()
        self.assertEqual(again.returncode == 0, self.has_verdict("main/noted/1"))

    def test_a_hangup_leaves_the_jobs(self):
        process = self.start("main", "gate/1", "--slurm")
        self.wait_noted()
        process.send_signal(signal.SIGHUP)
        text = self.finish(process, 129)
        self.assertIn("attach", text)
        self.assertEqual(len(self.active()), 1)
        self.open()
        self.assertIn("1 ok", self.host("attach", plugin="").all)

    def test_detached(self):
        text = self.host("main", "gate/[1-3]", "--slurm", "--no-slurm-pack", "--detach",
                         code=102).all
        for word in ("attach", "status", "logs", "cancel"):
            self.assertIn(word, text)
        self.wait_noted(3)
        # From anywhere: the files tell all.
        output = ["--output", str(self.dir / "results")]
        status = self.host("status", *output, plugin="", cwd="/").all
        self.assertRegex(status, "running")
        self.assertRegex(status, r"\bn[123]\b")
        shown = self.host("status", "--json", *output, plugin="", cwd="/").stdout
        self.assertIn("gate/2", json.dumps(json.loads(shown)))
        logs = self.host("logs", "main", "gate/2", *output, plugin="", cwd="/").all
        self.assertIn("waiting at gate 2", logs)
        self.open()
        self.host("attach", *output, plugin="", cwd="/")
        self.assertEqual(self.verdict("main/gate/3")["status"], "ok")

    def test_cancelled_from_elsewhere(self):
        process = self.start("main", "gate/*", "--slurm", "--no-slurm-pack", "-j", "4")
        self.wait_noted(4)
        text = self.host("cancel", plugin="").all
        self.assertRegex(text, "(?i)cancel")
        self.finish(process, 100, 102)
        self.wait_none_active()
        begun = {note.name for note in self.diary()}
        self.assertEqual(len(begun), 4)
        for name in begun:
            self.assertEqual(self.verdict(f"main/{name}")["status"], "cancelled")
            self.assertIn("the run was stopped", self.verdict(f"main/{name}")["message"])

    def test_no_such_run(self):
        self.assertIn("there are no runs", self.host("attach", plugin="", code=2).all)
        self.host("main", "noted/1")
        self.assertIn("cluster", self.host("attach", plugin="", code=2).all)


class ReusedIds(cluster.Case):
    """The controller has lost its jobs, and another one gets their id."""

    def lose_to_another(self):
        self.cluster("controller-kill")
        shutil.rmtree(pathlib.Path(self.cluster.root) / "state")
        (pathlib.Path(self.cluster.root) / "state").mkdir()
        self.cluster("controller-start")
        other = self.cluster.sbatch("-o", "/dev/null", "--wrap", "sleep 1000")
        self.assertEqual(other, self.submitted()[0]["job"])
        return other

    def assert_left_alone(self, other, text):
        self.assertEqual(text.count(f"job {other} is not cancelled"), 1, text)
        self.assertIn(self.cluster.state(other), ("PENDING", "RUNNING"))

    def test_cancel(self):
        self.host("main", "gate/[1-3]", "--slurm", "--no-slurm-pack", "--detach", code=102)
        self.wait_noted(3)
        other = self.lose_to_another()
        self.assert_left_alone(other, self.host("cancel", plugin="").all)
        self.finish(self.start("attach", plugin=""), 100, 102)
        self.assertIn(self.cluster.state(other), ("PENDING", "RUNNING"))

    def test_ctrl_c_in_attach(self):
        self.cluster.partition("down")
        self.host("main", "gate/1", "--slurm", "--detach", code=102)
        other = self.lose_to_another()
        process = self.start("attach", plugin="")
        self.wait_printed(process, "gate|main|run")
        process.send_signal(signal.SIGINT)
        text = self.finish(process, 130)
        self.assert_left_alone(other, text)
        self.assertIn("1 not started", text)


class CtrlC(cluster.Case):
    def test_in_a_pipe_cancels(self):
        process = self.start("main", "gate/*", "steps/1", "--slurm", "--no-slurm-pack")
        self.wait_noted(12)
        process.send_signal(signal.SIGINT)
        text = self.finish(process, 130)
        self.assertIn("cancelled", text)
        self.wait_none_active()
        self.assertEqual(self.verdict("main/gate/1")["status"], "cancelled")

    def ask(self, answer, *then):
        return self.on_terminal(
            "main", "gate/1", "--slurm", keys=b"\x03",
            until=lambda shown: bool(self.diary("begin")),
            then=[(answer, lambda shown: b"[l]" in shown), *then],
        )

    def test_on_a_terminal_leaves(self):
        shown, _ = self.ask(b"l\n")
        self.assertIn("attach", shown)
        self.assertEqual(len(self.active()), 1)
        self.open()
        self.host("attach", plugin="")

    def test_on_a_terminal_cancels(self):
        shown, code = self.ask(b"c\n")
        self.assertEqual(code, 130)
        self.wait_none_active()
        self.assertEqual(self.verdict("main/gate/1")["status"], "cancelled")

    def test_on_a_terminal_goes_on(self):
        def answered(shown):
            self.open()
            return False

        shown, code = self.ask(b"g\n", (b"", answered))
        self.assertEqual(code, 0)
        self.assertEqual(self.verdict("main/gate/1")["status"], "ok")

    def test_twice_cancels(self):
        shown, code = self.ask(b"\x03")
        self.assertEqual(code, 130)
        self.wait_none_active()
