"""What cuts eh off and refuses it things, and what must hold whatever happened.

A step is a system call of a run: its name, and its number among the calls of
that name in its process. strace kills a process at a step, or lets it fail.
"""

import collections
import contextlib
import csv
import hashlib
import io
import json
import os
import pathlib
import random
import re
import shlex
import shutil
import signal
import subprocess

import eh
from eh import wait_for

PROBE = os.environ["EH_PROBE_PLUGIN"]
STEPS = int(os.environ.get("EH_SOAK_STEPS", 6))  # tried of each run; all for 0
SEED = 0  # of which steps; 0: evenly spread over the run
# 1 (internal error) is none of them.
CODES = {0, 2, 3, 100, 102, 110}
# Calls that change what is on disk.
CHANGES = ("mkdirat", "symlinkat", "renameat", "renameat2", "rename", "unlinkat", "unlink",
           "linkat", "openat", "write", "pwrite64", "writev", "ftruncate", "fsync", "fdatasync",
           "sendfile", "copy_file_range")
BAD_WORDS = ("internal error", "terminate called", "Assertion", "unknown exception")
# A process namespace of its own is another machine to eh.
ELSEWHERE = ("unshare", "-pf", "--kill-child", "--mount-proc")
LOADED = "munmap"  # the loader's last call, ahead of all of the program's own

Step = collections.namedtuple("Step", "call number line")


def can_trace():
    with contextlib.suppress(OSError):
        return subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"]).returncode == 0
    return False


def may_unshare():
    with contextlib.suppress(OSError):
        return subprocess.run([*ELSEWHERE, "true"], capture_output=True).returncode == 0
    return False


def memory():
    """A folder in memory with room enough, if there is one."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage("/dev/shm").free > 512 << 20 and os.access("/dev/shm", os.W_OK):
            return "/dev/shm"
    return None


steps_tried = 0


def spread(steps, count=None):
    """`count` of the steps: spread evenly, or with a seed any."""
    global steps_tried
    count = min(len(steps), (STEPS if count is None else count) or len(steps))
    steps_tried += count
    if SEED:
        return random.Random(SEED).sample(steps, count)
    return [steps[i * len(steps) // count] for i in range(count)]


def content(path):
    return hashlib.sha1(path.read_bytes()).hexdigest()


def records(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


class Place:
    """A folder that eh-host is started in, with results and the probes' notes."""

    def __init__(self, folder, output="results"):
        self.folder = folder
        self.output = folder / output
        (folder / "probe").mkdir(parents=True, exist_ok=True)

    def copy(self, folder):
        shutil.copytree(self.folder, folder, symlinks=True)
        return Place(folder, self.output.relative_to(self.folder))

    def notes(self):
        path = self.folder / "probe/notes"
        return path.read_text().splitlines() if path.exists() else []

    def leaves(self):
        """Of each experiment that has one, its name with its group."""
        names = set()
        for root, folders, files in os.walk(self.output):
            folders[:] = [f for f in folders if f != ".eh"]
            if "eh.json" in files:
                names.add(str(pathlib.Path(root).relative_to(self.output)))
        return sorted(names)

    def verdict(self, name):
        with contextlib.suppress(ValueError, OSError):
            return json.loads((self.output / name / "eh.json").read_text())
        return {}

    def done(self):
        return [name for name in self.leaves() if self.verdict(name).get("status") == "ok"]

    def left(self, name):
        """All that a done experiment left, but for times and places."""
        leaf = self.output / name
        verdict = self.verdict(name)
        left = {key: verdict.get(key) for key in ("status", "results", "parameters", "seed")}
        for path in sorted(leaf.rglob("*")):
            entry = str(path.relative_to(leaf))
            # What a kill after the verdict leaves goes when the leaf is looked at again.
            is_left_over = entry.startswith((".", "checkpoint"))
            is_empty = entry == "output.txt" and path.stat().st_size == 0
            if path.is_dir() or is_left_over or is_empty or entry in ("eh.json", "log.txt"):
                continue
            if entry == "metrics.jsonl":
                points = records(path)
                left[entry] = [(p["name"], p["step"], p["value"]) for p in points]
            else:
                left[entry] = content(path)
        return left

    def state(self):
        return {name: self.left(name) for name in self.done()}

    def debris(self):
        """What no done experiment has, nor a folder of experiments."""
        found = []
        for root, folders, files in os.walk(self.output):
            if ".eh" in folders:
                folders.remove(".eh")
            for entry in folders + files:
                if entry.startswith(".") or "checkpoint" in entry or ".tmp" in entry:
                    found.append(os.path.join(root, entry))
        return found

    def age(self):
        """Makes all heartbeats and leases five minutes older."""
        for path in self.output.rglob("*"):
            if path.name in ("alive", ".eh-lease") or path.parent.parent.name == "owners":
                time = path.lstat().st_mtime - 300
                os.utime(path, (time, time), follow_symlinks=False)


class Case(eh.Case):
    """A test of runs of the probes that are disturbed."""

    plugin = PROBE
    group = "quick"
    jobs = "1"
    scratch = memory()  # what is synced there is so at once
    which = ("write/1", "save/1", "flaky/1", "leave/1")
    can_remove = True  # what is left of what was cut off

    def setUp(self):
        super().setUp()
        if not can_trace():
            self.skipTest("needs strace, and leave to trace")
        self.count = 0
        programs = self.dir / "programs"
        programs.mkdir()
        shutil.copy(eh.HOST, programs / "eh-host")
        self.wrapped = programs / "eh-host"
        self.wrapper = programs / "eh-child"
        self.undisturbed = self.new_place()
        self.run_host(self.undisturbed, *self.words())
        self.expected = self.undisturbed.state()
        self.assertGreaterEqual(len(self.expected), len(self.which))

    def words(self, *more):
        return ["--plugin", PROBE, self.group, *self.which, "-j", self.jobs, "--progress",
                "lines", *more]

    def new_place(self):
        self.count += 1
        return Place(self.dir / str(self.count))

    def copy_of(self, place):
        self.count += 1
        return place.copy(self.dir / str(self.count))

    def start_host(self, place, *words, host=eh.HOST, before=(), stdout=subprocess.DEVNULL):
        process = subprocess.Popen([*before, str(host), *words], cwd=place.folder,
                                   env=self.environment(), stdin=subprocess.DEVNULL,
                                   stdout=stdout, stderr=subprocess.STDOUT, text=True,
                                   errors="replace", start_new_session=True)
        self.started.append(process)
        return process

    def end_processes(self):
        """With strace, which would else let go of what it traces."""
        for process in self.started:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def run_host(self, place, *words, host=eh.HOST, before=(), code=0):
        """Runs eh-host to its end; its code is to be `code`, None for any."""
        process = self.start_host(place, *words, host=host, before=before,
                                  stdout=subprocess.PIPE)
        try:
            output, _ = process.communicate(timeout=eh.PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise AssertionError(f"{shlex.join(words)} hangs") from None
        if code is not None:
            self.assertEqual(process.returncode, code, f"{shlex.join(words)}\n{output}")
        return process.returncode, output

    def wrap_child(self, options):
        """Lets experiments run under strace with these options."""
        run = shlex.join(["strace", "-D", "-f", "-qq", *options, eh.CHILD])
        self.wrapper.write_text(
            "#!/bin/sh\n"
            f'[ "$1" != run ] || exec {run} "$@"\n'
            f'exec {shlex.quote(eh.CHILD)} "$@"\n')
        self.wrapper.chmod(0o755)

    def disturbed(self, place, who, options, words):
        """Runs eh-host, or its experiments, under strace with these options."""
        if who == "child":
            self.wrap_child(options)
            return self.run_host(place, *words, host=self.wrapped, code=None)
        before = ["strace", "-f", "-b", "execve", "-qq", *options]
        return self.run_host(place, *words, before=before, code=None)

    def steps(self, start, who, calls, words, changes=True):
        """The steps of a run that begins with what is in the place `start`."""
        place = self.copy_of(start)
        trace = self.dir / "trace"
        names = ",".join(calls)
        self.disturbed(place, who, ["-A", "-o", str(trace), "-e",
                                    f"trace={names},{LOADED}"], words)
        counts = collections.Counter()
        begun = set()
        loading = collections.Counter()  # calls of the loader, which has the same numbers
        steps = []
        for text in trace.read_text(errors="replace").splitlines():
            match = re.match(r"(\d+ +)?((\w+)\(.*)", text)
            if not match:
                continue
            process, line, call = match.groups()
            counts[process, call] += 1
            if call == LOADED and process not in begun:
                if who == "child" or not begun:  # and not one of the host's threads
                    for name in calls:
                        loading[name] = max(loading[name], counts[process, name])
                begun.add(process)
            # The host's other threads and what it forks come later anyway.
            is_begun = begun if who == "host" else process in begun
            if call not in calls or not is_begun:
                continue
            if changes and call == "openat" and "O_CREAT" not in line:
                continue
            steps.append(Step(call, counts[process, call], line[:100]))
        trace.unlink()
        self.assertTrue(steps, "no steps")
        steps = [step for step in steps if step.number > loading[step.call]]
        return list({(s.call, s.number): s for s in steps}.values())

    def wait_for_end(self, place):
        """Until no process is left of what was started there."""
        wait_for(lambda: not eh.processes_with(f"EH_LAUNCH_DIR={place.folder}"), "all to end")

    def wrong(self, place, done_before=(), notes_before=0):
        """What does not hold of a place where all is to be done."""
        wrong = []
        state = place.state()
        for name, expected in self.expected.items():
            if name not in state:
                wrong.append(f"{name} is not done")
            else:
                wrong += self.differences(name, expected, state[name])
        wrong += self.wrong_notes(place, done_before, notes_before)
        return wrong

    def differences(self, name, expected, got):
        return [f"{name}: {key} is {got.get(key)}, not {expected.get(key)}"
                for key in {**expected, **got} if expected.get(key) != got.get(key)]

    def wrong_notes(self, place, done_before, notes_before):
        notes = place.notes()
        wrong = [note for note in notes if note.startswith(("twice", "outlives"))]
        for note in notes[notes_before:]:
            what, name = note.split()[:2]
            if what == "begin" and f"{self.group}/{name}" in done_before:
                wrong.append(f"done before: {note}")
        return wrong

    def wrong_done(self, place):
        """What is called done, but is not, of a place where a run was cut off."""
        return [line for name, left in place.state().items()
                for line in self.differences(name, self.expected.get(name, {}), left)]

    def finish(self, place, words):
        """Runs again, undisturbed, and returns what does not hold."""
        self.wait_for_end(place)
        wrong = [f"after the first run: {line}" for line in self.wrong_done(place)]
        if self.count % 4 == 0:  # it takes a while
            wrong += self.wrong_views(place)
        done, notes = place.done(), len(place.notes())
        code, output = self.run_host(place, *words, code=None)
        if code != 0:
            wrong.append(f"the second run ends with {code}: {output[-2000:]}")
        if self.can_remove:
            wrong += [f"not removed: {entry}" for entry in place.debris()]
        # What --force does again need not be as it was.
        return wrong + self.wrong(place, () if "--force" in words else done, notes)

    def wrong_views(self, place):
        """Where status and export do not say what the verdicts do."""
        query = [self.group, *self.which]
        done = place.done()
        status = self.host("status", *query, "--json", *self.output(place), cwd=place.folder)
        states = {e["name"]: e["state"] for e in json.loads(status.stdout)[0]["experiments"]}
        rows = self.host("export", *query, "--all", *self.output(place), cwd=place.folder)
        exported = {row["name"]: row["status"] for row in csv.DictReader(io.StringIO(rows.stdout))}
        wrong = []
        for name in {*states, *exported}:
            is_done = f"{self.group}/{name}" in done
            for view, said in ("status", states.get(name)), ("export", exported.get(name)):
                if (said in ("done", "ok")) != is_done:
                    wrong.append(f"{view} says {said} of {name}, done: {is_done}")
        return wrong

    def output(self, place):
        return ["--output", str(place.output)]

    def cut_off(self, place, *words, elsewhere=False):
        """Kills a host, here or as on another machine, between two checkpoints."""
        hold = place.folder / "probe/hold"
        hold.touch()
        process = self.start_host(place, *words, before=ELSEWHERE if elsewhere else ())
        wait_for(lambda: any(n.startswith("holds") for n in place.notes()), "it to hold")
        process.kill()
        process.wait()
        self.wait_for_end(place)
        hold.unlink()
        if elsewhere:
            place.age()
