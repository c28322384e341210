"""Submitting a run to a cluster: SLURM's commands are pretended."""

import json
import os
import pathlib
import signal
import stat
import subprocess

import eh

# sbatch notes its words in the file `submitted` and does what `sbatch.sh` says.
COMMANDS = {
    "sbatch": 'for word; do echo "$word"; done >>"$D/submitted"; . "$D/sbatch.sh"',
    "squeue": 'cat "$D/queue"',
    "scancel": 'echo "$@" >>"$D/cancelled"',
    "scontrol": 'echo "MaxArraySize            = 5"',
}
AWAY = "Unable to contact slurm controller (connect failure)"
TIMED_OUT = "Socket timed out on send/recv operation"


def failing(text):
    return f'echo "sbatch: error: {text}" >&2; exit 1'


class Submitting(eh.Case):
    def setUp(self):
        super().setUp()
        (self.dir / "queue").touch()
        (self.dir / "sbatch.sh").write_text("echo 100")
        for name, text in COMMANDS.items():
            file = self.dir / name
            file.write_text(f"#!/bin/sh\nD='{self.dir}'\n{text}\n")
            file.chmod(file.stat().st_mode | stat.S_IXUSR)
        config = {f"{name}_cmd": str(self.dir / name) for name in COMMANDS}
        (self.dir / "eh.config.json").write_text(json.dumps({"slurm": config}))

    def sbatch(self, text):
        (self.dir / "sbatch.sh").write_text(text)

    def submitted(self):
        file = self.dir / "submitted"
        return file.read_text().split("\n")[:-1] if file.exists() else []

    @property
    def folder(self):
        return (self.dir / "results/.eh/runs/latest").resolve()

    def runs(self):
        runs = self.dir / "results/.eh/runs"
        return [run for run in runs.iterdir() if not run.is_symlink()]


class Detached(Submitting):
    def test_folder(self):
        text = self.host("main", "day*", "--slurm", "--detach", code=102).stdout
        run = self.folder.name
        self.assertIn(f"12 experiments in 12 tasks as jobs 100, 100, 100 (run {run})", text)
        for words in (f"attach {run}", "status main", "logs main -f", f"cancel {run}"):
            self.assertIn(words, text)
        self.assertEqual(
            self.submitted()[:5],
            [
                "--parsable",
                f"--job-name=eh-{run}-0",
                "--array=0-3",
                str(self.folder / "job.sh"),
                "0",
            ],
        )
        spec = self.folder / "spec.json"
        self.assertEqual(spec.stat().st_mode & 0o777, 0o600)
        spec = json.loads(spec.read_text())
        self.assertEqual(spec["group"], "main")
        names = (self.folder / "experiments.txt").read_text().split("\n")
        self.assertTrue(names[0].endswith(" day1"))
        host = pathlib.Path(spec["host"])
        self.assertEqual(host.read_bytes(), pathlib.Path(eh.HOST).read_bytes())
        child = host.parent / "eh-child"
        self.assertEqual(child.read_bytes(), pathlib.Path(eh.CHILD).read_bytes())
        for file in (host, child):
            self.assertTrue(os.access(file, os.X_OK))
        copy = pathlib.Path(spec["plugins"][0]["copy"])
        self.assertEqual(copy.read_bytes(), pathlib.Path(eh.BASIC).read_bytes())
        script = (self.folder / "job.sh").read_text()
        self.assertIn(f"eh_host={host}\n", script)
        self.assertTrue((self.folder / "slurm").is_dir())

    def task(self, code=0):
        """Runs the first task as a job would, and returns what it wrote."""
        spec = json.loads((self.folder / "spec.json").read_text())
        done = subprocess.run(
            [spec["host"], "--eh-task", self.folder, "0"],
            cwd=self.dir,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=eh.PATIENCE,
        )
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_tasks_use_what_was_submitted(self):
        self.host("main", "day1", "--slurm", "--detach", code=102)
        spec = json.loads((self.folder / "spec.json").read_text())
        copy = pathlib.Path(spec["plugins"][0]["copy"])
        good = copy.read_bytes()
        copy.write_bytes(good + b"more")
        self.assertIn("not the one that was submitted", self.task(code=3))
        copy.write_bytes(good)
        self.task()
        self.assertEqual(self.verdict("main/day1")["status"], "ok")

    def test_torn_copies_are_made_again(self):
        words = ("main", "day1", "--slurm", "--detach")
        self.host(*words, code=102)
        copies = [
            path
            for path in (self.dir / "results/.eh/plugins").rglob("*")
            if path.is_file()
        ]
        whole = {path: path.read_bytes() for path in copies}
        self.assertEqual(len(whole), 3)
        for path in copies:
            path.write_bytes(b"")
        self.host(*words, code=102)
        self.assertEqual({path: path.read_bytes() for path in copies}, whole)

    def test_json(self):
        words = ("main", "baseline", "--slurm", "--detach", "--json")
        event = json.loads(self.host(*words, code=102).stdout)
        self.assertEqual(event["event"], "submitted")
        self.assertEqual(event["run"], self.folder.name)
        self.assertEqual(event["jobs"], ["100"])

    def test_nothing_to_do(self):
        self.host("main", "baseline")
        text = self.host("main", "baseline", "--slurm", "--detach").stdout
        self.assertIn("1 done before", text)
        self.assertEqual(self.submitted(), [])

    def test_needs_a_cluster(self):
        self.assertIn("--slurm", self.host("main", "--detach", code=2).stderr)


class DryRun(Submitting):
    def test_tells_all(self):
        text = self.host("main", "day*", "-d", "--slurm", "--slurm-gpus=1").stdout
        self.assertIn("12 experiments would run in 12 tasks, one each", text)
        self.assertIn("  task 0: day1\n", text)
        self.assertIn("--job-name=eh-RUN_ID-2 --array=0-3 ", text)
        self.assertIn("#SBATCH --gres=gpu:1\n", text)
        self.assertEqual(self.submitted(), [])
        self.assertFalse((self.dir / "results").exists())

    def test_without_a_cluster(self):
        words = ["--set", "slurm.scontrol_cmd=/nonexistent/scontrol"]
        text = self.host("main", "day*", "-d", "--slurm", *words).stdout
        self.assertIn("--job-name=eh-RUN_ID-0 --array=0-11 ", text)


class Refused(Submitting):
    def refused(self, *words):
        words = ("main", "day*", "--slurm", "--slurm-partition", "x", *words)
        return self.host(*words, code=2).stderr

    def test_words(self):
        self.sbatch(failing("invalid partition specified: x"))
        text = self.refused()
        self.assertIn("\n  sbatch: error: invalid partition specified: x\n", text)
        self.assertIn("slurm.partition is x, from --slurm-partition", text)
        self.assertEqual(self.runs(), [])

    def test_results_stay(self):
        self.host("main", "day1")
        self.sbatch(failing("invalid partition specified: x"))
        self.refused("-f")
        self.assertEqual(self.verdict("main/day1")["status"], "ok")

    def test_first_ones_are_cancelled(self):
        self.sbatch('case "$*" in *-1\\ *)' + failing("no") + ";; esac; echo 100")
        self.assertIn("cancelled: job 100", self.refused())
        self.assertEqual((self.dir / "cancelled").read_text(), "100\n")
        self.assertTrue((self.folder / "stop").exists())


class Away(Submitting):
    def test_an_answer_that_was_lost(self):
        entry = 'echo "107@107@0@PENDING@@N/A@1:00@${2#--job-name=}@None" >>"$D/queue"'
        self.sbatch(f"{entry}; " + failing(TIMED_OUT))
        done = self.host("main", "baseline", "--slurm", "--detach", code=102)
        self.assertIn("as job 107 ", done.stdout)
        self.assertIn(TIMED_OUT, done.stderr)
        self.assertEqual(self.submitted().count("--parsable"), 1)

    def test_interrupted(self):
        self.sbatch(failing(AWAY))
        errors = self.dir / "errors"
        process = self.start("main", "baseline", "--slurm", "--detach", stderr=errors)
        eh.wait_for(lambda: AWAY in errors.read_text(), "a warning")
        process.send_signal(signal.SIGINT)
        self.finish(process, code=130)
        self.assertIn("nothing of the run is in the cluster", errors.read_text())

    def test_it_comes_back(self):
        once = '[ -e "$D/once" ] || { : >"$D/once"; ' + failing(AWAY) + "; }; echo 100"
        self.sbatch(once)
        done = self.host("main", "baseline", "--slurm", "--detach", code=102)
        self.assertEqual(done.stderr.count(AWAY), 1)
        lines = self.lines(self.folder / "jobs.jsonl")
        self.assertEqual(
            [json.loads(line)["state"] for line in lines],
            ["submitting", "submitting", "submitted"],
        )


class Remarks(Submitting):
    def test_what_may_be_a_mistake(self):
        self.sbatch("echo 'sbatch: lua: charged to the default account' >&2; echo 100")
        done = self.host("main", "baseline", "--slurm", "--detach", "--slurm-time", "30s",
                         code=102)
        self.assertEqual(done.stderr.count("charged to the default account"), 1)
        self.assertEqual(done.stderr.count("shorter than"), 1)
        self.assertEqual(done.stderr.count("the nodes may not see"),
                         int(str(self.dir).startswith(("/tmp", "/var/tmp"))))


class Allocation(Submitting):
    env = {"SLURM_JOB_ID": "77", "SLURM_CPUS_ON_NODE": "3"}

    def test_its_cpus_are_used(self):
        done = self.host("main", "day*", "-w1", "--json", env=self.env)
        self.assertIn("the 3 CPUs of SLURM's job 77", done.stderr)
        self.assertEqual(json.loads(done.stdout.split("\n")[0])["jobs"], 3)
        done = self.host("main", "day*", "-j2", env=self.env)
        self.assertNotIn("77", done.stderr)

    def test_not_on_one_of_its_nodes(self):
        env = {**self.env, "SLURM_JOB_NODELIST": "n[1-3]"}
        done = self.host("main", "day*", env=env)
        self.assertIn("not a node of SLURM's job 77 (n[1-3])", done.stderr)
        self.assertIn("srun -n1", done.stderr)
        self.assertIn("--slurm", done.stderr)
        done = self.host("main", "day*", env={**env, "SLURMD_NODENAME": "n2"})
        self.assertNotIn("not a node", done.stderr)

    def test_other_jobs_do_not_know_it(self):
        self.sbatch('echo "${SLURM_JOB_ID-none}" >"$D/seen"; echo 100')
        words = ("main", "baseline", "--slurm", "--detach")
        done = self.host(*words, code=102, env=self.env)
        self.assertIn("inside job 77 of SLURM, with 3 CPUs here", done.stderr)
        self.assertEqual((self.dir / "seen").read_text(), "none\n")


class Secrets(Submitting):
    """They are named where a run keeps what it was, and never held."""

    TOKEN = "xoxb-1234-verysecret"
    # Nobody listens there, nor is that waited for.
    HOOK = "https://127.0.0.1:1/averysecrethook"
    NO_SLACK = {"EH_SLACK_API_URL": "https://127.0.0.1:1/", "EH_SLACK_DEADLINE": "0s"}

    def found(self):
        return sorted(
            str(path.relative_to(self.dir))
            for path in self.dir.rglob("*")
            if path.is_file() and not path.is_symlink()
            and any(secret.encode() in path.read_bytes() for secret in (self.TOKEN, self.HOOK))
        )

    def submit(self, *words, env=None):
        env = {**self.NO_SLACK, **(env or {})}
        self.sbatch('cat /proc/self/environ /proc/$PPID/environ >"$D/seen"; echo 100')
        self.assertNotIn(self.TOKEN, self.host("main", "day*", "--slurm", "--detach", *words,
                                               env=env, code=102).all)
        shown = self.host("main", "day*", "-d", "--slurm", *words, env=env).all
        self.assertNotIn(self.TOKEN, shown)
        self.assertGreater(len((self.dir / "seen").read_bytes()), 0)

    def configure(self, text, name="eh.config.json"):
        path = self.dir / name
        path.write_text(text)
        path.chmod(0o600)

    def test_of_the_environment(self):
        slack = json.dumps({"token": self.TOKEN, "channel": "C1"})
        for env in ({"EH_SLACK_TOKEN": self.TOKEN}, {"EH_SLACK": slack},
                    {"EH_SLACK_WEBHOOK": self.HOOK}):
            self.submit(env=env)
            self.assertEqual(self.found(), [])

    def test_of_a_private_file(self):
        commands = json.loads((self.dir / "eh.config.json").read_text())["slurm"]
        self.configure(f'''{{ // it was {self.TOKEN}-old
            "slack": {{"token": "{self.TOKEN}", "channel": "C1"}},
            "slurm": {json.dumps(commands)},
            "groups": {{"main": {{"slack": {{"webhook": "{self.HOOK}"}}}}}},
            "sections": {{"else": {{"slack": {{"token": "{self.TOKEN}2"}}}}}}}}''')
        for words in ([], ["-c", ":else"]):
            self.submit(*words)
            self.assertEqual(self.found(), ["eh.config.json"])
        kept = json.loads((self.folder / "spec.json").read_text())["file"]
        self.assertEqual(kept["path"], "eh.config.json")
        self.assertIn('"channel": "C1"', kept["text"])

    def test_of_a_file_of_its_own(self):
        config = json.loads((self.dir / "eh.config.json").read_text())
        config["slack"] = {"token_file": "token", "channel": "C1"}
        self.configure(json.dumps(config))
        self.configure(self.TOKEN + "\n", "token")
        self.submit()
        self.assertEqual(self.found(), ["token"])
