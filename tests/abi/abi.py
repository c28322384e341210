"""What the tests of eh-child share: starting it as the host does, waiting.

What it is told and what it answers is host/contract/child.h.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

CHILD = os.environ["EH_CHILD"]
PLUGINS = pathlib.Path(os.environ["EH_ABI_PLUGINS"])
SANITIZED = bool(os.environ.get("EH_SANITIZED"))
PATIENCE = 60  # seconds until a fact that is waited for counts as missing

UTC = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def wait_for(fact, what):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := fact():
            return value
        time.sleep(0.002)
    raise AssertionError(f"waited in vain until {what}")


def alive(pid):
    """Whether a process runs; a zombie does not."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def describe(path, **environment):
    return subprocess.run(
        [CHILD, "describe", str(path)],
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


class Case(unittest.TestCase):
    """A test with a leaf of its own."""

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="eh-abi-"))
        self.addCleanup(shutil.rmtree, self.scratch)
        self.leaf = self.scratch / "leaf"
        self.leaf.mkdir()
        self.owner = f"abi-{os.getpid()}.1"

    def lease(self, owner):
        """Gives the leaf to an owner, who may not be the experiment's host."""
        (self.leaf / ".eh-lease").symlink_to(owner)

    def start(self, name, plugin="behaviour", prefix=(), host_pid=0, told=None, **more):
        """Starts an experiment in the leaf as the host does.

        `told` are further variables of its environment.
        """
        output = os.open(
            self.leaf / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND
        )
        environment = {
            "PATH": os.environ["PATH"],
            "EH_GROUP": "main",
            "EH_EXPERIMENT": name,
            "EH_LEAF_DIR": str(self.leaf),
            "EH_RUN_ID": f"abi-{os.getpid()}",
            "EH_OWNER": self.owner,
            "EH_ATTEMPT": "2",
            "EH_VERDICT_MEMBERS": '"attempt":2,"secret":"s3cret"',
        } | (told or {})
        arguments = [str(PLUGINS / f"{plugin}.so"), "0", "0", str(host_pid)]
        process = subprocess.Popen(
            [*prefix, CHILD, "run", *arguments, "main", name],
            cwd=self.leaf,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            **more,
        )
        os.close(output)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def run_one(self, name, **more):
        """Runs an experiment and returns its exit code."""
        return self.start(name, **more).wait(PATIENCE)

    def verdict(self):
        text = self.text("eh.json")
        self.assertEqual(text.count("\n"), 1)
        return json.loads(text)

    def text(self, name):
        return (self.leaf / name).read_text()

    def files(self):
        return sorted(path.name for path in self.leaf.iterdir())
