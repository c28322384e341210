"""Results, metrics and checkpoints; exporting and removing them."""

import csv
import io
import json
import os
import signal
import statistics
import unittest

import eh
from eh import wait_for

PLUGIN = os.environ["EH_RESULTS_PLUGIN"]


class Case(eh.Case):
    plugin = PLUGIN

    def table(self, *words, code=0):
        """What export shows, as one dict for each row."""
        text = self.host("export", *words, code=code).stdout
        return list(csv.DictReader(io.StringIO(text)))

    def start_gate(self):
        process = self.start("data", "gate")
        wait_for((self.leaf("data/gate") / ".eh-results").exists)
        return process


class Export(Case):
    def test_one_row_an_experiment(self):
        self.host("data", "sweep", "fails", "dies", code=100)
        rows = self.table("data")
        self.assertEqual(
            list(rows[0]),
            "name servers load seed wait exact even formula results.seed"
            " status start end seconds attempts host message".split(),
        )
        self.assertEqual(len(rows), 10)
        first = rows[0]
        self.assertEqual(first["name"], "sweep/c=1/1")
        self.assertEqual((first["servers"], first["load"]), ("1", "0.5"))
        self.assertEqual(first["wait"], "10.1")
        self.assertEqual(first["exact"], "9007199254740993")
        self.assertEqual((first["even"], rows[1]["even"]), ("false", "true"))
        self.assertEqual(first["formula"], 'x, "y"')
        self.assertEqual((first["seed"], first["results.seed"]), ("1", "101"))
        verdict = self.verdict("data/sweep/c=1/1")
        for name in ("status", "start", "end", "host"):
            self.assertEqual(first[name], verdict[name])
        self.assertEqual(float(first["seconds"]), verdict["seconds"])
        fails, dies = rows[8], rows[9]
        self.assertEqual((fails["status"], fails["wait"]), ("failed", "inf"))
        self.assertEqual(fails["message"], "std::runtime_error: it had to,\nreally")
        self.assertEqual((dies["status"], dies["wait"]), ("crashed", "2"))
        self.assertEqual(dies["servers"], "")

    def test_what_has_not_ended(self):
        process = self.start_gate()
        rows = self.table("data")
        self.assertEqual([r["name"] for r in rows], ["gate"])
        self.assertEqual((rows[0]["status"], rows[0]["early"]), ("running", "true"))
        rows = self.table("data", "--all")
        self.assertEqual([r["status"] for r in rows].count("not_run"), 14)
        self.open()
        self.finish(process)

    def test_formats(self):
        self.host("data", "sweep/c=1", "fails", code=100)
        self.host("export", "data", "-o", "all.json")
        rows = json.loads((self.dir / "all.json").read_text())
        self.assertEqual(rows[0]["wait"], 10.1)
        self.assertIs(rows[0]["even"], False)
        self.assertEqual(rows[0]["exact"], 9007199254740993)
        self.assertIsNone(rows[0]["message"])
        self.assertEqual(rows[4]["wait"], "inf")
        self.assertEqual(json.loads(self.host("export", "data", "--json").stdout), rows)
        self.host("export", "data", "-o", "all.jsonl")
        self.assertEqual([json.loads(line) for line in self.lines("all.jsonl")], rows)
        self.host("export", "data", "-o", "all.tsv")
        with (self.dir / "all.tsv").open(newline="") as file:
            tsv = list(csv.DictReader(file, delimiter="\t"))
        self.assertEqual(tsv, self.table("data"))
        self.assertEqual(self.table("data", "--spreadsheet"), self.table("data"))
        error = self.host("export", "data", "-o", "a.json", "--spreadsheet", code=2).stderr
        self.assertIn("it is about CSV and TSV", error)
        self.assertIn(".jsonl", self.host("export", "data", "-o", "a.xls", code=2).stderr)

    def test_groups_of_rows(self):
        self.host("data", "sweep", "fails", code=100)
        rows = self.table("data", "--group-by", "servers,load")
        self.assertEqual([r["servers"] for r in rows], ["1", "2"])
        for row in rows:
            waits = [int(row["servers"]) * 10 + 0.1 * seed for seed in range(1, 5)]
            mean, sd = statistics.mean(waits), statistics.stdev(waits)
            half = 3.182446305 * sd / 2  # Student's t for 3 degrees of freedom
            self.assertEqual((row["count"], row["wait.count"]), ("4", "4"))
            for name, value in [("mean", mean), ("sd", sd), ("low", mean - half),
                                ("high", mean + half)]:
                self.assertAlmostEqual(float(row[f"wait.{name}"]), value, places=8)
            self.assertNotIn("formula.mean", row)
        text = self.host("export", "data", "--group-by", "servrs", code=2).stderr
        self.assertIn("did you mean 'servers'", text)

    def test_metrics(self):
        self.host("data", "sweep/c=2/1", "sweep/c=2/2")
        rows = self.table("data", "--metrics")
        self.assertEqual(list(rows[0]), ["name", "metric", "step", "value", "time"])
        self.assertEqual(
            [(r["name"], r["metric"], r["step"], r["value"]) for r in rows],
            [(f"sweep/c=2/{seed}", "m", str(i), f"{i / 4:g}")
             for seed in (1, 2) for i in (1, 2, 3)],
        )

    def test_selection(self):
        self.host("data", "sweep", "fails", code=100)
        self.assertEqual(len(self.table("data", "sweep/c=1")), 4)
        self.assertEqual(len(self.table("data", "--where", "seed==2")), 2)
        self.assertEqual(len(self.table("data", "sweep", "--exclude", "*/1")), 6)
        self.assertEqual([r["name"] for r in self.table("data", "--failed")], ["fails"])
        self.host("export", "data", "nothing", code=4)
        self.assertIn("'export'", self.host("exprt", "data", code=2).stderr)

    def test_all_groups(self):
        self.host("data", "sweep/c=1/1")
        self.host("other")
        rows = self.table()
        self.assertEqual([(r["group"], r["name"]) for r in rows],
                         [("data", "sweep/c=1/1"), ("other", "one")])

    def test_before_anything_ran(self):
        self.assertEqual(self.table("data"), [])
        self.assertEqual(self.table("data", "--metrics"), [])

    def test_full_disk(self):
        self.host("other")
        (self.dir / "all.csv").symlink_to("/dev/full")
        text = self.host("export", "other", "-o", "all.csv", code=110).stderr
        self.assertIn("cannot write 'all.csv': No space left on device", text)
        self.host("export", "other", "-o", "none/all.csv", code=110)


class Clean(Case):
    def setUp(self):
        super().setUp()
        self.host("data", "sweep", "fails", "dies", code=100)

    def left(self):
        rows = self.table("data")
        return sorted({row["name"].split("/")[0] for row in rows})

    def test_needs_a_criterion(self):
        for words in ([], ["data"], ["data", "-d"]):
            text = self.host("clean", *words, code=2).stderr
            self.assertIn("nothing says what is to go", text)
        self.assertIn("--done", self.host("clean", "data", "--stale", code=2).stderr)
        self.assertEqual(self.left(), ["dies", "fails", "sweep"])

    def test_dry_run(self):
        text = self.host("clean", "data", "--failed", "-d").stdout
        self.assertIn("data/fails", text)
        self.assertRegex(text, r"would remove 2 experiments: \d+ files, [\d.]+ k?B; nothing")
        self.assertEqual(self.left(), ["dies", "fails", "sweep"])
        seen = json.loads(self.host("clean", "data", "--failed", "-d", "--json").stdout)
        self.assertEqual(seen["names"], ["data/fails", "data/dies"])
        self.assertFalse(seen["removed"])
        gone = json.loads(self.host("clean", "data", "--failed", "--json").stdout)
        self.assertEqual({**gone, "removed": False}, seen)

    def test_what_is_done_stays_unless_named(self):
        self.assertIn("removed 2 experiments", self.host("clean", "data", "*").stdout)
        self.assertEqual(self.left(), ["sweep"])
        text = self.host("clean", "data", "*").stdout
        self.assertIn("left: 8 done (--done removes what is done)", text)
        self.assertFalse(self.leaf("data/fails").exists())
        self.host("clean", "data", "sweep/c=1", "--done")
        self.assertEqual(len(self.table("data")), 4)
        self.host("clean", "data", "--done", "--where", "seed>2")
        self.assertEqual(len(self.table("data")), 2)
        self.assertIn("6 ok, 2 done before", self.host("data", "sweep").stdout)
        runs = [p for p in (self.dir / "results/.eh/runs").iterdir() if not p.is_symlink()]
        self.assertEqual(len(runs), 2)

    def test_running_ones_stay(self):
        process = self.start_gate()
        text = self.host("clean", "data", "*", "--done", "--failed", "--unfinished").stdout
        self.assertIn("removed 10 experiments", text)
        self.assertEqual(self.left(), ["gate"])
        self.open()
        self.finish(process)
        self.assertEqual(self.verdict("data/gate")["results"], {"early": True})

    def test_attempts(self):
        self.host("data", "fails", "dies", code=100)
        kept = self.leaf("data/fails") / ".eh/attempts/1"
        self.assertTrue(kept.exists())
        self.assertIn("attempts of 2 experiments", self.host("clean", "--attempts").stdout)
        self.assertFalse(kept.exists())
        self.assertEqual(self.left(), ["dies", "fails", "sweep"])
        self.host("data", "fails", code=100)
        self.assertEqual(self.verdict("data/fails")["attempt"], 3)

    def test_age(self):
        self.assertIn("removed 0", self.host("clean", "data", "--older-than", "1h").stdout)
        for path in self.leaf("data/fails").iterdir():
            os.utime(path, (1e9, 1e9))
        self.assertIn("removed 1", self.host("clean", "data", "--older-than", "30d").stdout)
        self.assertEqual(self.left(), ["dies", "sweep"])

    def test_of_others(self):
        verdict = self.leaf("data/fails") / "inner/eh.json"
        verdict.parent.mkdir()
        verdict.write_text("{}")
        text = self.host("clean", "data", "--failed", code=110).all
        self.assertIn("holds the results of another experiment", text)
        self.assertIn("removed 1 experiment", text)
        self.assertTrue((self.leaf("data/fails") / "eh.json").exists())


class Checkpoints(Case):
    def start_counting(self, name="counts", *words):
        process = self.start("data", name, *words)
        wait_for((self.leaf(f"data/{name}") / "checkpoint").exists)
        return process

    def test_removed_when_done(self):
        process = self.start_counting()
        process.send_signal(signal.SIGINT)
        self.finish(process, 130)
        verdict = self.verdict("data/counts")
        self.assertEqual(verdict["status"], "stopped")
        self.assertEqual(verdict["results"], {"attempts so far": 1, "of attempt 1": True})
        self.assertTrue((self.leaf("data/counts") / "checkpoint").exists())
        self.open()
        self.host("data", "counts")
        verdict = self.verdict("data/counts")
        # Those of the attempt that it goes on from are kept, too.
        self.assertEqual(
            verdict["results"],
            {"attempts so far": 2, "of attempt 1": True, "of attempt 2": True},
        )
        self.assertEqual(
            sorted(p.name for p in self.leaf("data/counts").iterdir()), [".eh", "eh.json"]
        )

    def test_kept_if_told_so(self):
        self.open()
        self.host("data", "keeps")
        self.assertEqual(self.verdict("data/keeps")["status"], "ok")
        (self.dir / "open").unlink()
        process = self.start_counting("keeps", "--force")
        process.send_signal(signal.SIGINT)
        self.finish(process, 130)
        self.open()
        self.host("data", "keeps")
        self.assertEqual(self.verdict("data/keeps")["results"]["attempts so far"], 2)
        self.assertTrue((self.leaf("data/keeps") / "checkpoint").exists())

    def test_time_limit(self):
        self.time_out(
            "data", "counts", "--grace-period", "60",
            reached=(self.leaf("data/counts") / "checkpoint").exists,
        )
        self.open()
        self.host("data", "counts")
        self.assertEqual(self.verdict("data/counts")["results"]["attempts so far"], 2)

    def test_metrics_go_on_from_there(self):
        for code in 100, 100, 0:
            self.host("data", "plots", code=code)
        points = [json.loads(line) for line in self.lines("results/data/plots/metrics.jsonl")]
        self.assertEqual([point["step"] for point in points], list(range(2000)))
        attempts = [point["value"] for point in points]
        self.assertEqual(attempts, [1] * 500 + [2] * 500 + [3] * 1000)
        self.assertEqual(
            sorted(p.name for p in self.leaf("data/plots").iterdir()),
            [".eh", "eh.json", "metrics.jsonl"],
        )

    def test_files_of_eh_are_not_replaced(self):
        self.host("data", "takes")
        for name, why in self.verdict("data/takes")["results"].items():
            self.assertIn(f"cannot write '{name}': eh itself has a file of this name", why)
        self.assertIn("here", (self.leaf("data/takes") / "log.txt").read_text())
        self.assertEqual(len(self.lines("results/data/takes/metrics.jsonl")), 1)

    def test_killed_while_it_writes(self):
        for _ in range(5):
            process = self.start_counting()
            wait_for(lambda: self.events_of("started"))
            os.kill(self.child(), signal.SIGKILL)
            self.finish(process, 100)
            self.assertEqual(self.verdict("data/counts")["status"], "crashed")
        self.open()
        self.host("data", "counts")
        self.assertGreaterEqual(self.verdict("data/counts")["results"]["attempts so far"], 2)

    def events_of(self, kind):
        lines = self.lines("results/.eh/runs/latest/events.jsonl")
        return [line for line in lines if f'"{kind}"' in line]

    def child(self):
        leaf = str(self.leaf("data/counts"))
        return wait_for(lambda: eh.processes_with(f"EH_LEAF_DIR={leaf}"))[0]


if __name__ == "__main__":
    unittest.main()
