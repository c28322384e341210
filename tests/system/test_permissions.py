"""Permissions, links and depths of one leaf are no reason to stop the others."""

import json
import os
import shutil
import subprocess
import unittest

import eh

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def can_be_nobody():
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return False
    return subprocess.run([*AS_NOBODY, "test", "-x", eh.HOST]).returncode == 0


class Leaf(eh.Case):
    """Leaves work/count/1 to 4, of which one is not as it should be."""

    names = [f"count/{i}" for i in range(1, 5)]

    def failed(self, name, **more):
        leaf = self.leaf(f"work/{name}")
        leaf.mkdir(parents=True)
        verdict = {"format": 1, "status": "failed", "message": "as told", "attempt": 1}
        (leaf / "eh.json").write_text(json.dumps(verdict | {"seconds": 1} | more))
        return leaf

    def statuses(self, *names):
        return [self.verdict(f"work/{name}")["status"] for name in names]


class Deep(Leaf):
    def test_deeper_than_a_path_can_be(self):
        leaf = self.failed("count/2")
        at = os.open(leaf, os.O_RDONLY)
        for _ in range(1500):
            os.mkdir("deep", dir_fd=at)
            below = os.open("deep", os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = below
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=at))
        os.close(at)
        self.host("work", *self.names)
        self.assertEqual(self.statuses(*self.names), ["ok"] * 4)
        self.assertTrue((leaf / ".eh/attempts/1/deep/deep").exists())
        said = self.host("clean", "work", "--attempts").stdout
        self.assertIn("2 files", said)
        self.assertFalse((leaf / ".eh").exists())


class Links(Leaf):
    def setUp(self):
        super().setUp()
        self.outside = self.dir / "outside"
        (self.outside / "attempts/1").mkdir(parents=True)
        (self.outside / "attempts/1/precious").write_text("x")

    def check_outside(self):
        self.assertEqual((self.outside / "attempts/1/precious").read_text(), "x")
        self.assertEqual(os.listdir(self.outside), ["attempts"])
        self.assertEqual(os.listdir(self.outside / "attempts"), ["1"])

    def test_in_the_place_of_eh_in_a_leaf(self):
        leaf = self.failed("count/2")
        (leaf / ".eh").symlink_to(self.outside)
        said = self.host("work", *self.names, code=110).all
        self.assertIn("symbolic link", said)
        self.assertEqual(self.statuses(*self.names), ["ok", "failed", "ok", "ok"])
        self.host("clean", "work", "--attempts", code=110)
        self.check_outside()
        self.host("clean", "work", "count/2")
        self.check_outside()
        self.host("work", *self.names)

    def test_in_the_place_of_attempts(self):
        leaf = self.failed("count/2")
        (leaf / ".eh").mkdir()
        (leaf / ".eh/attempts").symlink_to(self.outside / "attempts")
        self.host("work", *self.names, code=110)
        self.host("clean", "work", "--attempts", code=110)
        self.check_outside()

    def test_in_the_place_of_eh_in_the_output_folder(self):
        (self.dir / "results").mkdir()
        (self.dir / "results/.eh").symlink_to(self.outside)
        said = self.host("work", "count/1", code=110).all
        self.assertIn("symbolic link", said)
        self.check_outside()

    def test_ones_own_group_may_be_elsewhere(self):
        (self.dir / "results").mkdir()
        disk = self.dir / "disk"
        disk.mkdir()
        (self.dir / "results/work").symlink_to(disk)
        self.host("work", *self.names)
        self.assertEqual(self.statuses(*self.names), ["ok"] * 4)
        self.assertTrue((disk / "count/1/eh.json").exists())
        self.host("clean", "work", "--done")
        self.assertTrue(disk.exists())


@unittest.skipUnless(can_be_nobody(), "root is needed, and programs that all may run")
class AnotherUser(Leaf):
    def setUp(self):
        super().setUp()
        os.chown(self.dir, NOBODY, NOBODY)

    def arguments(self, words, plugin):
        return [*AS_NOBODY, *super().arguments(words, plugin)]

    def give(self, folder=None):
        """What is there is nobody's."""
        top = self.dir / "results"
        for path in [top, *top.rglob("*")]:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

    def test_own_read_only_folders(self):
        leaf = self.failed("count/2")
        (leaf / "data").mkdir()
        (leaf / "data/x.csv").write_text("1")
        self.give()
        (leaf / "data").chmod(0o555)
        leaf.chmod(0o555)
        self.host("work", *self.names)
        self.assertEqual(self.statuses(*self.names), ["ok"] * 4)
        kept = leaf / ".eh/attempts/1/data"
        self.assertEqual((kept / "x.csv").read_text(), "1")
        self.assertEqual(kept.stat().st_mode & 0o777, 0o555)
        self.host("clean", "work", "--attempts")
        self.assertFalse(kept.exists())

    def test_leaves_of_others(self):
        self.failed("count/2")
        self.give()
        leaf = self.leaf("work/count/2")
        for path in (leaf, leaf / "eh.json"):
            os.chown(path, 0, 0)
        for mode, state in (0o755, "failed"), (0o700, "unreadable"):
            leaf.chmod(mode)
            for _ in range(2):
                said = self.host("work", *self.names, code=110).all
                self.assertIn("count/2", said)
                self.assertIn("Permission denied", said)
            self.assertEqual(self.statuses("count/1", "count/3", "count/4"), ["ok"] * 3)
            shown = self.host("status", "work", *self.names).stdout
            self.assertIn("3 done", shown)
            self.assertIn(f"1 {state}", shown)
            self.assertIn(state, self.host("export", "work", "--all").stdout)
            self.host("explain", "work", *self.names)
            self.host("logs", "work", *self.names)
        self.host("clean", "work", "count/2", code=110)

    def test_the_output_folder_itself(self):
        self.failed("count/2")
        (self.dir / "results").chmod(0o755)
        said = self.host("work", *self.names, code=110).all
        self.assertIn("Permission denied", said)


if __name__ == "__main__":
    unittest.main()
