"""Submitting: what SLURM refuses, does not answer, or never starts."""

import cluster
from eh import wait_for


class Refused(cluster.Case):
    options = ("--nodes", "2", "--gpus", "0")

    def test_in_the_words_of_sbatch(self):
        text = self.host("main", "noted/1", "--slurm", "--slurm-partition", "nosuch",
                         code=2).all
        self.assertIn("invalid partition specified: nosuch", text)
        self.assertIn("--slurm-partition", text)
        self.assertEqual(self.active(), [])
        text = self.host("main", "noted/1", "--slurm", "--slurm-cpus", "5", code=2).all
        self.assertIn("CPU count per node can not be satisfied", text)
        text = self.host("main", "noted/1", "--slurm", "--slurm-gpus", "1", code=2).all
        self.assertIn("Invalid generic resource", text)
        text = self.host("main", "noted/1", "--slurm", "--slurm-option=--nonsense", code=2).all
        self.assertIn("nonsense", text)
        self.assertEqual(self.active(), [])
        self.assertEqual(self.diary(), [])

    def test_no_such_command(self):
        text = self.host("main", "noted/1", "--slurm", "--set", "slurm.sbatch_cmd=nosuch-sbatch",
                         code=2).all
        self.assertIn("nosuch-sbatch", text)

    def test_what_can_never_start_is_told_and_cancelled(self):
        text = self.host("main", "noted/1", "--slurm", "--slurm-nodes", "9", code=102).all
        self.assertRegex(text, "PartitionNodeLimit|PartitionConfig|more nodes")
        self.assertIn("--slurm-nodes", text)
        self.assertEqual(self.active(), [])

    def test_what_waits_is_told(self):
        self.cluster.partition("down")
        process = self.start("main", "noted/1", "--slurm")
        self.wait_jobs("PENDING")
        self.wait_printed(process, "PartitionDown")
        self.cluster.partition("up")
        self.assertLessEqual(self.finish(process).count("PartitionDown"), 3)


class Setup(cluster.Case):
    options = ("--nodes", "1", "--gpus", "0")

    def run_with(self, *lines, more=(), code=0):
        words = [word for line in lines for word in ("--slurm-setup", line)]
        return self.host("main", "noted/[12]", "--slurm", "--no-slurm-pack", *words, *more,
                         code=code).all

    def test_a_line_that_fails_is_named(self):
        text = self.run_with("export A=b", "module lod cuda", "echo not here", code=102)
        self.assertEqual(text.count("'module lod cuda' of the setup failed with exit"
                                    " status 127"), 1, text)
        self.assertEqual(self.diary(), [])
        self.assertFalse(self.has_verdict("main/noted/1"))
        self.run_with("set +e", "module lod cuda")
        self.assertEqual(len(self.diary("begin")), 2)

    def test_in_another_shell(self):
        text = self.run_with("module lod cuda", more=("--set", "slurm.shell=/bin/dash"),
                             code=102)
        self.assertIn("a line of the setup failed with exit status 127", text)

    def test_what_fails_within_is_no_failure(self):
        (self.dir / "activate").write_text('[ -n "" ] && x=1\nfalse\nexport A=b\n')
        self.run_with("module() { false; [ -n '' ] && x=1; true; }", "module load cuda",
                      f"source {self.dir}/activate", "if false; then", "  false", "fi",
                      "false || true", 'test "$A" = b')
        self.assertEqual(len(self.diary("begin")), 2)


class Controller(cluster.Case):
    options = ("--conf", "MessageTimeout=2")

    def test_a_submission_that_timed_out_is_not_doubled(self):
        self.cluster("controller-freeze")
        process = self.start("main", "noted/[1-5]", "--slurm", "--no-slurm-pack")
        self.wait_printed(process, "timed out")
        self.cluster("controller-thaw")
        self.finish(process)
        self.assertEqual(len(self.cluster.jobs_of_eh()), 5)
        self.assertEqual(len(self.submitted()), 1)
        self.assertEqual(len(self.diary("begin")), 5)

    def test_is_gone_when_submitting(self):
        self.cluster("controller-kill")
        process = self.start("main", "noted/1", "--slurm")
        self.wait_printed(process, "Unable to contact")
        self.cluster("controller-start")
        self.finish(process)
        self.assertEqual(len(self.cluster.jobs_of_eh()), 1)

    def test_is_gone_meanwhile(self):
        process = self.start("main", "gate/[1-4]", "--slurm", "--no-slurm-pack")
        self.wait_noted(4)
        self.cluster.wait_saved()
        self.cluster("controller-kill")
        self.open()
        text = self.finish(process)
        self.assertIn("4 ok", text)
        self.cluster("controller-start")
        self.wait_none_active()

    def test_restarts_meanwhile(self):
        process = self.start("main", "gate/[1-9]", "--slurm", "--no-slurm-pack", "-j", "4")
        self.wait_noted(4)
        self.cluster.wait_saved()
        self.cluster("controller-kill")
        self.open("open-1")
        self.wait_noted(1, "end")
        self.cluster("controller-start")
        self.open()
        self.assertIn("9 ok", self.finish(process))
        self.assertEqual(len(self.diary("begin")), 9)


class Squeue(cluster.Case):
    """It is a hint, and not to be trusted."""

    def with_squeue(self, script):
        path = self.dir / "squeue"
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o755)
        process = self.start("main", "gate/[1-3]", "--slurm", "--no-slurm-pack",
                             "--set", f"slurm.squeue_cmd={path}")
        self.wait_noted(3)
        return process

    def finish_after(self, process, calls):
        wait_for(lambda: len(self.lines("calls")) >= calls, f"{calls} calls of squeue")
        self.assertIsNone(process.poll())
        self.open()
        text = self.finish(process)
        self.assertIn("3 ok", text)
        return text

    def test_fails(self):
        calls = self.dir / "calls"
        process = self.with_squeue(
            f"echo >> '{calls}'; echo 'slurm_load_jobs error: Zero Bytes' >&2; exit 1\n")
        text = self.finish_after(process, 3)
        self.assertLessEqual(text.count("Zero Bytes"), 1)

    def test_says_that_there_is_nothing(self):
        process = self.with_squeue(f"echo >> '{self.dir}/calls'\n")
        self.finish_after(process, 4)

    def test_talks_nonsense(self):
        process = self.with_squeue(
            f"echo >> '{self.dir}/calls'; head -c 3000 /dev/urandom; echo '|||||'\n")
        self.finish_after(process, 3)

    def test_hangs(self):
        process = self.with_squeue(f"echo >> '{self.dir}/calls'; exec sleep 1000\n")
        self.finish_after(process, 1)

    def test_is_asked_seldom(self):
        process = self.with_squeue(f"echo >> '{self.dir}/calls'; exec squeue \"$@\"\n")
        self.finish_after(process, 2)
        self.assertLessEqual(len(self.lines("calls")), 12)
