"""What goes wrong on clusters, done to one: the right verdict in the end, told
with SLURM's words, nothing lost and nothing run twice at a time."""

import os
import pathlib
import unittest

import cluster
import eh
from eh import wait_for

HAS_CONTROL_GROUPS = os.path.exists("/sys/fs/cgroup/memory/memory.limit_in_bytes")
# SLURM looks at its limits twice a minute; so far ahead the warning is due soon.
SOON = ("--slurm-time", "2min", "--slurm-signal-delay", "110s")


class TimeLimit(cluster.Case):
    def test_goes_on_from_its_checkpoint(self):
        process = self.start("main", "steps/1", "--slurm", *SOON)
        self.wait_noted(2)
        self.open()
        self.finish(process)
        self.assertEqual((self.leaf("main/steps/1") / "begun.txt").read_text(), "2")
        verdict = self.verdict("main/steps/1")
        self.assertEqual((verdict["status"], verdict["attempt"]), ("ok", 2))
        self.assertTrue(verdict["resumed"])
        self.assertEqual([note.what for note in self.diary()],
                         ["begin", "stop", "begin", "end"])

    def test_another_pilot_goes_on(self):
        process = self.start("main", "steps/[1-4]", "--slurm", "--slurm-pack", "-j", "2",
                             "--slurm-cpus", "2", *SOON)
        self.wait_noted(2, "stop")
        self.wait_noted(4)
        self.open()
        self.finish(process)
        for i in range(1, 5):
            self.assertEqual(self.verdict(f"main/steps/{i}")["status"], "ok")
            self.assert_once_at_a_time(f"steps/{i}")


class TimedOut(cluster.Case):
    def test_without_checkpoint(self):
        text = self.host("main", "gate/1", "--slurm", *SOON, code=100).all
        self.assertRegex(text, "time limit of 2m 00s")
        verdict = self.verdict("main/gate/1")
        self.assertEqual(verdict["status"], "timeout")
        self.assertEqual(len(self.diary("begin")), 1)

    def test_requeued_often_enough(self):
        text = self.host("main", "steps/1", "--slurm", *SOON, "--slurm-requeues", "0",
                         code=100).all
        self.assertRegex(text, "time limit")
        self.assertEqual(self.verdict("main/steps/1")["status"], "timeout")
        # Where it is, a later run goes on.
        self.open()
        self.assertIn("checkpoint", self.host("main", "steps/1", "--slurm").all)

    def test_killed_without_warning(self):
        self.host("main", "deaf", "--slurm", "--slurm-signal-delay", "0",
                  "--slurm-time", "1min", "--grace-period", "1h", code=100)
        self.assertEqual(self.verdict("main/deaf")["status"], "timeout")


class Preempted(cluster.Case):
    options = ("--preempt", "--nodes", "2", "--cpus", "2")

    def test_goes_on_later(self):
        process = self.start("main", "steps/[12]", "--slurm", "--slurm-partition", "low",
                             "-w", "2", "--no-slurm-pack")
        self.wait_noted(2)
        other = self.cluster.sbatch("-p", "high", "-N2", "--exclusive", "-o", "/dev/null",
                                    "--wrap", "sleep 1000")
        self.wait_noted(2, "stop")
        self.cluster.wait_state(other, "RUNNING")
        self.assertIsNone(process.poll())
        self.cluster.output("scancel", other)
        self.wait_noted(4)
        self.open()
        self.finish(process)
        for i in (1, 2):
            self.assertEqual(self.verdict(f"main/steps/{i}")["status"], "ok")
            self.assertEqual((self.leaf(f"main/steps/{i}") / "begun.txt").read_text(), "2")

    def test_requeued_by_hand(self):
        process = self.start("main", "gate/1", "--slurm")
        self.wait_noted()
        self.cluster.scontrol("requeue", self.wait_jobs("RUNNING")[0][0])
        self.wait_noted(2)
        self.open()
        self.finish(process)
        self.assertEqual(self.verdict("main/gate/1")["status"], "ok")


class LostNode(cluster.Case):
    def test_its_experiments_run_elsewhere(self):
        process = self.start("main", "gate/[1-3]", "--slurm", "--no-slurm-pack", "-w", "4")
        notes = self.wait_noted(3)
        lost = notes[0]
        self.cluster.lose_node(lost.node[1:])
        self.open("open-" + notes[1].name[-1])
        self.wait_noted(2, name=lost.name)
        again = self.diary("begin", lost.name)[1]
        self.assertNotEqual(again.node, lost.node)
        self.open()
        self.assertIn("3 ok", self.finish(process))
        self.assertEqual(self.verdict(f"main/{lost.name}")["attempt"], 2)

    def test_a_pilot_is_lost(self):
        process = self.start("main", "gate/*", "--slurm", "--slurm-pack", "-j", "12",
                             "--slurm-cpus", "4")
        notes = self.wait_noted(12)
        self.cluster.lose_node(notes[0].node[1:])
        self.open()
        self.assertIn("40 ok", self.finish(process))
        for i in range(1, 41):
            self.assertEqual(self.verdict(f"main/gate/{i}")["status"], "ok")

    def test_without_requeue(self):
        process = self.start("main", "gate/1", "--slurm", "--slurm-requeues", "0")
        lost = self.wait_noted()[0]
        self.cluster.lose_node(lost.node[1:])
        text = self.finish(process, 100)
        self.assertIn("NODE_FAIL", text)
        self.assertEqual(self.verdict("main/gate/1")["status"], "crashed")
        self.assertIn(lost.node, self.verdict("main/gate/1")["message"])

    def test_drained(self):
        process = self.start("main", "gate/[1-9]", "--slurm", "--no-slurm-pack", "-j", "3",
                             "-w", "4")
        node = self.wait_noted(3)[0].node
        self.cluster.node(node[1:], "drain")
        self.open()
        self.finish(process)
        self.assertEqual(len([n for n in self.diary("begin") if n.node == node]), 1)

    def test_all_drained(self):
        for n in (1, 2, 3):
            self.cluster.node(n, "drain")
        process = self.start("main", "noted/1", "--slurm")
        self.wait_jobs("PENDING")
        self.wait_printed(process, "(?i)drained|resources|nodes")
        for n in (1, 2, 3):
            self.cluster.node(n, "resume")
        self.finish(process)

    def test_slurmd_restarts(self):
        process = self.start("main", "gate/1", "--slurm")
        node = self.wait_noted()[0].node[1:]
        self.cluster("node-kill", node)
        self.cluster("node-start", node)
        self.open()
        self.finish(process)
        self.assertEqual(len(self.diary("begin")), 1)


class SplitBrain(cluster.Case):
    def test_the_first_one_is_alive(self):
        process = self.start("main", "jealous", "--slurm")
        first = self.wait_noted()[0]
        self.cluster("node-kill", first.node[1:])
        self.cluster.node(first.node[1:], "down")
        again = wait_for(lambda: [job for job in self.active() if job[1] == "RUNNING"
                                  and job[2] != first.node], "it to be started elsewhere")
        log = self.run_folder() / "tasks"
        wait_for(lambda: len(list(log.rglob("*.1.jsonl"))) == 1, again)
        self.assertEqual(len(self.diary()), 1)
        self.open()
        self.finish(process)
        self.assert_once_at_a_time("jealous")
        self.assertEqual([note.what for note in self.diary()], ["begin", "end"])
        self.assertEqual(self.verdict("main/jealous")["status"], "ok")


class CutOff(cluster.Case):
    options = ("--isolated",)

    def test_frozen_and_thawed(self):
        process = self.start("main", "jealous", "--slurm")
        first = self.wait_noted()[0]
        node = first.node[1:]
        self.cluster("node-freeze", node)
        self.cluster.node(node, "down")
        # Its heartbeat has to be old enough.
        second = self.wait_noted(2)[1]
        self.assertNotEqual(second.node, first.node)
        self.cluster("node-thaw", node)
        wait_for(lambda: not self.cluster.processes_on(node), "the first one to be ended")
        self.open()
        self.finish(process)
        self.assertNotIn("intruder", "\n".join(self.lines("diary.txt")))
        leaf = self.leaf("main/jealous")
        owners = set((leaf / "beat.txt").read_text().split())
        self.assertEqual(len(owners), 1)
        self.assertIn(second.node, owners.pop())
        verdict = self.verdict("main/jealous")
        self.assertEqual((verdict["status"], verdict["attempt"]), ("ok", 2))

    def test_power_cut(self):
        process = self.start("main", "gate/1", "--slurm")
        first = self.wait_noted()[0]
        self.cluster("node-crash", first.node[1:])
        self.cluster.node(first.node[1:], "down")
        self.wait_noted(2)
        self.open()
        self.finish(process)
        self.assertEqual(self.verdict("main/gate/1")["attempt"], 2)


class BadNode(cluster.Case):
    options = ("--isolated",)

    def test_the_folder_is_missing(self):
        self.cluster("node-exec", "2", "mount", "-t", "tmpfs", "none", self.dir)
        for logs in ([], ["--slurm-log-dir", f"{self.cluster.root}/log"]):
            text = self.host(
                "main", "noted/[1-5]", "--slurm", "--no-slurm-pack",
                "--slurm-option=--nodelist=n2", *logs, code=102,
            ).all
            self.assertIn("n2", text)
            if not logs:
                self.assertIn("results folder is probably not there on the node", text)
            self.assertFalse(self.has_verdict("main/noted/1"))
            if logs:
                self.assertEqual(text.count("does not see the run's folder"), 1, text)
        self.host("main", "noted/[1-5]", "--slurm", "--slurm-exclude", "n2")

    def test_the_host_cannot_run(self):
        self.cluster.partition("down")
        process = self.start("main", "noted/[1-4]", "--slurm", "--no-slurm-pack",
                             "--slurm-option=--nodelist=n1")
        self.wait_jobs("PENDING", 4)
        host = pathlib.Path(self.spec()["host"])
        words = f"{host}: /lib/libc.so.6: version `GLIBC_2.99' not found (required by {host})"
        broken = host.with_suffix(".broken")
        broken.write_text(f'#!/bin/sh\necho "{words}" >&2\nexit 1\n'.replace("`", "\\`"))
        broken.chmod(0o755)
        broken.rename(host)
        self.cluster.partition("up")
        text = self.finish(process, 102)
        self.assertEqual(text.count("GLIBC_2.99"), 1, text)
        self.assertFalse(self.has_verdict("main/noted/1"))


class Cancelled(cluster.Case):
    def test_from_outside(self):
        process = self.start("main", "gate/[1-4]", "--slurm", "--no-slurm-pack", "-j", "2")
        notes = self.wait_noted(2)
        for job in self.active():
            self.cluster.output("scancel", job[5])
        text = self.finish(process, 100, 102)
        self.assertRegex(text, "(?i)cancelled")
        for note in notes:
            verdict = self.verdict(f"main/{note.name}")
            self.assertEqual(verdict["status"], "cancelled")
            self.assertNotIn("the run was stopped", verdict["message"])
        self.open()
        self.assertIn("4 ok", self.host("main", "gate/[1-4]", "--slurm").all)

    def test_one_of_several(self):
        process = self.start("main", "gate/[1-3]", "--slurm", "--no-slurm-pack")
        notes = self.wait_noted(3)
        # SLURM does not know tasks of arrays by the numbers they have themselves.
        ids = {job[0]: job[5] for job in self.active()}
        self.cluster.output("scancel", ids[notes[1].job])
        wait_for(lambda: self.has_verdict(f"main/{notes[1].name}"), "the verdict")
        self.open()
        self.finish(process, 100)
        states = [self.verdict(f"main/{note.name}")["status"] for note in notes]
        self.assertEqual(states, ["ok", "cancelled", "ok"])


class Breaker(cluster.Case):
    def test_alike_failures_stop_the_run(self):
        text = self.host("main", "alike/*", "--slurm", "--no-slurm-pack", "-j", "3",
                         "--slurm-max-alike", "5", code=101).all
        self.assertIn("cannot find the data", text)
        self.assertLess(len(self.diary("begin")), 30)
        self.wait_none_active()

    def test_a_success_shows_that_they_are_not_all_alike(self):
        self.host("main", "noted/1", "--slurm")
        self.host("main", "noted/2", "alike/?", "--slurm", "--no-slurm-pack", "-j", "1",
                  "--slurm-max-alike", "20", code=100)
        self.assertEqual(len(self.diary("begin")), 11)

    def test_max_fail(self):
        self.host("main", "alike/*", "--slurm", "--no-slurm-pack", "-j", "2",
                  "--max-fail", "2", code=101)
        self.assertLess(len(self.diary("begin")), 30)
        self.wait_none_active()


@unittest.skipUnless(HAS_CONTROL_GROUPS, "no control groups of version 1")
class Memory(cluster.Case):
    options = ("--cgroups",)

    def test_killed_for_memory(self):
        text = self.host("main", "memory/own", "noted/1", "--slurm", "--no-slurm-pack",
                         "--slurm-mem", "0.1", code=100).all
        self.assertEqual(self.verdict("main/memory/own")["status"], "out_of_memory")
        self.assertEqual(self.verdict("main/noted/1")["status"], "ok")
        self.assertIn("out of memory", text.replace("_", " "))

    def test_only_a_process_of_it_was(self):
        self.host("main", "memory/grandchild", "--slurm", "--slurm-mem", "0.1", code=100)
        self.assertEqual(self.verdict("main/memory/grandchild")["status"], "out_of_memory")

    def test_in_a_pilot(self):
        process = self.start("main", "gate/1", "memory/own", "gate/2", "--slurm",
                             "--slurm-pack", "-j", "3", "--slurm-cpus", "3",
                             "--slurm-mem", "0.15")
        wait_for(lambda: self.has_verdict("main/memory/own"), "the verdict")
        self.open()
        self.finish(process, 100)
        self.assertEqual(self.verdict("main/memory/own")["status"], "out_of_memory")
        self.assertEqual(self.verdict("main/gate/1")["status"], "ok")
        self.assertEqual(self.verdict("main/gate/2")["status"], "ok")
