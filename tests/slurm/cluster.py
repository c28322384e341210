"""What the tests on a real cluster share: a cluster for each of them.

Starting one takes less than a second, and a test may break its own as it likes.
"""

import collections
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import eh
from eh import wait_for

SCRIPT = os.environ["EH_SLURM_CLUSTER"]
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch")
PATH = os.environ["PATH"] + ":/usr/sbin"
SKIPPED = 77  # what CTest takes for a test that cannot be made here


# What the experiments note: "begin" and "end", by whom, where, with which GPUs,
# in which process, job and restart of it.
Note = collections.namedtuple("Note", "what name node gpus pid job restart")


def skip(reason):
    print(f"not tested: {reason}")
    sys.exit(SKIPPED)


if os.getuid() != 0:
    skip("only root can start a SLURM cluster")
for program in PROGRAMS:
    if not shutil.which(program, path=PATH):
        skip(f"there is no {program} (run scripts/setup --tests)")


class Cluster:
    """A running cluster; calling it is calling scripts/slurm-cluster."""

    def __init__(self, *options):
        # Isolated nodes share no /tmp.
        self.root = tempfile.mkdtemp(prefix="eh-slurm-", dir="/var/tmp")
        self.environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("SLURM_", "SBATCH_", "SQUEUE_"))
        }
        self.environment["SLURM_CONF"] = f"{self.root}/slurm.conf"
        self("start", "--while", os.getpid(), *options)

    def __call__(self, command, *words):
        return self.output(SCRIPT, command, "--root", self.root, *words)

    def run(self, *words, **more):
        """Runs a command as a user of the cluster would."""
        return subprocess.run(
            [str(word) for word in words], env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=eh.PATIENCE, **more,
        )

    def output(self, *words, **more):
        done = self.run(*words, **more)
        if done.returncode != 0:
            raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def sbatch(self, *words):
        """Submits and returns the job's id."""
        return self.output("sbatch", "--parsable", *words).split(";")[0].strip()

    def squeue(self, form="%i %T", *words):
        """Lines of squeue, of all jobs that SLURM knows."""
        done = self.output("squeue", "-h", "-r", "-t", "all", "-o", form, *words)
        return done.splitlines()

    def scontrol(self, *words):
        return self.output("scontrol", *words)

    def job(self, job):
        """What scontrol says of a job, by name."""
        words = self.scontrol("-o", "show", "job", job).split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def state(self, job):
        return self.job(job)["JobState"]

    def wait_state(self, job, *states):
        return wait_for(lambda: self.state(job) in states, f"{job} being {states}")

    def node_states(self):
        lines = self.output("sinfo", "-h", "-N", "-p", "main", "-o", "%N %T")
        return dict(line.split() for line in lines.splitlines())

    def wait_node(self, n, state):
        wait_for(lambda: self.node_states()[f"n{n}"].startswith(state), f"n{n} {state}")

    def partition(self, state, name="main"):
        """While its state is "down", what is submitted stays pending."""
        self.scontrol("update", f"partitionname={name}", f"state={state}")

    def node(self, n, state):
        words = [] if state == "resume" else ["reason=test"]
        self.scontrol("update", f"nodename=n{n}", f"state={state}", *words)

    def wait_saved(self):
        """Until the controller has written down what there is.

        One that is killed before starts anew what runs already.
        """
        path = pathlib.Path(self.root) / "state/job_state"
        since = time.time()
        self.sbatch("--hold", "-o", "/dev/null", "--wrap", "true")
        wait_for(lambda: path.exists() and path.stat().st_mtime > since, "saved jobs")

    def processes_with(self, variable):
        """Those of this cluster: others have the same nodes and jobs."""
        mine = eh.processes_with(f"SLURM_CONF={self.root}/slurm.conf\0")
        return set(mine).intersection(eh.processes_with(variable + "\0"))

    def processes_of(self, job):
        return self.processes_with(f"SLURM_JOB_ID={job}")

    def processes_on(self, n):
        return self.processes_with(f"SLURMD_NODENAME=n{n}")

    def parts_on(self, n):
        """The processes on a node, and slurmd's parts that watch them."""
        found = self.processes_on(n)
        for pid in list(found):
            with contextlib.suppress(OSError):
                stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
                parent = int(stat.rpartition(")")[2].split()[1])
                name = pathlib.Path(f"/proc/{parent}/comm").read_text()
                if name.strip() == "slurmstepd":
                    found.add(parent)
        return found

    def lose_node(self, n):
        """All of a node ends, and the controller knows at once."""
        self("node-kill", n)
        # At once: nobody may live long enough to see another one end.
        for sign in (signal.SIGSTOP, signal.SIGSTOP, signal.SIGKILL):
            for pid in self.parts_on(n):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sign)
        self.node(n, "down")

    def jobs_of_eh(self, *words):
        """Jobs of eh: [id, state, node, reason, name, id as ARRAY_TASK]."""
        lines = self.squeue("%A|%T|%N|%r|%j|%i", *words)
        jobs = [line.split("|") for line in lines]
        return [job for job in jobs if re.match(r"eh-\d+T", job[4])]

    def stop(self):
        self("stop")
        shutil.rmtree(self.root, ignore_errors=True)


class Case(eh.Case):
    """A test with a cluster of its own, which has these options."""

    options = ()
    plugin = os.environ.get("EH_SLURM_PLUGIN")
    scratch = "/var/tmp"

    def setUp(self):
        super().setUp()
        self.cluster = Cluster(*self.options)
        self.addCleanup(self.cluster.stop)
        self.addCleanup(self.show_what_happened)

    def show_what_happened(self):
        outcome = self._outcome.result
        if not any(test is self for test, _ in outcome.failures + outcome.errors):
            return
        logs = sorted(self.run_folder().resolve().glob("slurm/*"))[:20]
        for path in [pathlib.Path(self.cluster.root) / "log/slurmctld.log"] + logs:
            if path.exists():
                print(f"--- {self.id()}: {path.name}\n{path.read_text()[-3000:]}")

    def environment(self, **more):
        environment = super().environment(**more)
        for key in list(environment):
            if key.startswith(("SLURM_", "SBATCH_", "SQUEUE_")) and key not in more:
                del environment[key]
        environment["SLURM_CONF"] = f"{self.cluster.root}/slurm.conf"
        return environment

    def start(self, *words, plugin=None, env=None, cwd=None):
        """Starts eh-host; what it prints can be read meanwhile."""
        return self.start_words(self.arguments(words, plugin), env, cwd)

    def start_words(self, words, env=None, cwd=None):
        path = self.dir / f"printed-{len(self.started)}"
        with path.open("w") as file:
            process = subprocess.Popen(
                words, cwd=cwd or self.dir, env=self.environment(**(env or {})),
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
            )
        process.printed = path.read_text
        self.started.append(process)
        return process

    def finish(self, process, *codes):
        """What it printed; it has to end with one of these codes, or 0."""
        process.wait(timeout=eh.PATIENCE)
        self.assertIn(process.returncode, codes or (0,), process.printed())
        return process.printed()

    def wait_printed(self, process, pattern):
        def found():
            self.assertIsNone(process.poll(), process.printed())
            return re.search(pattern, process.printed())

        return wait_for(found, f"{pattern} to be printed")

    # What became of a run.

    def diary(self, what=None, name=None):
        notes = [Note(*line.split()) for line in self.lines("diary.txt")
                 if not line.startswith("intruder")]
        return [note for note in notes
                if what in (None, note.what) and name in (None, note.name)]

    def still_hopeful(self):
        """That the host started last has not given up meanwhile."""
        if self.started and (self.started[-1].poll() or 0) > 0:
            self.fail(self.started[-1].printed())

    def wait_noted(self, count=1, what="begin", name=None):
        def enough():
            self.still_hopeful()
            notes = self.diary(what, name)
            return notes if len(notes) >= count else None

        return wait_for(enough, f"{count} times {what} {name or ''}")

    def run_folder(self):
        return self.dir / "results/.eh/runs/latest"

    def submitted(self):
        """The arrays of the newest run, as its folder tells."""
        path = self.run_folder() / "jobs.jsonl"
        if not path.exists():
            return []
        entries = [json.loads(line) for line in path.read_text().splitlines()]
        return [entry for entry in entries if entry["state"] == "submitted"]

    def spec(self):
        return json.loads((self.run_folder() / "spec.json").read_text())

    def active(self):
        """Jobs of eh that SLURM has yet to end: [id, state, node, reason, name]."""
        ended = re.compile("COMPLETED|FAILED|CANCELLED|TIMEOUT|NODE_FAIL|OUT_OF|PREEMPT")
        return [job for job in self.cluster.jobs_of_eh() if not ended.match(job[1])]

    def wait_none_active(self):
        wait_for(lambda: not self.active(), "no job of eh left")

    def wait_jobs(self, state, count=1):
        def enough():
            self.still_hopeful()
            jobs = [job for job in self.active() if job[1] == state]
            return jobs if len(jobs) >= count else None

        return wait_for(enough, f"{count} jobs {state}")

    def assert_once_at_a_time(self, name):
        """That no attempt began while another one was at work."""
        inside = None
        for note in self.diary(name=name):
            if note.what == "begin":
                self.assertIsNone(inside, self.diary(name=name))
                inside = note.pid
            else:
                self.assertEqual(inside, note.pid)
                inside = None
        self.assertNotIn("intruder", "\n".join(self.lines("diary.txt")))
