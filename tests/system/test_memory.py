"""The memory of eh-host, which is bounded whatever experiments leave behind."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import unittest

import eh
from eh import wait_for

MOST = 100 << 20  # bytes; a host that does nothing has some 20 MB
HUGE = 300 << 20


@unittest.skipIf(eh.SANITIZED, "sanitizers need memory of their own")
class Bounded(eh.Case):
    plugin = os.environ["EH_LOGGING_PLUGIN"]

    def peak_of(self, process):
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) << 10

    def measured(self, *words, code=0, host=eh.HOST):
        """Runs eh-host; returns the end of what it printed."""
        with (self.dir / "shown").open("w+b") as shown:
            process = subprocess.Popen(self.arguments(words, None), executable=host, cwd=self.dir,
                                       stdout=shown, stderr=shown, stdin=subprocess.DEVNULL,
                                       env=self.environment())
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            shown.seek(max(0, shown.tell() - 4000))
            text = shown.read().decode(errors="replace")
        self.assertEqual(process.returncode, code, text)
        self.assertLess(usage.ru_maxrss << 10, MOST, words)
        return text

    def talkative(self, script):
        """An eh-host whose plugins run a script before they are described."""
        host = self.dir / "eh-host"
        shutil.copy(eh.HOST, host)
        child = self.dir / "eh-child"
        child.write_text(f'#!/bin/sh\n[ "$1" != describe ] || {{ {script}\n}}\n'
                         f'exec {shlex.quote(eh.CHILD)} "$@"\n')
        child.chmod(0o755)
        return host

    def test_while_a_plugin_is_described(self):
        for script in (f"yes no description | head -c {HUGE}",
                       f"yes no description | head -c {HUGE} >&2",
                       f"head -c {HUGE} /dev/zero; echo"):
            with self.subTest(script):
                self.assertIn("texts", self.measured("list", "big", host=self.talkative(script)))
        host = self.talkative("yes and so on")
        self.measured("list", "--load-timeout", "300ms", code=3, host=host)
        self.assertIn("it did not load within 0.30s", (self.dir / "shown").read_text()[:1000])

    def test_while_it_runs(self):
        shown = self.dir / "shown"
        (self.dir / "eh.config.json").write_text(json.dumps({"logfiles": [{"file": "all.log"}]}))
        with shown.open("wb") as file:
            process = subprocess.Popen(
                self.arguments(["big", "texts", "-vv", "--progress", "lines"], None), cwd=self.dir,
                stdout=file, stderr=file, stdin=subprocess.DEVNULL, env=self.environment())
        self.started.append(process)
        # All of what it printed, in parts; of what it logged, some.
        wait_for(lambda: shown.stat().st_size > 48_000_000)
        wait_for(lambda: b"more bytes in log.txt" in shown.read_bytes())
        self.assertLess(self.peak_of(process), MOST)
        self.open()
        self.assertEqual(process.wait(eh.PATIENCE), 100)
        self.assertLess(shown.stat().st_size, 60_000_000)
        self.assertIn("more bytes in log.txt", (self.dir / "all.log").read_text())
        leaf = self.leaf("big/texts")
        self.assertGreater((leaf / "log.txt").stat().st_size, 48_000_000)
        self.assertIn("bytes more)", self.verdict("big/texts")["message"])
        self.measured("logs", "big", "texts")
        self.measured("status", "big")

    def test_lines_without_end(self):
        self.host("big", "results", code=100)
        leaf = self.leaf("big/results")
        for name in ("log.txt", "metrics.jsonl"):
            with (leaf / name).open("wb") as file:
                file.seek(HUGE)
                file.write(b'\n{"name":"a","step":1,"value":2}\n')
        with (leaf / "output.txt").open("wb") as file:  # all of which is shown
            for _ in range(HUGE // 2 >> 20):
                file.write(b"x" * (1 << 20))
        self.assertIn("more bytes in log.txt", self.measured("logs", "big", "results"))
        text = self.measured("export", "big", "results", "--metrics")
        self.assertIn("results,a,1,2", text)
        self.measured("big", "results", "-vv", code=100)

    def test_verdicts_without_end(self):
        self.host("big", "results", code=100)
        verdict = self.verdict("big/results")
        self.assertIn("9000011 bytes, and no more than 8388608 have room", verdict["message"])
        self.assertNotIn("results", verdict)
        leaf = self.leaf("big/results")
        with (leaf / "eh.json").open("r+b") as file:
            file.seek(HUGE)
            file.write(b"\n")
        self.assertIn("File too large", self.measured("big", "results", code=110))
        for words in (["status", "big"], ["export", "big"]):
            self.measured(*words)


if __name__ == "__main__":
    unittest.main()
