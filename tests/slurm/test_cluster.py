"""scripts/slurm-cluster: what the other tests build upon."""

import os
import pathlib
import signal
import subprocess
import sys
import unittest

import cluster
import eh
from eh import wait_for

HAS_CONTROL_GROUPS = os.path.exists("/sys/fs/cgroup/memory/memory.limit_in_bytes")


def left_over(root):
    """Processes, mounts and files of a cluster."""
    found = [f"process {pid}" for pid in eh.processes_with(f"SLURM_CONF={root}/")]
    mounts = pathlib.Path("/proc/self/mounts").read_text()
    found += [line for line in mounts.splitlines() if root in line]
    return found + ([root] if os.path.exists(root) else [])


def surroundings():
    """What clusters make outside of their folders."""
    groups = {str(path) for path in pathlib.Path("/sys/fs/cgroup").glob("*/eh*")}
    return groups | {link for link in os.listdir("/sys/class/net")}


class Plain(cluster.Case):
    def test_runs_jobs(self):
        self.assertEqual(self.cluster.node_states(), {f"n{i}": "idle" for i in (1, 2, 3)})
        nodes = self.cluster.output("srun", "-N3", "sh", "-c", "echo $SLURMD_NODENAME")
        self.assertEqual(sorted(nodes.split()), ["n1", "n2", "n3"])
        job = self.cluster.sbatch("-o", self.dir / "out", "-c4", "--wrap", "hostname")
        self.cluster.wait_state(job, "COMPLETED")
        self.assertEqual((self.dir / "out").read_text().strip(), os.uname().nodename)
        shown = self.cluster("status")
        self.assertRegex(shown, r"slurmd\.n3 +\d+")

    def test_hands_out_gpus(self):
        seen = self.cluster.output(
            "srun", "-n6", "--gres=gpu:2", "-N3", "sh", "-c",
            "echo $SLURMD_NODENAME:$CUDA_VISIBLE_DEVICES",
        )
        self.assertEqual(set(seen.split()), {"n1:0,1", "n2:0,1", "n3:0,1"})

    def test_killed_and_frozen_nodes(self):
        job = self.cluster.sbatch("-w", "n2", "-o", "/dev/null", "--wrap", "sleep 1000")
        self.cluster.wait_state(job, "RUNNING")
        self.cluster("node-kill", "2")
        self.cluster.scontrol("update", "nodename=n2", "state=down", "reason=test")
        self.cluster.wait_state(job, "PENDING")
        self.assertEqual(self.cluster.job(job)["Restarts"], "1")
        # That it goes on all the same is what split brain is about.
        self.assertEqual(len(self.cluster.processes_of(job)), 2)
        self.cluster("node-start", "2")
        self.cluster.scontrol("update", "nodename=n2", "state=resume")
        self.cluster.wait_node(2, "idle")
        self.cluster("node-freeze", "3")
        self.cluster("node-thaw", "3")
        with self.assertRaisesRegex(AssertionError, "wants a node: 1 to 3"):
            self.cluster("node-kill", "4")
        with self.assertRaisesRegex(AssertionError, "runs already"):
            self.cluster("node-start", "3")

    def test_controller(self):
        job = self.cluster.sbatch("-o", "/dev/null", "--wrap", "sleep 1000")
        self.cluster("controller-freeze")
        done = self.cluster.run("squeue")
        self.assertIn("Socket timed out", done.stderr)
        self.cluster("controller-thaw")
        self.cluster.wait_state(job, "RUNNING")
        self.cluster("controller-kill")
        self.assertIn("Unable to contact", self.cluster.run("squeue").stderr)
        self.cluster("controller-start")
        self.cluster.wait_state(job, "RUNNING")

    def test_stop_leaves_nothing(self):
        self.cluster.sbatch("-w", "n1", "-o", "/dev/null", "--wrap", "setsid sleep 1000 & wait")
        job = self.cluster.sbatch("-w", "n2", "-o", "/dev/null", "--wrap", "sleep 1000")
        self.cluster.wait_state(job, "RUNNING")
        self.cluster("node-kill", "1")
        self.cluster("node-freeze", "2")
        self.cluster("controller-freeze")
        self.cluster("stop")
        wait_for(lambda: not left_over(self.cluster.root), "nothing left")

    def test_ends_with_the_process_it_is_for(self):
        code = "import cluster, os, sys; c = cluster.Cluster(); print(c.root, flush=True);"
        process = subprocess.Popen(
            [sys.executable, "-c", code + "sys.stdin.read()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        root = process.stdout.readline().strip()
        self.assertTrue(left_over(root))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        wait_for(lambda: not left_over(root), "nothing left")


class Options(cluster.Case):
    options = ("--preempt", "--nodes", "2", "--cpus", "2", "--array-size", "11")

    def test_preempts(self):
        low = self.cluster.sbatch("-p", "low", "-N2", "-n4", "-o", "/dev/null",
                                  "--wrap", "sleep 1000")
        self.cluster.wait_state(low, "RUNNING")
        high = self.cluster.sbatch("-p", "high", "-n4", "-N2", "-o", "/dev/null",
                                   "--wrap", "sleep 1000")
        self.cluster.wait_state(high, "RUNNING")
        self.assertEqual(self.cluster.job(low)["Restarts"], "1")

    def test_array_size(self):
        self.cluster.sbatch("--array=0-10", "-o", "/dev/null", "--wrap", "true")
        done = self.cluster.run("sbatch", "--array=11", "--wrap", "true")
        self.assertIn("Invalid job array specification", done.stderr)

    def test_one_is_running(self):
        with self.assertRaisesRegex(AssertionError, "one is running"):
            self.cluster("start")

    def test_refuses(self):
        busy = self.dir / "busy"
        busy.mkdir()
        (busy / "file").touch()
        long = self.dir / ("long" * 30)
        for root, words, reason in (
            (busy, [], "holds other files"),
            (long, [], "too long"),
            (self.dir / "a b", [], "unusual characters"),
            ("/tmp/x", ["--isolated"], "/tmp of their own"),
            (self.dir / "x", ["--nodes", "many"], "wants a number"),
            (self.dir / "x", ["--gpu", "1"], "no option --gpu"),
        ):
            done = self.cluster.run(cluster.SCRIPT, "start", "--root", root, *words)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(reason, done.stderr)
        self.assertTrue((busy / "file").exists())
        self.assertFalse((self.dir / "x").exists())
        done = self.cluster.run(cluster.SCRIPT, "status", "--root", self.dir / "x")
        self.assertIn("no cluster was started", done.stderr)
        done = self.cluster.run("runuser", "-u", "nobody", "--", "bash", cluster.SCRIPT,
                                "start", "--root", self.dir / "x")
        self.assertRegex(done.stderr, "need root|Permission denied")


class Isolated(cluster.Case):
    options = ("--isolated", "--conf", "SlurmdTimeout=2", "--conf", "MessageTimeout=2")

    def test_nodes_are_machines(self):
        names = self.cluster.output("srun", "-N3", "hostname").split()
        self.assertEqual(sorted(names), ["n1", "n2", "n3"])
        self.cluster.output("srun", "-w", "n2", "touch", "/tmp/only-here")
        self.cluster("node-exec", "2", "test", "-e", "/tmp/only-here")
        with self.assertRaises(AssertionError):
            self.cluster("node-exec", "1", "test", "-e", "/tmp/only-here")

    def test_crash(self):
        job = self.cluster.sbatch("-w", "n3", "-o", "/dev/null", "--wrap", "sleep 1000")
        self.cluster.wait_state(job, "RUNNING")
        self.cluster("node-crash", "3")
        wait_for(lambda: not self.cluster.processes_of(job))
        self.cluster.wait_node(3, "down")
        self.cluster("node-start", "3")
        self.cluster.wait_node(3, "idle")

    def test_cut_off(self):
        self.cluster("node-cut", "1")
        self.cluster.wait_node(1, "down")
        self.cluster("node-join", "1")
        self.cluster.wait_node(1, "idle")

    def test_stop_leaves_nothing(self):
        self.cluster("node-crash", "1")
        self.cluster("node-freeze", "2")
        self.cluster("stop")
        wait_for(lambda: not left_over(self.cluster.root), "nothing left")


@unittest.skipUnless(HAS_CONTROL_GROUPS, "no control groups of version 1")
class ControlGroups(cluster.Case):
    options = ("--cgroups",)

    def test_out_of_memory(self):
        eat = "python3 -c 'bytearray(200 << 20)'; true"
        job = self.cluster.sbatch("--mem=50", "-o", "/dev/null", "--wrap", eat)
        self.cluster.wait_state(job, "OUT_OF_MEMORY")

    def test_nothing_survives_a_job(self):
        job = self.cluster.sbatch("-o", "/dev/null", "--wrap", "setsid sleep 1000 & true")
        self.cluster.wait_state(job, "COMPLETED")
        wait_for(lambda: not self.cluster.processes_of(job))

    def test_stop_leaves_nothing(self):
        mine = {name for name in surroundings() if self.group() in name}
        self.assertTrue(mine)
        self.cluster("stop")
        wait_for(lambda: not left_over(self.cluster.root), "nothing left")
        self.assertFalse(mine & surroundings())

    def group(self):
        conf = pathlib.Path(self.cluster.root) / "slurm.conf"
        return next(line for line in conf.read_text().splitlines()
                    if line.startswith("ClusterName=")).partition("=")[2]
