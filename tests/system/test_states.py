"""States in checkpoints: an experiment that goes on ends as if never stopped."""

import os
import signal
import unittest

import eh
from eh import wait_for

RESULTS = ("weights.bin", "best.json", "scores.json")


class Learner(eh.Case):
    plugin = os.environ["EH_RESULTS_PLUGIN"]
    name = "learns"

    def setUp(self):
        super().setUp()
        self.open()
        self.host("learning", self.name)
        self.expected = self.found()
        self.assertGreater(len(set(self.expected)), 1)
        (self.dir / "open").unlink()

    @property
    def checkpoint(self):
        return self.leaf(f"learning/{self.name}") / "checkpoint"

    def found(self):
        return [(self.leaf(f"learning/{self.name}") / file).read_bytes() for file in RESULTS]

    def stop(self, *words):
        """Starts it and stops it at its next tenth step."""
        before = self.checkpoint.read_bytes() if self.checkpoint.exists() else b""
        process = self.start("learning", self.name, *words)
        wait_for(lambda: self.checkpoint.exists() and self.checkpoint.read_bytes() != before)
        process.send_signal(signal.SIGINT)
        self.finish(process, 130)
        self.assertEqual(self.verdict(f"learning/{self.name}")["status"], "stopped")

    def go_on(self):
        self.open()
        self.host("learning", self.name)
        verdict = self.verdict(f"learning/{self.name}")
        self.assertEqual(verdict["status"], "ok")
        self.assertEqual(self.found(), self.expected)
        return verdict

    def refused(self, reason):
        """It fails, says why, and leaves the file as it is."""
        before = self.checkpoint.read_bytes()
        self.host("learning", self.name, code=100)
        verdict = self.verdict(f"learning/{self.name}")
        self.assertEqual(verdict["status"], "failed")
        self.assertIn(f"cannot resume from '{self.checkpoint}': {reason}", verdict["message"])
        self.assertIn("or remove the file", verdict["message"])
        self.assertEqual(self.checkpoint.read_bytes(), before)

    def test_ctrl_c(self):
        self.stop("--force")
        self.stop()
        self.assertEqual(self.go_on()["results"]["first step"], 20)
        self.assertFalse(self.checkpoint.exists())

    def test_time_limit(self):
        self.stop("--force")
        self.host("learning", self.name, "--timeout", "300ms", "--grace-period", "60", code=100)
        self.assertEqual(self.verdict(f"learning/{self.name}")["status"], "timeout")
        self.assertGreaterEqual(self.go_on()["results"]["first step"], 10)
        self.assertFalse(self.checkpoint.exists())

    def test_kept_if_told_so(self):
        self.name = "learns-and-keeps"
        self.stop()
        self.go_on()
        self.assertTrue(self.checkpoint.exists())

    def test_version(self):
        self.stop("--force")
        self.open("second version")
        self.refused("its state is of version 1 and not of version 2")
        self.refused("its state is of version 1 and not of version 2")
        (self.dir / "second version").unlink()
        self.assertEqual(self.go_on()["results"]["first step"], 10)

    def test_damaged(self):
        self.stop("--force")
        whole = self.checkpoint.read_bytes()
        flipped = bytearray(whole)
        flipped[len(flipped) // 2] ^= 16
        self.checkpoint.write_bytes(flipped)
        self.refused("it is damaged")
        self.checkpoint.write_bytes(whole[: len(whole) // 2])
        self.refused("it is cut short")
        self.checkpoint.write_bytes(b"")
        self.refused("it is cut short")
        self.checkpoint.write_bytes(whole)
        self.assertEqual(self.go_on()["results"]["first step"], 10)

    def test_removed_by_hand(self):
        self.stop("--force")
        self.checkpoint.unlink()
        self.assertEqual(self.go_on()["results"]["first step"], 0)


if __name__ == "__main__":
    unittest.main()
