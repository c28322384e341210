"""System calls that fail: said in words, nothing called done that is not."""

import shutil
import unittest

import campaign
from campaign import CODES, spread

# What each call can fail with on a machine that is full, failing or busy.
ERRORS = {
    "openat": ("EMFILE", "ENOSPC", "EIO"),
    "read": ("EIO", "EINTR"),
    "write": ("ENOSPC", "EIO", "EINTR"),
    "close": ("EIO", "EINTR"),
    "mkdirat": ("ENOSPC", "EIO"),
    "symlinkat": ("ENOSPC", "EIO"),
    "renameat": ("ENOSPC", "EIO"),
    "rename": ("ENOSPC", "EIO"),
    "unlinkat": ("EIO",),
    "linkat": ("ENOSPC",),
    "ftruncate": ("EIO",),
    "fsync": ("EIO", "ENOSPC"),
    "fdatasync": ("EIO",),
    "sendfile": ("ENOSPC", "EIO"),
    "copy_file_range": ("ENOSPC", "EIO"),
    "getdents64": ("EIO", "ENOMEM"),
    "newfstatat": ("EIO",),
    "statx": ("EIO",),
    "readlinkat": ("EIO",),
    "utimensat": ("EIO",),
    "clone3": ("EAGAIN", "ENOMEM"),
    "clone": ("EAGAIN", "ENOMEM"),
    "vfork": ("EAGAIN", "ENOMEM"),
    "execve": ("ENOMEM", "EIO"),
    "pipe2": ("EMFILE", "ENFILE"),
    "pidfd_open": ("EMFILE", "ENOMEM"),
    "eventfd2": ("EMFILE",),
    "timerfd_create": ("EMFILE",),
    "epoll_create1": ("EMFILE",),
    "epoll_wait": ("EINTR",),
    "poll": ("EINTR",),
    "ppoll": ("EINTR",),
    "wait4": ("EINTR",),
    "waitid": ("EINTR",),
    "mmap": ("ENOMEM",),
    "fcntl": ("EMFILE",),
    "dup2": ("EMFILE",),
    "chdir": ("EIO",),
}


class Case(campaign.Case):
    can_remove = False  # a lease that could not be read stays

    def sweep(self, who, start=None, words=None):
        start = start or self.new_place()
        words = words or self.words()
        # Those of the loader are not the program's, and execve is what strace itself begins with.
        steps = self.steps(start, who, ERRORS, words, changes=False)
        faults = [(s, error) for s in steps for error in ERRORS[s.call]]
        for step, error in spread(faults, campaign.STEPS * 2):
            with self.subTest(f"{step.call} {step.number} {error}", line=step.line):
                place = self.copy_of(start)
                inject = f"inject={step.call}:error={error}:when={step.number}"
                options = ["-o", "/dev/null", "-e", f"trace={step.call}", "-e", inject]
                code, output = self.disturbed(place, who, options, words)
                self.assertIn(code, CODES, output)
                if code != 0:
                    self.assertTrue(output.strip(), f"says nothing and ends with {code}")
                for bad in campaign.BAD_WORDS:
                    self.assertNotIn(bad, output)
                self.assertEqual(self.finish(place, words), [])
                shutil.rmtree(place.folder)


class Host(Case):
    def test_from_nothing(self):
        self.sweep("host")


class Child(Case):
    def test_from_nothing(self):
        self.sweep("child")


if __name__ == "__main__":
    unittest.main()
