"""Listing, matching, dry runs, help: what changes nothing."""

import json
import os
import unittest

import eh


class Help(eh.Case):
    def test_groups(self):
        text = self.host("--help").stdout
        self.assertRegex(text, r"main +experiments of many kinds +\(43 exp")
        self.assertIn("work", text)
        for code in ("0 ", "2 ", "3 ", "4 ", "100", "101", "102", "110", "128+n"):
            self.assertIn(code, text)

    def test_group(self):
        text = self.host("main", "--help").stdout
        self.assertRegex(text, r"baseline +the usual settings")
        self.assertIn("sweep/c={1,2,4}/load={0.1,0.5,0.9}/{1..3}", text)
        self.assertIn("day{1..12}", text)
        self.assertIn("one of many days", text)

    def test_without_plugin(self):
        self.assertIn("--plugin", self.host("--help", plugin="").stdout)
        self.assertIn(
            "no plugin is given", self.host("main", plugin="", code=2).stderr
        )

    def test_version(self):
        self.assertRegex(self.host("--version", plugin="").stdout, r"^eh-host \d")

    def test_plugins(self):
        text = self.host("plugins").stdout
        self.assertIn(eh.BASIC, text)
        self.assertIn("compiler", text)
        listed = json.loads(self.host("plugins", "--json").stdout)
        self.assertEqual(listed[0]["groups"], ["main", "work"])
        self.assertEqual(listed[0]["abi"], "1.3")


class List(eh.Case):
    def names(self, *words, code=0):
        done = self.host(*words, "--list", "--json", code=code)
        return [entry["name"] for entry in json.loads(done.stdout)]

    def test_parameters(self):
        text = self.host("main", "-l").stdout
        self.assertRegex(
            text, r"sweep/c=1/load=0.1/\{1..3\} +load=0.1 servers=1 seed=1..3"
        )
        self.assertRegex(text, r"heavy +load=0.95 .*text=\"a b/c\" sizes=\[1,2\]")

    def test_json(self):
        entries = json.loads(self.host("main", "heavy", "-l", "--json").stdout)
        self.assertEqual(len(entries), 1)
        self.assertEqual(
            entries[0]["parameters"],
            {
                "load": 0.95,
                "servers": 1,
                "seed": 1,
                "verbose": False,
                "method": "fast",
                "text": "a b/c",
                "sizes": [1, 2],
            },
        )
        self.assertEqual(self.host("list", "--json").stdout.count('"name"'), 119)

    def test_order_and_patterns(self):
        self.assertEqual(self.names("main", "heavy", "b*", "heavy"), ["heavy", "baseline"])
        self.assertEqual(len(self.names("main", "sweep")), 27)
        self.assertEqual(len(self.names("main", "sweep/c=2/")), 9)
        self.assertEqual(len(self.names("main", "*load=0.1*")), 9)
        self.assertEqual(self.names("main", "day[2-3]"), ["day2", "day3"])
        self.assertEqual(self.names("main", "day?[02]"), ["day10", "day12"])
        self.assertEqual(self.names("main", "{heavy,method/e*}"), ["heavy", "method/exact"])
        self.assertEqual(len(self.names("main")), 43)
        self.assertEqual(len(self.names("main", "--exclude", "sweep/*", "--exclude", "day*")), 4)

    def test_what_is_printed_is_taken(self):
        for listing in (self.host("main", "-l"), self.host("main", "--help")):
            names = []
            lines = listing.stdout.partition("Experiments:\n")
            for line in (lines[2] or lines[0]).splitlines():
                if not line:
                    break
                names += self.names("main", line.split()[0])
            self.assertEqual(sorted(names), sorted(self.names("main")))
        self.assertEqual(len(self.names("main", "day{1..12}")), 12)
        self.assertEqual(self.names("main", "day{9..10}"), ["day9", "day10"])

    def test_a_set_that_was_meant_as_a_range(self):
        listed = self.host("main", "day[1-12]", "-l")
        self.assertIn("'[1-12]' takes one character, not a number (write '{1..12}')", listed.stderr)
        self.assertEqual(self.host("main", "day[1-2]", "-l").stderr, "")
        cleaned = self.host("clean", "main", "*", "--exclude", "day[1-12]", "--done", "-d")
        self.assertEqual(cleaned.stderr.count("(write '{1..12}')"), 1)
        asked = self.host("main", "--where", 'seed ~ "[1-12]"', "-l")
        self.assertIn("(write '{1..12}')", asked.stderr)

    def test_where(self):
        self.assertEqual(len(self.names("main", "--where", "load<0.5 && seed==3")), 3)
        self.assertEqual(
            self.names("main", "--where", "method==exact or load > 0.92"),
            ["heavy", "method/exact"],
        )
        error = self.host("main", "--where", "lod<0.5", code=2).stderr
        self.assertIn("'load'", error)
        error = self.host("main", "--where", "load<<1", code=2).stderr
        self.assertIn("--where", error)
        self.host("main", "--where", "method==exat", code=2)
        self.host("main", "--where", "load<0", code=4)

    def test_from_file(self):
        (self.dir / "names").write_text("# chosen\nheavy\n\nday1?\n")
        self.assertEqual(
            self.names("main", "--from-file", "names"),
            ["heavy", "day10", "day11", "day12"],
        )
        done = self.host("main", "--from-file", "-", "-l", input="baseline\n")
        self.assertIn("baseline", done.stdout)
        self.host("main", "--from-file", "missing", code=2)

    def test_shards(self):
        parts = [self.names("main", "--shard", f"{i}/4") for i in range(1, 5)]
        self.assertEqual(sorted(sum(parts, [])), sorted(self.names("main")))
        self.assertEqual(parts, [self.names("main", "--shard", f"{i}/4") for i in range(1, 5)])
        for wrong in ("0/4", "5/4", "x", "1/", "-1/2"):
            self.host("main", "--shard", wrong, code=2)

    def test_no_match(self):
        error = self.host("main", "basline", code=4).stderr
        self.assertIn("'baseline'", error)
        error = self.host("mian", code=2).stderr
        self.assertIn("'main'", error)
        self.host("main", "--exclude", "*", code=4)
        none = self.host("main", "--failed", code=0)
        self.assertRegex(none.all, "^eh-host: none of [0-9]+ experiments is --failed\n$")

    def test_nothing_was_written(self):
        self.host("main", "-l")
        self.host("main", "-d")
        self.host("main", "--help")
        self.assertFalse((self.dir / "results").exists())


class CommandLine(eh.Case):
    def test_errors(self):
        for words, text in (
            (["main", "--job", "2"], "--jobs"),
            (["main", "-j", "0"], "--jobs"),
            (["main", "-j", "x"], "--jobs"),
            (["main", "--timeout", "soon"], "--timeout"),
            (["main", "--progress", "lots"], "none"),
            (["main", "--debugger", "'"], "--debugger"),
            ([], "no group"),
        ):
            self.assertIn(text, self.host(*words, code=2).stderr)

    def test_closed_output(self):
        # Somebody who reads only the first line.
        import subprocess

        done = subprocess.run(
            f"{eh.HOST} --plugin {eh.BASIC} main --list | head -1",
            shell=True,
            cwd=self.dir,
            capture_output=True,
            text=True,
        )
        self.assertIn("baseline", done.stdout)
        self.assertNotIn("terminate", done.stderr)


class Deceptive(eh.Case):
    """What others wrote, which a terminal would obey or show otherwise."""

    def test_it_is_made_visible(self):
        said = {"start": "\u009b2J\x1b]0;x", "message": "\u202egnp.exe", "attempt": 4294967295}
        self.leaf("main/heavy").mkdir(parents=True)
        file = self.leaf("main/heavy") / "eh.json"
        file.write_text(json.dumps({"status": "failed", "seconds": 1, **said}))
        text = self.host("explain", "main", "heavy").stdout
        self.assertIn("\\u009b2J\\x1b]0;x", text)
        self.assertIn("\\u202egnp.exe", text)
        self.assertTrue(text.isascii(), text)
        error = self.host("main", "\u2066x\u009b", code=4).stderr
        self.assertIn("'\\u2066x\\u009b'", error)
        # JSON says it as it is, a table too.
        self.host("export", "main", "heavy", "-o", "all.json")
        table = json.loads((self.dir / "all.json").read_text())
        self.assertEqual(table[0]["message"], said["message"])
        exported = self.host("export", "main", "heavy").stdout
        self.assertIn(said["message"], exported)
        # No number of attempts is that high.
        self.host("main", "heavy")
        self.assertEqual(self.verdict("main/heavy")["attempt"], 2)


class Braces(eh.Case):
    """Of names, which a source writes as {{ and }}."""

    plugin = os.environ["EH_RESULTS_PLUGIN"]
    names = ["plain{}", "set{a,b}/1", "set{a,b}/2", "{seed}=1", "{seed}=2"]

    def test_they_are_in_the_folders(self):
        self.host("braces")
        for name in self.names:
            self.assertEqual(self.verdict(f"braces/{name}")["results"]["name"], name)

    def test_patterns_take_them_as_they_are(self):
        plain, sets, seeds = self.names[:1], self.names[1:3], self.names[3:]
        for pattern, names in {
            "plain{}": plain,
            "plain{{}}": plain,
            "set{a,b}": sets,
            "set{a,b}/2": sets[1:],
            "set{{a,b}}/*": sets,
            "set\\{a,b}/{1..2}": sets,
            "{seed}=*": seeds,
            "{{seed}}=1": seeds[:1],
            "*}=?": seeds,
        }.items():
            done = self.host("braces", pattern, "--list", "--json")
            listed = [entry["name"] for entry in json.loads(done.stdout)]
            self.assertEqual(listed, names, pattern)


class DryRun(eh.Case):
    plugin = eh.TROUBLE

    def test_states(self):
        text = self.host("trouble", "-d", "prints", "throws", "stops-politely").stdout
        self.assertRegex(text, r"run: new +prints")
        self.host("trouble", "prints", "throws", code=100)
        leaf = self.leaf("trouble/stops-politely")
        leaf.mkdir()
        (leaf / "part.dat").write_text("x")
        text = self.host("trouble", "-d", "prints", "throws", "stops-politely").stdout
        self.assertRegex(text, r"skip: done +prints")
        self.assertRegex(text, r"run: failed, starts clean \(attempt 2\) +throws")
        self.assertRegex(text, r"run: unfinished, starts clean .* +stops-politely")
        (leaf / "my-checkpoint-3").write_text("x")
        text = self.host("trouble", "--dry-run", "stops-politely").stdout
        self.assertRegex(text, r"run: unfinished, goes on from its checkpoint")
        text = self.host("trouble", "-d", "-f", "prints").stdout
        self.assertIn("replaced by --force", text)
        entries = json.loads(self.host("trouble", "-d", "--json", "prints").stdout)
        self.assertEqual(entries[0]["action"], "skip")

    def test_where_there_is_nothing(self):
        nothing = f"  nothing is in {self.leaf('trouble')}\n"
        self.assertTrue(self.host("status", "trouble").stdout.endswith(nothing))
        self.host("trouble", "prints")
        self.assertNotIn("nothing is in", self.host("status", "trouble").stdout)

    def check_reasons(self):
        message = self.verdict("trouble/throws")["message"]
        lines = self.host("status", "trouble").stdout.splitlines()
        self.assertIn(f"  1 failed: {message}  (throws)", lines)
        (group,) = json.loads(self.host("status", "trouble", "--json").stdout)
        self.assertEqual(
            sorted((kind["count"], *kind["names"]) for kind in group["failures"]),
            [(1, "exit-3"), (1, "throws")],
        )
        for reason, name in {message[:5]: "throws", "exit(3)": "exit-3"}.items():
            listed = self.host("trouble", "--reason", reason, "-l", "--json").stdout
            self.assertEqual([entry["name"] for entry in json.loads(listed)], [name])
        none = self.host("trouble", "--reason", "no such", code=0).all
        self.assertIn("experiments failed with 'no such'", none)
        self.host("clean", "trouble", "--reason", "x", code=2)
        self.host("trouble", "--reason", "x", "--stale", code=2)

    def test_state_filters(self):
        self.host("trouble", "prints", "throws", "exit-3", code=100)
        listed = self.host("trouble", "--failed", "-l").stdout
        self.assertIn("throws", listed)
        self.assertIn("exit-3", listed)
        self.assertNotIn("prints", listed)
        self.host("trouble", "--unfinished", "-l", code=0)
        self.host("trouble", "--stale", "-l", code=0)
        self.check_reasons()
        path = self.leaf("trouble/prints") / "eh.json"
        path.write_text(path.read_text().replace('"build_id":"', '"build_id":"0'))
        self.assertIn("prints", self.host("trouble", "--stale", "-l").stdout)
        self.assertIn("stale (plugin changed)", self.host("trouble", "-d", "prints").stdout)
        self.assertIn("1 done before (stale: ", self.host("trouble", "--stale").stdout)


if __name__ == "__main__":
    unittest.main()
