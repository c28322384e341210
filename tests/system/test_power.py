"""Power that fails: what eh called done is there, and nothing else counts.

The file systems are images that are shut down without writing what is not on
the disk yet, which only root can do.
"""

import fcntl
import json
import os
import pathlib
import shutil
import struct
import subprocess
import unittest

import eh

WRITES = os.environ["EH_WRITES_PLUGIN"]
SHUTDOWN = 0x8004587D  # _IOR('X', 125, __u32)
NO_LOG_FLUSH = 2


class PowerLoss(eh.Case):
    """Each test is run on the file systems for which there is a mkfs."""

    plugin = WRITES

    def on_each_disk(self, test):
        kinds = [kind for kind in ("ext4", "xfs") if shutil.which(f"mkfs.{kind}")]
        if os.geteuid() != 0 or not kinds:
            self.skipTest("needs root, and mkfs.ext4 or mkfs.xfs")
        for kind in kinds:
            with self.subTest(kind):
                self.make_disk(kind)
                test()
                subprocess.run(["umount", self.disk], check=True)

    def make_disk(self, kind):
        self.image = self.dir / f"{kind}.img"
        self.disk = self.dir / kind
        self.disk.mkdir()
        with self.image.open("wb") as image:
            image.truncate(320 << 20)
        subprocess.run(
            [f"mkfs.{kind}", "-q", *(["-F"] if kind == "ext4" else []), self.image],
            check=True,
        )
        self.mount()
        self.addCleanup(
            subprocess.run, ["umount", "-l", self.disk], stderr=subprocess.DEVNULL
        )

    def mount(self):
        mounted = subprocess.run(
            ["mount", "-o", "loop", self.image, self.disk], capture_output=True
        )
        if mounted.returncode != 0:
            self.skipTest("cannot mount an image")

    def lose_power(self):
        disk = os.open(self.disk, os.O_RDONLY)
        fcntl.ioctl(disk, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        os.close(disk)
        subprocess.run(["umount", self.disk], check=True)
        self.mount()

    def write_names(self):
        """Brings all names to the disk, but no content that was not yet there."""
        with (self.disk / "mark").open("w") as mark:
            mark.write("x")
            mark.flush()
            os.fsync(mark.fileno())

    def run_power(self, *words, **more):
        return self.host("power", *words, "--progress", "lines", cwd=self.disk, **more)

    def leaf(self, name):
        return self.disk / "results/power" / name

    def done(self):
        """The leaves whose verdict is there and says ok."""
        found = []
        for path in self.leaf(".").rglob("eh.json"):
            text = path.read_text()
            if text and json.loads(text)["status"] == "ok":
                found.append(path.parent.name)
        return found

    def test_long_experiments_are_there(self):
        def test():
            self.run_power("long")
            self.lose_power()
            self.assertEqual(self.done(), ["long"])
            leaf = self.leaf("long")
            self.assertEqual((leaf / "written.txt").read_text(), 10_000 * "w")
            self.assertEqual((leaf / "deep/written.txt").read_text(), 10_000 * "w")
            self.assertEqual((leaf / "deep/own.txt").read_text(), 10_000 * "o")
            self.assertEqual((self.disk / "elsewhere-long").read_text(), "e")
            self.assertIn("all written", (leaf / "log.txt").read_text())
            self.assertIn('"m"', (leaf / "metrics.jsonl").read_text())
            self.assertIn("1 done before", self.run_power("long").stdout)

        self.on_each_disk(test)

    def test_checkpoints_are_there(self):
        def test():
            self.run_power("checkpoint", code=100)
            self.write_names()
            self.lose_power()
            self.run_power("checkpoint")
            verdict = json.loads((self.leaf("checkpoint") / "eh.json").read_text())
            self.assertEqual(verdict["results"]["attempts"], 2)
            points = (self.leaf("checkpoint") / "metrics.jsonl").read_text().splitlines()
            self.assertEqual([json.loads(point)["step"] for point in points], [1, 2])

        self.on_each_disk(test)

    def test_what_is_lost_is_not_done(self):
        def test():
            self.run_power("short/*")
            self.assertIn("40 done before", self.run_power("short/*").stdout)
            self.write_names()
            self.lose_power()
            left = len(self.done())
            self.assertLess(left, 40)
            shown = self.run_power("short/*").stdout
            self.assertIn(f"{left} done before" if left else "40 to run", shown)
            self.assertEqual(len(self.done()), 40)
            self.assertIn("40 done before", self.run_power("short/*").stdout)

        self.on_each_disk(test)

    def test_plugin_copies_are_whole(self):
        def test():
            self.run_power("short/1")
            self.write_names()
            self.lose_power()
            copies = list((self.disk / "results/.eh/plugins").rglob("*.so"))
            self.assertEqual(
                [copy.read_bytes() for copy in copies],
                [pathlib.Path(WRITES).read_bytes()],
            )
            # One that was torn all the same.
            copies[0].write_bytes(b"")
            self.run_power("short/2")
            self.assertIn("2", self.done())

        self.on_each_disk(test)


@eh.needs_strace
class SyncErrors(eh.Case):
    """A disk that tells only late that it has not taken what was written."""

    plugin = WRITES

    def with_errors(self, calls, *words):
        injected = ["-e", f"inject={calls}:error=EIO"]
        strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}"]
        return subprocess.run(
            [*strace, *injected, *self.arguments(["power", *words], None)],
            cwd=self.dir,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=eh.PATIENCE,
        )

    def test_long_experiments_are_not_ok(self):
        done = self.with_errors("fsync", "long")
        self.assertEqual(done.returncode, 110, done.stdout + done.stderr)
        verdict = self.verdict("power/long")
        self.assertEqual(verdict["status"], "failed")
        self.assertRegex(
            verdict["message"], "cannot bring '.*' to the disk: Input/output error"
        )
        self.host("power", "long")
        self.assertEqual(self.verdict("power/long")["status"], "ok")

    def test_plugins_stay_in_their_place(self):
        done = self.with_errors("fsync", "short/1")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(list((self.dir / "results/.eh/plugins").rglob("*.so")), [])
