"""Runs on a cluster that nothing disturbs."""

import pathlib
import shutil
import stat

import cluster
import eh


class Nodes(cluster.Case):
    def test_runs_there_and_skips_what_is_done(self):
        text = self.host("main", "noted/1?", "quick/1", "--slurm", "-v").all
        self.assertIn("11 ok", text)
        self.assertIn("this is number 1", text)  # its records arrive
        notes = self.diary("begin")
        self.assertEqual(len(notes), 10)
        self.assertLessEqual({note.node for note in notes}, {"n1", "n2", "n3"})
        verdict = self.verdict("main/quick/1")
        self.assertEqual(verdict["status"], "ok")
        self.assertIn(verdict["slurm"]["node"], ("n1", "n2", "n3"))
        self.assertEqual((self.leaf("main/quick/1") / "square.txt").read_text(), "1")
        self.assertIn("number 1", (self.leaf("main/quick/1") / "log.txt").read_text())
        again = self.host("main", "noted/1?", "quick/1", "--slurm").all
        self.assertIn("11 done before", again)
        self.assertEqual(len(self.diary("begin")), 10)
        self.host("main", "noted/1?", "noted/5")
        self.assertEqual(len(self.diary("begin")), 11)
        # The last task may still be ending when its experiments are done.
        eh.wait_for(lambda: not self.active(), "an empty queue")

    def test_failures_count_as_on_one_machine(self):
        words = ("main", "fails", "noted/1", "noted/2")
        here = self.host(*words, code=100).stdout
        shutil.rmtree(self.dir / "results")
        there = self.host(*words, "--slurm", code=100).stdout
        summary = [line.rsplit("(", 1)[0] for line in (here + there).splitlines()
                   if line.startswith("3 experiments: ")]
        self.assertEqual(summary, ["3 experiments: 2 ok, 1 failed  "] * 2)
        self.assertIn("it had to fail", there)
        self.assertEqual(self.verdict("main/fails")["status"], "failed")
        self.assertIn("1 to run", self.host("main", *words[1:], "--slurm", "--failed",
                                            code=100).all)

    def test_runs_again_by_force(self):
        self.host("main", "noted/1", "noted/2", "--slurm")
        self.host("main", "noted/1", "--slurm", "--force")
        self.assertEqual(len(self.diary("begin", "noted/1")), 2)
        self.assertEqual(self.verdict("main/noted/1")["attempt"], 2)
        self.assertFalse((self.leaf("main/noted/1") / ".eh").exists())

    def test_one_task_an_experiment(self):
        process = self.start("main", "gate/1?", "--slurm", "--no-slurm-pack", "-j", "3", "-w", "2")
        jobs = self.wait_jobs("RUNNING", 3)
        self.wait_noted(3)
        self.assertEqual(len(self.active()), 10)
        self.assertEqual(len([j for j in self.active() if j[1] == "RUNNING"]), 3)
        self.assertEqual(self.cluster.job(jobs[0][0])["NumCPUs"], "2")
        self.assertEqual(len(self.diary()), 3)
        self.open()
        self.finish(process)
        self.assertEqual(len(self.diary("end")), 10)
        # The last task may still be ending when its experiments are done.
        eh.wait_for(lambda: not self.active(), "an empty queue")

    def test_pilots(self):
        text = self.host("main", "quick/*", "--slurm", "--slurm-pack", "-j", "12",
                         "--slurm-cpus", "4").all
        self.assertIn("400 ok", text)
        for i in (1, 200, 400):
            self.assertEqual(self.verdict(f"main/quick/{i}")["status"], "ok")
        self.assertEqual(len(self.cluster.jobs_of_eh()), 3)
        nodes = {self.verdict(f"main/quick/{i}")["slurm"]["node"] for i in range(1, 401)}
        self.assertGreater(len(nodes), 1)

    def test_many_experiments_become_pilots_by_themselves(self):
        self.host("main", "quick/*", "--slurm", "-j", "4")
        self.assertLessEqual(len(self.cluster.jobs_of_eh()), 4)

    def test_surroundings(self):
        variables = {"EH_PLUGIN_PATH": self.plugin, "MY_VARIABLE": "a b\tc"}
        self.host("main", "surroundings", "--slurm", "-w", "3", env=variables)
        leaf = self.leaf("main/surroundings")
        seen = (leaf / "environment.txt").read_text()
        self.assertIn("MY_VARIABLE=a b\tc\n", seen)
        self.assertNotIn("EH_PLUGIN_PATH", seen)
        self.assertIn("OMP_NUM_THREADS=3\n", seen)
        self.assertEqual((leaf / "workers.txt").read_text(), "3")

    def test_inside_an_allocation(self):
        host = self.arguments(["main", "gate/*"], None)
        run = ["srun", "-c", "3", "-n", "1", *host]
        process = self.start_words(run)
        self.wait_noted(3)
        self.open()
        text = self.finish(process)
        self.assertIn("3 at a time", text)
        self.assertEqual(len(self.cluster.jobs_of_eh()), 0)

    def test_submits_from_within_an_allocation(self):
        host = self.arguments(["main", "noted/[1-3]", "--slurm"], None)
        process = self.start_words(["srun", "-n", "1", *host])
        self.assertIn("3 ok", self.finish(process))
        jobs = {note.job for note in self.diary("begin")}
        self.assertLessEqual(jobs, {job[0] for job in self.cluster.jobs_of_eh()})

    def test_odd_names(self):
        self.dir = self.dir / "with space, 'quotes' and 100%j"
        self.dir.mkdir()
        self.host("main", "noted/1", "fails", "--slurm", code=100)
        self.assertEqual(self.verdict("main/noted/1")["status"], "ok")
        self.assertEqual(self.verdict("main/fails")["status"], "failed")


class Limits(cluster.Case):
    options = ("--array-size", "11", "--cpus", "8")

    def test_more_experiments_than_an_array_has_tasks(self):
        process = self.start("main", "gate/*", "--slurm", "--no-slurm-pack")
        self.wait_noted(24)  # all that there are CPUs for: of several arrays
        self.assertGreaterEqual(len(self.submitted()), 4)
        self.open()
        text = self.finish(process)
        self.assertIn("40 ok", text)
        self.assertEqual(len(self.diary("begin")), 40)

    def test_how_many_at_a_time_over_all_arrays(self):
        process = self.start("main", "gate/[1-3]?", "--slurm", "--no-slurm-pack", "-j", "4")
        self.wait_noted(4)
        self.open()
        self.finish(process)
        inside, most = 0, 0
        for note in self.diary():
            inside += 1 if note.what == "begin" else -1
            most = max(most, inside)
        self.assertLessEqual(most, 4)
        self.assertEqual(len(self.diary("end")), 30)


class Copies(cluster.Case):
    def setUp(self):
        super().setUp()
        path = self.dir / "plugin.so"
        shutil.copy(self.plugin, path)
        self.plugin = str(path)

    def test_what_is_rebuilt_meanwhile_changes_nothing(self):
        self.cluster.partition("down")
        process = self.start("main", "noted/1", "gate/1", "--slurm", "--no-slurm-pack")
        self.wait_jobs("PENDING", 2)
        pathlib.Path(self.plugin).write_bytes(b"something else")
        self.cluster.partition("up")
        self.open()
        self.finish(process)
        self.assertEqual(self.verdict("main/gate/1")["status"], "ok")

    def test_a_changed_copy_is_noticed(self):
        self.cluster.partition("down")
        process = self.start("main", "noted/1", "--slurm")
        self.wait_jobs("PENDING")
        copy = pathlib.Path(self.spec()["plugins"][0]["copy"])
        other = copy.with_suffix(".other")
        shutil.copy(eh.BASIC, other)
        other.rename(copy)
        self.cluster.partition("up")
        self.assertIn("not the one that was submitted", self.finish(process, 3))
        self.assertFalse(self.has_verdict("main/noted/1"))

    def test_dry_run_submits_nothing(self):
        text = self.host("main", "quick/*", "--slurm", "--dry-run", "--slurm-gpus", "1",
                         "--slurm-setup", "module load something").all
        self.assertIn("#SBATCH", text)
        self.assertIn("module load something", text)
        self.assertIn("quick/400", text)
        self.assertFalse((self.dir / "results").exists())
        self.assertEqual(self.cluster.squeue(), [])

    def test_the_run_folder_is_private_where_secrets_are(self):
        self.host("main", "noted/1", "--slurm", env={"EH_SLACK_TOKEN": "xoxb-very-secret"})
        spec = self.run_folder() / "spec.json"
        self.assertEqual(stat.S_IMODE(spec.stat().st_mode), 0o600)
        for path in self.run_folder().resolve().rglob("*"):
            if path.is_file() and path != spec.resolve():
                self.assertNotIn(b"very-secret", path.read_bytes(), path)


class Gpus(cluster.Case):
    def gpus(self, i):
        return (self.leaf(f"main/gpu/{i}") / "gpus.txt").read_text()

    def test_one_each(self):
        process = self.start("main", "gpu/*", "--slurm", "--slurm-gpus", "1", "--no-slurm-pack")
        notes = self.wait_noted(6)
        self.assertEqual(len({(note.node, note.gpus) for note in notes[:6]}), 6)
        self.assertLessEqual({note.gpus for note in notes}, {"0", "1"})
        self.open()
        self.finish(process)
        self.assertEqual(len(self.diary("end")), 8)
        self.assertEqual(self.verdict("main/gpu/1")["gpus"], self.gpus(1))

    def test_a_pilot_hands_one_to_each(self):
        process = self.start("main", "gpu/[1-4]", "--slurm", "--slurm-gpus", "2",
                             "--slurm-pack", "-j", "2")
        notes = self.wait_noted(2)
        self.assertEqual(len({note.job for note in notes}), 1)
        self.assertEqual({note.gpus for note in notes}, {"0", "1"})
        shown = self.host("status", plugin="").all
        self.assertRegex(shown, "(?i)gpu")
        self.open()
        self.finish(process)
        for i in range(1, 5):
            self.assertEqual(self.verdict(f"main/gpu/{i}")["gpus"], self.gpus(i))

    def test_none_unless_asked_for(self):
        self.host("main", "surroundings", "--slurm", env={"CUDA_VISIBLE_DEVICES": "7"})
        seen = (self.leaf("main/surroundings") / "environment.txt").read_text()
        self.assertNotIn("CUDA_VISIBLE_DEVICES=7", seen)
