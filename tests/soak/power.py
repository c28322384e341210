"""A file system in a file, whose power can be cut."""

import contextlib
import fcntl
import os
import shutil
import struct
import subprocess

from eh import wait_for

# EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN, _IOR('X', 125, uint32), of which 2
# writes out nothing.
SHUTDOWN, NOTHING = 0x8004587D, 2
MAKE = {"ext4": ["mkfs.ext4", "-q", "-F"], "xfs": ["mkfs.xfs", "-q", "-f"]}
SIZE = {"ext4": 64, "xfs": 320}  # MB
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"


class Unavailable(Exception):
    """Says why there can be no such disk."""


class Disk:
    def __init__(self, kind, image, place):
        self.kind, self.image, self.place = kind, image, place
        if not shutil.which(MAKE[kind][0], path=PATH):
            raise Unavailable(f"needs {MAKE[kind][0]}")
        with image.open("wb") as file:
            file.truncate(SIZE[kind] << 20)
        self.run(*MAKE[kind], image)
        place.mkdir()
        self.mount()

    def run(self, *command):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                              env={**os.environ, "PATH": PATH})
        if done.returncode != 0:
            raise Unavailable(f"{command[0]}: {done.stderr.strip()}")

    def mount(self):
        self.run("mount", "-o", "loop", self.image, self.place)

    def unmount(self):
        def done():
            with contextlib.suppress(Unavailable):
                self.run("umount", self.place)
                return True
        wait_for(done, "the disk to be free")

    def commit(self):
        """Names reach the disk, and what is in files that have them need not."""
        path = self.place / "committed"
        with path.open("wb") as file:
            os.fsync(file.fileno())
        path.unlink()

    def cut(self):
        at = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(at, SHUTDOWN, struct.pack("I", NOTHING))
        finally:
            os.close(at)

    def again(self):
        self.unmount()
        self.mount()

    def remove(self):
        subprocess.run(["umount", "-l", str(self.place)], capture_output=True)
        self.image.unlink(missing_ok=True)
