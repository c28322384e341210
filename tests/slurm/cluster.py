"""What the tests on a real cluster share: a cluster for each of them.

Starting one takes less than a second, and a test may break its own as it likes.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import eh
from eh import wait_for

SCRIPT = os.environ["EH_SLURM_CLUSTER"]
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch")
PATH = os.environ["PATH"] + ":/usr/sbin"
SKIPPED = 77  # what CTest takes for a test that cannot be made here


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

    def log(self, name="slurmctld"):
        return (pathlib.Path(self.root) / f"log/{name}.log").read_text()

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
        logs = sorted(self.dir.glob("results/.eh/runs/*/slurm/*"))[:20]
        for path in [pathlib.Path(self.cluster.root) / "log/slurmctld.log"] + logs:
            if path.exists():
                print(f"--- {self.id()}: {path.name}\n{path.read_text()[-2000:]}")

    def environment(self, **more):
        environment = super().environment(**more)
        for key in list(environment):
            if key.startswith(("SLURM_", "SBATCH_", "SQUEUE_")) and key not in more:
                del environment[key]
        environment["SLURM_CONF"] = f"{self.cluster.root}/slurm.conf"
        return environment
