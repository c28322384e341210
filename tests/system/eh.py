"""What the system tests share: a scratch folder, running eh-host, waiting."""

import contextlib
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

HOST = os.environ["EH_HOST"]
CHILD = str(pathlib.Path(HOST).parent / "eh-child")
BASIC = os.environ["EH_BASIC_PLUGIN"]
TROUBLE = os.environ["EH_TROUBLE_PLUGIN"]
SANITIZED = bool(os.environ.get("EH_SANITIZED"))
PATIENCE = float(os.environ.get("EH_PATIENCE", 120))  # seconds to wait for a fact

needs_strace = unittest.skipIf(
    SANITIZED or not shutil.which("strace"),
    "needs strace, under which sanitizers cannot look for leaks",
)


def wait_for(fact, what="the fact"):
    """Waits until fact() is true and returns its value."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        value = fact()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError(f"waited in vain for {what}")


def alive(pid):
    """Whether a process runs; a zombie does not."""
    with contextlib.suppress(OSError):
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0] not in "ZX"
    return False


def maps(pid):
    """The files that a process has mapped, with their places."""
    return pathlib.Path(f"/proc/{pid}/maps").read_text()


def children(pid):
    """Ids of the processes that a process of one thread has started."""
    listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in listed.split()]


def processes_with(text):
    """Ids of the running processes with `text` in their environment."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            if text.encode() in (entry / "environ").read_bytes() and alive(
                entry.name
            ):
                found.append(int(entry.name))
    return found


class Case(unittest.TestCase):
    """A test in a scratch folder, which is the launch directory too."""

    plugin = BASIC
    scratch = None  # the folder that the scratch folder is made in

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="eh-system-", dir=self.scratch))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.started = []
        self.addCleanup(self.end_processes)

    def small_disk(self, size, name="results", inodes=400):
        """Makes a folder a file system of its own, for which root is needed."""
        disk = self.dir / name
        disk.mkdir()
        options = f"size={size},nr_inodes={inodes}"
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "eh-test", disk], capture_output=True
        )
        if mounted.returncode != 0:
            self.skipTest("cannot mount a tmpfs")
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)])
        return disk

    def end_processes(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def environment(self, **more):
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("EH_") and key != "OMP_NUM_THREADS"
        }
        environment.update(more)
        return environment

    def arguments(self, words, plugin):
        plugin = self.plugin if plugin is None else plugin
        return [HOST] + (["--plugin", plugin] if plugin else []) + list(words)

    def host(self, *words, code=0, plugin=None, env=None, cwd=None, input=None):
        """Runs eh-host to its end, checks its exit code, returns its output."""
        done = subprocess.run(
            self.arguments(words, plugin),
            cwd=cwd or self.dir,
            env=self.environment(**(env or {})),
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        self.assertEqual(
            done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}"
        )
        done.all = done.stdout + done.stderr
        return done

    def start(self, *words, plugin=None, env=None, cwd=None, stderr=None):
        """Starts eh-host and returns the process; `stderr` is a file for that."""
        errors = self.enterContext(stderr.open("w")) if stderr else subprocess.STDOUT
        process = subprocess.Popen(
            self.arguments(words, plugin),
            cwd=cwd or self.dir,
            env=self.environment(**(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        process.errors = stderr
        self.started.append(process)
        return process

    def finish(self, process, code=0):
        output, _ = process.communicate(timeout=PATIENCE)
        said = output + (process.errors.read_text() if process.errors else "")
        self.assertEqual(process.returncode, code, said)
        return output

    def time_out(self, group, name, *words, reached):
        """Lets an experiment run into time limits, longer ones until reached()."""
        for exponent in range(10):
            limit = f"{100 << exponent}ms"
            self.host(group, name, "--timeout", limit, *words, code=100)
            self.assertEqual(self.verdict(f"{group}/{name}")["status"], "timeout")
            if reached():
                return
        self.fail("no time limit was long enough")

    def leaf(self, name):
        return self.dir / "results" / name

    def verdict(self, name):
        return json.loads((self.leaf(name) / "eh.json").read_text())

    def has_verdict(self, name):
        return (self.leaf(name) / "eh.json").exists()

    def lines(self, file):
        path = self.dir / file
        return path.read_text().splitlines() if path.exists() else []

    def open(self, name="open"):
        (self.dir / name).touch()

    def events(self, output):
        return [json.loads(line) for line in output.splitlines()]

    def on_terminal(self, *words, keys=b"", until=None, then=()):
        """Runs eh-host on a terminal of 100 columns; returns what it showed.

        Types the keys when until(what it showed) is true, or at once; so with
        each (keys, until) of `then`, of what it showed since.
        """
        pid, master = pty.fork()
        if pid == 0:
            os.chdir(self.dir)
            os.execve(
                HOST,
                self.arguments(words, None),
                self.environment(TERM="xterm", COLUMNS="100"),
            )
        shown = b""
        end = time.monotonic() + PATIENCE
        to_type = ([(keys, until)] if keys else []) + list(then)
        typed_at = 0
        while time.monotonic() < end:
            ready, _, _ = select.select([master], [], [], 0.1)
            if ready:
                try:
                    data = os.read(master, 65536)
                except OSError:
                    break
                if not data:
                    break
                shown += data
            if to_type and (to_type[0][1] is None or to_type[0][1](shown[typed_at:])):
                os.write(master, to_type.pop(0)[0])
                typed_at = len(shown)
        else:
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        os.close(master)
        return shown.decode(errors="replace"), os.waitstatus_to_exitcode(status)
