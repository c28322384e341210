"""Runs that a program starts from its own code."""

import json
import os
import pathlib
import signal

import eh
from slack_server import TOKEN, Authority, SlackServer
from test_program import HOST, PROGRAMS, Case


class FromCode(Case):
    program = PROGRAMS / "scripted"

    def runs(self, *words):
        """What the program prints, a list of fields for each line."""
        return [line.split("\t") for line in self.host(*words).stdout.splitlines()]

    def said(self, seed=1):
        return (self.leaf(f"main/say/{seed}") / "output.txt").read_text()

    def test_outcomes_of_all_that_was_chosen(self):
        lines = self.runs("+say", ":13", "main", "main")
        leaf = str(self.leaf("main/say").resolve())
        self.assertEqual(
            lines,
            [
                ["exit", "100"],
                ["say/1", "ok", "", "1", "ran", leaf + "/1"],
                ["say/2", "failed", "unlucky", "1", "ran", leaf + "/2"],
                ["say/3", "ok", "", "1", "ran", leaf + "/3"],
                # What is done is not done again.
                ["exit", "0"],
                ["say/1", "ok", "", "1", "stale", leaf + "/1"],
                ["say/2", "ok", "", "2", "ran", leaf + "/2"],
                ["say/3", "ok", "", "1", "stale", leaf + "/3"],
                ["end"],
            ],
        )

    def states(self, *words):
        """Exit codes, and the number, status and origin of each outcome."""
        return [
            line[1] if line[0] == "exit" else (line[0][-1], line[1], line[4])
            for line in self.runs(*words)[:-1]
        ]

    def test_what_was_done_otherwise_is_stale(self):
        self.runs("+say/1", "main")
        self.assertEqual(
            self.states("=number=7", "main", "=number=7", "+say/1", "main", "=number=7", "main"),
            ["0", ("1", "ok", "stale"), ("2", "ok", "ran"), ("3", "ok", "ran")]
            + ["0", ("1", "ok", "stale")]
            + ["0", ("1", "ok", "stale"), ("2", "ok", "before"), ("3", "ok", "before")],
        )
        self.assertEqual(
            self.states("+say/[12]", "main", "=number=7", "+say/1", "--force", "main"),
            ["0", ("1", "ok", "before"), ("2", "ok", "stale"), "0", ("1", "ok", "ran")],
        )

    def test_one_bad_leaf_is_one_outcome(self):
        self.runs("+say/1", "main")
        bad = self.leaf("main/say/1") / "eh.json"
        bad.unlink()
        bad.symlink_to(bad.name)
        lines = self.runs("main")
        self.assertEqual(lines[0], ["exit", "110"])
        self.assertEqual(lines[1][:2], ["say/1", "unreadable"])
        self.assertIn("cannot read 'main/say/1/eh.json': a symbolic link is there that eh does"
                      " not follow: Too many levels", lines[1][2])
        self.assertEqual([line[1] for line in lines[2:4]], ["ok", "ok"])

    def test_values_from_code_win(self):
        (self.dir / "eh.config.json").write_text('{"number": 1, "message": "file", "workers": 2}')
        self.runs("main")
        self.assertEqual(self.said(), "file 1 data 2\n")
        # An object brings all its values; its relative paths stay.
        self.runs(":7", "--force", "main")
        self.assertEqual(self.said(), "Hello 7 data 2\n")
        self.runs(":7", "=number=8", "=data=x", "=jobs=1", "--force", "main")
        self.assertEqual(self.said(), f"Hello 8 {self.dir.resolve()}/x 2\n")
        (self.dir / "lab.json").write_text('{"sections": {"s": {"number": 9}}}')
        self.runs("%lab.json:s", "--force", "main")
        self.assertEqual(self.said(), "Hello 9 data 1\n")
        verdict = json.loads((self.leaf("main/say/1") / "eh.json").read_text())
        self.assertEqual(verdict["config"]["number"], 9)

    def test_it_is_silent_unless_told(self):
        lines = self.runs("+say/1", "main")
        self.assertEqual([line[0] for line in lines], ["exit", "say/1", "end"])
        shown = self.host("+say/1", "--force", "--show", "main").stdout
        self.assertIn("1 experiment: 1 ok", shown)

    def test_what_cannot_run(self):
        lines = self.runs("mian", "=nmber=1", "main", "--broken", "main", "+none", "main")
        self.assertEqual([line[:2] for line in lines[:-1]], [["refused", c] for c in "2224"])
        self.assertIn("did you mean 'main'?", lines[0][2])
        self.assertIn("did you mean 'number'?", lines[1][2])
        self.assertIn("RunRequest::config: line 1, column 2", lines[2][2])
        self.assertFalse((self.dir / "results").exists())

    def test_without_init(self):
        self.assertIn("eh::init(argc, argv) first", self.host("without-init").stdout)

    def test_slack_is_told_by_the_program_alone(self):
        with SlackServer(Authority(self.dir / "ca")) as slack:
            process = self.start("slow", "+say/1", "main", env=slack.environment())
            eh.wait_for(lambda: (self.dir / "waiting").exists() and slack.requests)
            run = os.readlink(self.dir / "results/.eh/runs/latest")
            children = eh.processes_with(f"EH_RUN_ID={run}")
            self.assertTrue(children)
            for pid in children:
                self.assertNotIn("libcurl", eh.maps(pid))
            (host,) = eh.children(process.pid)
            self.assertIn("libcurl", eh.maps(host))
            for pid in (process.pid, host, *children):
                for file in ("cmdline", "environ"):
                    said = pathlib.Path(f"/proc/{pid}/{file}").read_bytes()
                    self.assertNotIn(TOKEN.encode(), said, file)
            os.kill(process.pid, signal.SIGINT)
            self.assertNotIn("warning:", self.finish(process))
        texts = [request.text for request in slack.requests]
        command = f"{self.program} run_group() "
        self.assertTrue(texts[0].startswith(f":gear: *Running:* `{command}slow`"), texts[0])
        self.assertTrue(texts[-1].startswith(f":white_check_mark: *Done:* `{command}main say/1`"))
        self.assertTrue(any(t.startswith(f":x: *Stopped:* `{command}slow`") for t in texts))

    def test_values_from_code_are_on_no_command_line(self):
        process = self.start("=slurm.account=not-for-all", "slow")
        eh.wait_for((self.dir / "waiting").exists, "the experiment")
        (host,) = eh.children(process.pid)
        for pid in (host, *eh.children(host)):
            said = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            self.assertNotIn(b"not-for-all", said)
        os.kill(process.pid, signal.SIGTERM)
        self.assertIn("exit\t143\n", self.finish(process))

    def test_nothing_outlives_a_killed_program(self):
        process = self.start("slow")
        eh.wait_for((self.dir / "waiting").exists, "the experiment")
        (host,) = eh.children(process.pid)
        text = f"EH_LEAF_DIR={self.leaf('slow')}"
        self.assertEqual(len(eh.processes_with(text)), 1)
        process.kill()
        eh.wait_for(lambda: not eh.alive(host), "the end of eh-host")
        eh.wait_for(lambda: not eh.processes_with(text), "the end of all children")

    def test_a_killed_host_is_an_error(self):
        process = self.start("slow", "+say/1", "main")
        eh.wait_for((self.dir / "waiting").exists, "the experiment")
        os.kill(eh.children(process.pid)[0], signal.SIGKILL)
        lines = [line.split("\t") for line in self.finish(process).splitlines()]
        self.assertEqual(lines[0][:2], ["refused", "137"])
        self.assertIn("the run was broken off: SIGKILL ended", lines[0][2])
        self.assertEqual(lines[1], ["exit", "0"])

    def test_an_eh_host_that_does_not_fit(self):
        other = self.dir / "other"
        other.write_text(f'#!/bin/sh\nshift 2; exec "{HOST}" --eh-program 99.1.2 "$@"\n')
        mute = self.dir / "mute"
        mute.write_text("#!/bin/sh\nexit 7\n")
        for file in (other, mute):
            file.chmod(0o755)
        for file, code, why in (
            (other, "2", "and this program of eh 99.1.2 (build it again, or"),
            (mute, "7", f"cannot run: '{mute}' ended with exit code 7 and no answer"),
            ("/none", "2", "cannot start eh-host: '/none', which EH_HOST names, is not a program"),
        ):
            lines = self.host("main", env={"EH_HOST": str(file)}).stdout.splitlines()
            refused = lines[0].split("\t")
            self.assertEqual(refused[:2], ["refused", code])
            self.assertIn(why, refused[2])
            self.assertEqual(lines[1], "end")

    def test_ctrl_c_stops_the_run_and_not_the_program(self):
        process = self.start("slow", "+say/1", "main")
        eh.wait_for((self.dir / "waiting").exists, "the experiment")
        os.kill(process.pid, signal.SIGINT)
        lines = [line.split("\t") for line in self.finish(process).splitlines()]
        self.assertEqual(lines[0], ["exit", "130"])
        self.assertEqual(lines[1][:2], ["wait", "stopped"])
        self.assertEqual(lines[2], ["exit", "0"])
        self.assertEqual(lines[-1], ["end"])
