"""What experiments log and print: kept, shown live, in log files, complete."""

import json
import os
import re
import subprocess
import threading
import unittest

from eh import HOST, Case, wait_for

LOGGING = os.environ["EH_LOGGING_PLUGIN"]
ADAPTED = os.environ["EH_ADAPTED_PLUGIN"]
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
RECORD = re.compile(rf"({TIME}) (\w+) +\[(\d+)(?: ([^\]]+))?\] (.*)")


class LogCase(Case):
    plugin = LOGGING

    def records(self, name, file="log.txt"):
        """(level, process, place, text) of each record of a leaf."""
        found = []
        for line in (self.leaf(f"log/{name}") / file).read_text().splitlines():
            match = RECORD.fullmatch(line)
            self.assertTrue(match, line)
            found.append(match.groups()[1:])
        return found

    def texts(self, name):
        return [text for _, _, _, text in self.records(name)]

    def configure(self, **values):
        (self.dir / "eh.config.json").write_text(json.dumps(values))


class Everywhere(LogCase):
    def test_from_all_places(self):
        self.host("log", "everywhere")
        found = self.records("everywhere")
        self.assertEqual(
            [text for _, _, _, text in found],
            [
                "from a static object",
                "from the run",
                "from the namespace",
                "from the macro",
                "from a library",
                "from a thread",
                "from a process that was forked",
            ],
        )
        processes = [process for _, process, _, _ in found]
        self.assertEqual(len(set(processes[:-1])), 1)
        self.assertNotEqual(processes[-1], processes[0])
        for _, _, place, text in found:
            file = "logging_library.cc" if "library" in text else "logging.cc"
            self.assertRegex(place, rf"^{file}:\d+$")

    def test_from_threads(self):
        self.host("log", "threads")
        texts = [t for t in self.texts("threads") if t.startswith("thread")]
        for thread in range(8):
            own = [t for t in texts if t.startswith(f"thread {thread} ")]
            self.assertEqual(own, [f"thread {thread} record {i}" for i in range(500)])

    def adapted(self, name):
        self.host("adapted", name, plugin=ADAPTED)
        path = self.leaf(f"adapted/{name}") / "log.txt"
        found = [RECORD.fullmatch(l).groups() for l in path.read_text().splitlines()]
        return [(level, text) for _, level, _, _, text in found], found

    EXPECTED = [
        ("debug", "traced"),
        ("debug", "debugged"),
        ("info", "informed 3"),
        ("warning", "warned"),
        ("error", "failed"),
        ("critical", "ended"),
        ("warning", "placed"),
    ]

    def test_boost_log(self):
        found, whole = self.adapted("boost")
        self.assertEqual(found, self.EXPECTED + [("info", "wide \u03c1")])
        self.assertEqual(whole[-2][3], "model.cc:7")
        self.assertFalse((self.leaf("adapted/boost") / "output.txt").exists())

    def test_spdlog(self):
        found, whole = self.adapted("spdlog")
        self.assertEqual(found, self.EXPECTED + [("info", "mine")])
        self.assertRegex(whole[-2][3], r"^adapted\.cc:\d+$")
        self.assertFalse((self.leaf("adapted/spdlog") / "output.txt").exists())


class Shown(LogCase):
    def test_the_last_words_of_one_that_dies(self):
        done = self.host("log", "segfault", "killed", code=100)
        for name in ("segfault", "killed"):
            self.assertEqual(self.texts(name)[-1], "the last words")
            self.assertRegex(
                done.stdout,
                rf"(?m)^{name} warning: the last words  \(logging\.cc:\d+\)$",
            )

    def test_what_is_printed(self):
        shown = self.host("log", "prints", "-vv").stdout
        self.assertIn("prints info: logged between\n", shown)
        printed = re.findall(r"(?m)^prints \| (.*)$", shown)
        self.assertEqual(
            printed,
            ["printed on stdout", "printed on stderr", "over it", "without an end"],
        )
        self.assertNotIn(" | ", self.host("log", "prints", "-vf").stdout)
        self.assertEqual(
            (self.leaf("log/prints") / "output.txt").read_bytes(),
            b"printed on stdout\nprinted on stderr\n"
            b"printed \x1b[31mred\x1b[0m\rover it\nwithout an end",
        )

    def test_while_it_runs(self):
        process = self.start("log", "steps", "-vv")
        seen = []

        def until(text):
            while text not in "".join(seen):
                line = process.stdout.readline()
                self.assertTrue(line, seen)
                seen.append(line)

        until("steps info: first step\n")
        until("steps | first line\n")
        self.open("go")
        until("steps warning: second step")
        self.assertFalse(self.has_verdict("log/steps"))
        self.open("end")
        self.finish(process)

    def test_as_json(self):
        events = self.events(self.host("log", "levels", "--json", "-v").stdout)
        logged = [e for e in events if e["event"] == "log"]
        self.assertEqual(
            [(e["level"], e["experiment"]) for e in logged],
            [(l, "levels") for l in ("info", "warning", "error", "critical")],
        )
        self.assertEqual(logged[0]["text"], "two\nlines")

    def test_a_full_disk_behind_stdout(self):
        for words, code in ((["--json"], 110), (["-f"], 0)):
            with open("/dev/full", "w") as full:
                done = subprocess.run(
                    self.arguments(["log", "levels", *words], None),
                    cwd=self.dir,
                    env=self.environment(),
                    stdout=full,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            self.assertEqual(done.returncode, code)
            self.assertIn("cannot write to stdout: No space left", done.stderr)
            self.assertEqual(self.verdict("log/levels")["status"], "ok")

    def test_who_reads_no_further(self):
        self.host("log", "levels", "side")
        command = f"set -o pipefail; {HOST} --plugin {LOGGING} logs log | head -1"
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.dir,
            env=self.environment(),
            capture_output=True,
            text=True,
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.count("\n"), 1)

    def test_with_a_status_line(self):
        """No line is torn by the status line, nor the other way round."""
        shown, code = self.on_terminal(
            "--plugin", LOGGING, "log", "side", "-v", "-j4", "--progress=bar"
        )
        self.assertEqual(code, 0)
        plain = re.sub(r"\x1b\[\d*m", "", shown)
        count = 0
        for line in plain.split("\n"):
            # A terminal shows what is behind the last erasure of a line.
            line = line.rstrip("\r").rpartition("\r\x1b[K")[2]
            if "record" in line:
                self.assertRegex(line, r"^side/\d+ info: record \d+$")
                count += 1
        self.assertEqual(count, 16 * 2000)
        self.assertIn("running", plain)


class Volume(LogCase):
    def test_many_from_one(self):
        self.configure(logfiles=[{"file": "all.log"}, {"file": "all.jsonl"}])
        shown = self.host("log", "many", "-v").stdout
        wanted = [f"record {i}" for i in range(200_000)]
        self.assertEqual(self.texts("many")[1:], wanted)
        self.assertEqual(re.findall(r"(?m)^many info: (record \d+)$", shown), wanted)
        text = (self.dir / "all.log").read_text()
        self.assertEqual(re.findall(r"(?m)\] (record \d+)$", text), wanted)
        entries = map(json.loads, self.lines("all.jsonl"))
        self.assertEqual(
            [e["text"] for e in entries if e["text"].startswith("record")], wanted
        )

    def test_many_at_once(self):
        self.configure(logfiles=[{"file": "all.log"}])
        shown = self.host("log", "side", "-j16", "-v").stdout
        text = (self.dir / "all.log").read_text()
        wanted = [f"record {i}" for i in range(2000)]
        for seed in range(1, 17):
            name = f"side/{seed}"
            self.assertEqual(self.texts(name)[1:], wanted)
            on_terminal = re.findall(rf"(?m)^{name} info: (record \d+)$", shown)
            self.assertEqual(on_terminal, wanted)
            in_file = re.findall(rf"(?m) log/{name} .*\] (record \d+)$", text)
            self.assertEqual(in_file, wanted)

    def test_a_terminal_that_nobody_reads(self):
        """It holds up no experiment, and what was not shown is counted."""
        process = self.start("log", "many", "side", "-v")
        names = ["log/many"] + [f"log/side/{i}" for i in range(1, 17)]
        for name in names:
            wait_for(lambda: self.has_verdict(name), name)
        shown = self.finish(process)
        count = len(re.findall(r"(?m)^\S+ info: record \d+$", shown))
        missing = re.search(r"([\d,]+) records? not shown", shown)
        missing = int(missing[1].replace(",", "")) if missing else 0
        self.assertEqual(count + missing, 200_000 + 16 * 2000)
        self.assertIn("17 experiments: 17 ok", shown)


class LogFiles(LogCase):
    def test_what_they_hold(self):
        self.configure(logfiles=[{"file": "logs/all.log"}, {"file": "all.jsonl"}])
        self.host("log", "levels", "killed", code=100)
        text = (self.dir / "logs/all.log").read_text()
        for part in (
            rf"{TIME} info     log \[\d+\] running \S*eh-host .* log levels killed: 2 ",
            rf"{TIME} debug    log/levels \[\d+\] started, attempt 1",
            rf"{TIME} debug    log/levels \[\d+ logging.cc:\d+\] for who looks",
            rf"{TIME} info     log/levels \[\d+ logging.cc:\d+\] two\n    lines\n",
            rf"{TIME} error    log/killed \[\d+\] crashed after \S+: killed by SIGKILL",
            rf"{TIME} info     log \[\d+\] ended after \S+: 1 ok, 1 failed",
        ):
            self.assertRegex(text, part)
        entries = [json.loads(line) for line in self.lines("all.jsonl")]
        by_text = {e["text"]: e for e in entries}
        entry = by_text["for who trusts the result"]
        self.assertEqual(
            (entry["level"], entry["group"], entry["experiment"], entry["file"]),
            ("warning", "log", "levels", "logging.cc"),
        )
        self.assertEqual(by_text["two\nlines"]["level"], "info")

    def test_runs_add_to_them(self):
        self.configure(logfiles=[{"file": "all.log"}])
        self.host("log", "levels")
        before = (self.dir / "all.log").read_text()
        self.host("log", "prints")
        self.assertTrue((self.dir / "all.log").read_text().startswith(before))

    def test_rotation(self):
        self.configure(logfiles=[{"file": "all.log", "size": 0.5, "count": 3}])
        self.host("log", "side")
        files = sorted(self.dir.glob("all.log*"))
        self.assertEqual([f.name for f in files], ["all.log", "all.log.1", "all.log.2"])
        for file in files:
            self.assertLessEqual(file.stat().st_size, 500_000)
            self.assertTrue(file.read_bytes().endswith(b"\n"))
        text = "".join(f.read_text() for f in reversed(files))
        self.assertEqual(len(re.findall("16 ok", text)), 1)
        # What is there is without a gap.
        one = re.findall(r"(?m)log/side/16 .*record (\d+)$", text)
        self.assertEqual(one, [str(i) for i in range(2000 - len(one), 2000)])

    def test_one_that_cannot_be_opened(self):
        self.open("plain")
        self.configure(logfiles=[{"file": "plain/all.log"}])
        done = self.host("log", "levels", code=110)
        for part in ("plain", "Not a directory", "logfiles"):
            self.assertIn(part, done.stderr)
        self.assertFalse(self.leaf("log/levels").exists())

    def test_a_full_disk(self):
        """The results are what counts; what the log file lacks is told."""
        self.configure(logfiles=[{"file": "/dev/full"}])
        done = self.host("log", "levels")
        self.assertRegex(
            done.stderr, r"\d+ records are missing in '/dev/full': No space left"
        )
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_one_that_nobody_reads(self):
        """A pipe, say: holds up nothing, and what is missing is counted."""
        os.mkfifo(self.dir / "pipe")
        reader = os.open(self.dir / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.configure(logfiles=[{"file": "pipe"}])
        done = self.host("log", "many")
        self.assertIn("1 experiment: 1 ok", done.stdout)
        self.assertRegex(
            done.stderr, r"[\d,]+ records are missing in '.*pipe': nothing could be"
        )


class Logs(LogCase):
    """The command that shows and follows them."""

    def logs(self, *words, **more):
        return self.host("logs", *words, **more).stdout

    def test_of_one(self):
        self.host("log", "levels", "prints")
        shown = self.logs("log", "levels")
        self.assertEqual(shown, self.logs("log/levels"))
        self.assertEqual(shown, self.logs("levels"))
        self.assertEqual(len(re.findall(rf"(?m)^{TIME} ", shown)), 6)
        self.assertRegex(shown, r"info +log/levels \[\d+ logging.cc:\d+\] two\n    lines\n")
        shown = self.logs("log", "prints")
        self.assertIn("log/prints | printed on stderr\n", shown)

    def test_levels(self):
        self.host("log", "levels", "prints")
        shown = self.logs("log", "--level", "error")
        self.assertEqual(len(shown.splitlines()), 2)
        self.assertNotIn(" | ", self.logs("log", "--level=info"))
        silent = self.host("logs", "log", "prints", "--level=error")
        self.assertIn("nothing was logged", silent.stderr)
        done = self.host("logs", "log", "--level", "warn", code=2)
        self.assertIn("did you mean 'warning'?", done.stderr)

    def test_as_json(self):
        self.host("log", "levels", "prints")
        entries = self.events(self.logs("log", "--json"))
        self.assertIn("two\nlines", [e["text"] for e in entries])
        printed = [e for e in entries if e.get("source") == "output"]
        self.assertEqual(len(printed), 4)

    def test_attempts(self):
        self.host("log", "retried", "--retries", "1")
        self.assertIn("this is attempt 2", self.logs("log", "retried"))
        self.assertIn("attempt 2", self.logs("log", "retried", "--attempt", "2"))
        first = self.logs("log", "retried", "--attempt", "1")
        self.assertIn("this is attempt 1", first)
        self.assertRegex(first.splitlines()[-1], "^log/retried failed after .*s: .")
        self.assertNotIn(" after ", self.logs("log", "retried"))
        self.assertNotIn("attempt 2", first)
        done = self.host("logs", "log", "retried", "--attempt", "3", code=4)
        self.assertIn("2 attempts", done.stderr)

    def test_a_verdict_of_another_name(self):
        words = ("--set", "meta_filename=result.json")
        self.host("log", "retried", *words, code=100)
        shown = self.logs("log", "retried", *words)
        self.assertRegex(shown.splitlines()[-1], "^log/retried failed after .*s: .")

    def test_nothing_there(self):
        self.assertIn("none of these has run", self.host("logs", "log").stderr)
        self.host("logs", "log", "levls", code=4)
        self.host("logs", "nothing-like-it", code=4)
        for words in (["--level=info"], ["--attempt=1"], ["--follow"]):
            done = self.host("log", "levels", *words, code=2)
            self.assertIn("goes with the command 'logs'", done.stderr)

    def test_following_before_it_runs(self):
        """What is over before it was seen to run is shown as well."""
        follower, lines = self.follow("levels")
        self.assertIn("waiting", follower.stderr.readline())
        self.host("log", "levels")
        self.assertEqual(follower.wait(60), 0)
        wait_for(lambda: len(lines) >= 7, "all lines")
        self.assertEqual(len([l for l in lines if re.match(TIME, l)]), 6)

    def follow(self, *words):
        """Starts logs -f; returns the process, and its lines as they come."""
        follower = subprocess.Popen(
            self.arguments(["logs", "log", *words, "-f"], None),
            cwd=self.dir,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(follower)
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(follower.stdout))
        reader.start()
        self.addCleanup(reader.join)
        return follower, lines

    def follow_steps(self, run, follower, lines):
        def has(text):
            wait_for(lambda: any(text in line for line in lines), text)

        has("first step")
        has("| first line")
        self.assertFalse(any("second step" in line for line in lines))
        self.open("go")
        has("second step")
        self.open("end")
        self.finish(run)
        self.assertEqual(follower.wait(60), 0)
        text = "".join(lines)
        self.assertEqual(text.count("first step"), 1)
        self.assertEqual(text.count("second step"), 1)

    def test_following(self):
        run = self.start("log", "steps", "retried", "--retries", "1")
        wait_for(lambda: (self.leaf("log/steps") / "log.txt").exists(), "the log")
        self.follow_steps(run, *self.follow())

    def test_following_before_the_first_run(self):
        follower, lines = self.follow("steps")
        self.assertIn("waiting", follower.stderr.readline())
        run = self.start("log", "steps")
        self.follow_steps(run, follower, lines)


if __name__ == "__main__":
    unittest.main()
