"""Programs with experiments in them, driven like eh-host."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess

import eh
from test_submitting import Submitting, failing

PROGRAMS = pathlib.Path(os.environ["EH_PROGRAMS"])
HOST = eh.HOST


class Case(eh.Case):
    """self.host() runs the program."""

    program = PROGRAMS / "measure"
    plugin = ""

    def arguments(self, words, plugin):
        return [str(self.program)] + (["--plugin", plugin] if plugin else []) + list(words)


class CommandLine(Case):
    def test_the_help_is_the_programs(self):
        text = self.host("--help").stdout
        self.assertIn("\n  measure GROUP --help ", text)
        self.assertIn("\n  main     What it measures  (8 experiments)\n", text)
        self.assertIn("\n  slow     What takes its time  (3 experiments)\n", text)
        self.assertNotIn("eh-host", text)
        self.assertIn("talk", self.host("main", "--help").stdout)

    def test_its_name_stands_before_messages(self):
        self.assertIn("measure: there is no group 'mian'", self.host("mian", code=2).stderr)
        self.assertIn("write: measure GROUP [PATTERN...];", self.host(code=2).stderr)
        self.assertTrue(self.host("--version").stdout.startswith("measure (eh "))

    def test_lists_sweeps(self):
        listed = self.host("main", "-l").stdout
        self.assertIn("sweep/0.5/{1..3}  height=0.5 seed=1..3\n", listed)

    def test_tells_how_it_was_built(self):
        (plugin,) = json.loads(self.host("plugins", "--json").stdout)
        self.assertEqual(plugin["path"], str(self.program))
        self.assertEqual(plugin["groups"], ["main", "trouble", "slow"])
        self.assertTrue(plugin["flags"].startswith("Release: "), plugin)

    def test_looks_for_no_other_plugins(self):
        (self.dir / "plugins").mkdir()
        shutil.copy(PROGRAMS / "libextra.so", self.dir / "plugins")
        groups = ["main", "trouble", "slow"]
        found = self.host("plugins", "--json", env={"EH_PLUGIN_PATH": eh.BASIC})
        self.assertEqual([p["groups"] for p in json.loads(found.stdout)], [groups])

    def test_eh_host_says_that_it_is_a_program(self):
        for name in ("measure", "fixed"):
            done = subprocess.run(
                [HOST, "--plugin", PROGRAMS / name, "main"],
                cwd=self.dir,
                env=self.environment(),
                capture_output=True,
                text=True,
            )
            self.assertEqual(done.returncode, 3)
            self.assertIn("it is a program, not a shared library (", done.stderr)


class Host(Case):
    """Which eh-host the program goes on as."""

    def setUp(self):
        super().setUp()
        (self.dir / "bin").mkdir()
        self.program = self.dir / "bin/measure"
        shutil.copy(PROGRAMS / "measure", self.program)

    def script(self, path, text):
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return str(path)

    def test_each_of_its_places_in_their_order(self):
        beside = self.script(self.dir / "bin/eh-host", "echo beside")
        built = self.script(self.dir / "built/eh-host", "echo built")
        named = self.script(self.dir / "named", "echo named")
        self.script(self.dir / "path/eh-host", "echo path")
        env = {
            "EH_HOST": named,
            "MEASURE_BUILT_WITH": built,
            "PATH": f"{self.dir}/none:{self.dir}/path:{os.environ['PATH']}",
        }
        self.assertEqual(self.host(env=env).stdout, "beside\n")
        os.unlink(beside)
        self.assertEqual(self.host(env=env).stdout, "named\n")
        env["EH_HOST"] = ""
        self.assertEqual(self.host(env=env).stdout, "built\n")
        os.unlink(built)
        self.assertEqual(self.host(env=env).stdout, "path\n")

    def test_none(self):
        env = {"MEASURE_BUILT_WITH": "/none/eh-host", "PATH": "/none/bin"}
        self.assertEqual(
            self.host("main", code=2, env=env).stderr,
            f"measure: cannot find eh-host: it is not at '{self.dir.resolve()}/bin/eh-host',"
            " not at '/none/eh-host' and not in PATH (install eh, or name its eh-host by the"
            " variable EH_HOST)\n",
        )

    def test_one_that_cannot_be_started(self):
        done = self.host("main", code=2, env={"EH_HOST": "/none/eh-host"})
        self.assertIn(
            "measure: cannot start eh-host: '/none/eh-host', which EH_HOST names, is not a program"
            " (name eh-host there, or unset it)",
            done.stderr,
        )
        broken = self.dir / "broken"
        broken.write_bytes(b"\x7fELF")
        broken.chmod(0o755)
        done = self.host("main", code=2, env={"EH_HOST": str(broken)})
        self.assertIn(f"measure: cannot start '{broken}': Exec format error", done.stderr)

    def test_the_program_itself(self):
        done = self.host("main", code=2, env={"EH_HOST": str(self.program)})
        self.assertIn("measure: cannot run a program: this is not eh-host", done.stderr)

    def test_one_of_another_version(self):
        other = f'shift 2; exec "{HOST}" --eh-program 99.1.2 "$@"'
        env = {"EH_HOST": self.script(self.dir / "other", other)}
        done = self.host("main", code=2, env=env)
        self.assertRegex(
            done.stderr,
            f"^measure: cannot run: '{HOST}' is of eh [0-9.]+, and this program of eh 99.1.2"
            r" \(build it again, or name its eh-host by the variable EH_HOST\)\n$",
        )

    def test_the_words_of_programs_are_theirs(self):
        for words in (["--eh-program"], ["--eh-program", "0.1.0", "99", "/x", "x"],
                      ["--eh-program", "0.1.0", "x", "/x", "x"]):
            done = subprocess.run([HOST, *words], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("only programs say this", done.stderr)


class Results(Case):
    def test_runs_skips_and_runs_again(self):
        self.assertIn("8 experiments: 8 ok", self.host("main").stdout)
        leaf = self.leaf("main/sweep/2/3")
        self.assertEqual((leaf / "height.txt").read_text(), "6.000000")
        self.assertEqual((self.leaf("main/high/height.txt")).read_text(), "3.000000")
        self.assertIn("8 experiments: 8 done before", self.host("main").stdout)
        (leaf / "mine.txt").touch()
        self.assertIn("1 experiment: 1 ok", self.host("main", "sweep/2/3", "-f").stdout)
        self.assertFalse((leaf / "mine.txt").exists())

    def test_the_verdict_names_the_program(self):
        self.host("main", "high")
        verdict = self.verdict("main/high")
        self.assertEqual(verdict["parameters"], {"height": 3, "seed": 1})
        self.assertEqual(verdict["command"], f"{self.program} main high")
        plugin = verdict["plugin"]
        self.assertEqual(plugin["path"], str(self.program))
        digest = hashlib.sha1(self.program.read_bytes()).hexdigest()
        self.assertEqual(plugin["sha1"], digest)
        self.assertRegex(plugin["build_id"], "^[0-9a-f]{40}$")

    def test_what_is_printed_and_logged_arrives(self):
        shown = self.host("main", "talk").stdout
        self.assertIn("talk warning: logged", shown)
        self.assertEqual((self.leaf("main/talk/output.txt")).read_text(), "said")

    def test_failures_harm_no_others(self):
        self.host("trouble", "-j2", code=100)
        self.assertEqual(self.verdict("trouble/fine")["status"], "ok")
        refused = self.verdict("trouble/refuse")
        self.assertEqual(refused["status"], "failed")
        self.assertEqual(refused["exception"], "std::runtime_error")
        crashed = self.verdict("trouble/crash")
        self.assertEqual((crashed["status"], crashed["signal"]), ("crashed", "SIGABRT"))
        frames = [f for f in crashed["backtrace"] if f.startswith("crash_here()")]
        self.assertTrue(frames and frames[0].endswith(" in measure"), crashed)


class Files(Case):
    program = PROGRAMS / "files"

    def test_without_an_experiment(self):
        said = self.host().stdout
        self.assertEqual(said, "2 3\ncannot read 'none.txt': there is no such file\n")
        self.assertTrue((self.dir / "new/waits.csv.gz").exists())


class Talkative(Case):
    program = PROGRAMS / "talkative"
    talk = '{"hello":\nwelcome\nno newline'

    def test_what_it_prints_first_is_not_its_description(self):
        done = self.host("main")
        self.assertIn("1 experiment: 1 ok", done.stdout)
        self.assertTrue(done.stdout.startswith(self.talk + "1 experiment"), done.stdout)
        self.assertEqual(done.stdout.count("welcome"), 1)
        said = [line for line in done.stderr.splitlines() if "optimisation" not in line]
        self.assertEqual(said, [])
        self.assertEqual((self.leaf("main/one/output.txt")).read_text(), self.talk + "from one\n")

    def test_it_may_end_before(self):
        for code in "01":
            done = self.host("main", code=3, env={"TALKATIVE_ENDS": code})
            self.assertIn(
                f"it ended the process with exit code {code} while loading; it printed:\n"
                + self.talk,
                done.stderr,
            )


class Children(Case):
    def test_every_experiment_has_a_process(self):
        self.host("main")
        ids = {(self.leaf(n) / "process.txt").read_text() for n in ("main/high", "main/sweep/2/1")}
        self.assertEqual(len(ids), 2)

    def test_loads_plugins_too(self):
        extra = str(PROGRAMS / "libextra.so")
        self.host("extra", plugin=extra)
        self.assertEqual((self.leaf("extra/add/added.txt")).read_text(), "added")
        self.host("main", "high", plugin=extra)
        # What is named twice is there once.
        self.host("trouble", "fine", plugin=str(self.program))
        again = json.loads(self.host("plugins", "--json", plugin=extra).stdout)
        self.assertEqual([p["path"] for p in again], [str(self.program), extra])

    def test_a_bad_plugin_is_an_error(self):
        done = self.host("extra", plugin=str(PROGRAMS / "fixed"), code=3)
        self.assertIn("measure: cannot load plugin", done.stderr)
        self.assertIn("it is a program", done.stderr)

    def test_debuggers_start_it(self):
        self.host("main", "high", "--debugger", "env SEEN=1")
        self.assertEqual(self.verdict("main/high")["status"], "ok")

    def test_without_the_right_words(self):
        for words in ([], ["run"], ["describe"], ["dance", "x"]):
            done = self.host("--eh-child", *words, code=2)
            self.assertEqual(
                done.stderr, "measure --eh-child is started by measure (run measure --help)\n"
            )
        child = subprocess.run([eh.CHILD], capture_output=True, text=True)
        self.assertEqual(child.returncode, 2)
        self.assertEqual(child.stderr, "eh-child is started by eh-host (run eh-host --help)\n")

    def test_nothing_outlives_a_killed_program(self):
        run = self.start("slow", "first", "second", "-j2")
        eh.wait_for(lambda: self.has_started("first") and self.has_started("second"))
        text = f"EH_LEAF_DIR={self.leaf('slow')}"
        self.assertEqual(len(eh.processes_with(text)), 2)
        run.kill()
        eh.wait_for(lambda: not eh.processes_with(text), "the end of all children")

    def has_started(self, name):
        return (self.leaf(f"slow/{name}") / "started.txt").exists()


class Replaced(Case):
    """What is built in the place of the program has no part in a run."""

    def setUp(self):
        super().setUp()
        self.use("measure")

    def use(self, name):
        self.program = self.dir / "bin" / name
        self.program.parent.mkdir(exist_ok=True)
        shutil.copy(PROGRAMS / name, self.program)

    def begin(self):
        """Starts the slow ones; the first is running when it returns."""
        run = self.start("slow", "first", "second", "-j1")
        eh.wait_for((self.leaf("slow/first") / "started.txt").exists, "the first start")
        return run

    def replace(self):
        other = self.dir / "other"
        other.write_text(f"#!/bin/sh\ntouch {self.dir}/other-ran\nexit 1\n")
        other.chmod(0o755)
        os.replace(other, self.program)

    def test_by_another(self):
        digest = hashlib.sha1(self.program.read_bytes()).hexdigest()
        run = self.begin()
        self.replace()
        self.open()
        self.assertIn("2 experiments: 2 ok", self.finish(run))
        self.assertFalse((self.dir / "other-ran").exists())
        second = self.verdict("slow/second")
        self.assertEqual(second["plugin"]["sha1"], digest)
        self.assertEqual(second["plugin"]["path"], str(self.program))

    def test_by_nothing(self):
        run = self.begin()
        self.program.unlink()
        self.open()
        self.assertIn("2 experiments: 2 ok", self.finish(run))

    def test_before_the_run_copied_it(self):
        removes = {"MEASURE_REMOVES": str(self.program)}
        self.assertIn("1 experiment: 1 ok", self.host("slow", "third", env=removes).stdout)
        self.assertFalse(self.program.exists())
        self.assertEqual(self.verdict("slow/third")["plugin"]["path"], str(self.program))

    def test_one_that_needs_its_place_is_watched(self):
        self.use("rooted")
        run = self.begin()
        self.assertFalse((self.dir / "results" / ".eh" / "plugins").exists())
        self.replace()
        self.open()
        self.assertIn("it changed during the run (start again", self.finish(run, code=3))
        self.assertEqual(self.verdict("slow/first")["status"], "ok")
        self.assertFalse((self.dir / "other-ran").exists())

    def test_where_nothing_can_be_executed(self):
        """Needs root to mount a file system."""
        results = self.dir / "results"
        results.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=32m,noexec", "eh-test", results]
        if subprocess.run(mount, capture_output=True).returncode != 0:
            self.skipTest("cannot mount a tmpfs")
        self.addCleanup(subprocess.run, ["umount", "-l", results])
        self.assertIn("1 experiment: 1 ok", self.host("main", "high").stdout)


class Submitted(Case, Submitting):
    """Tasks of a cluster, which sbatch is only pretended to start."""

    def setUp(self):
        super().setUp()
        self.program = self.dir / "bin/measure"
        self.program.parent.mkdir()
        shutil.copy(PROGRAMS / "measure", self.program)

    def spec(self):
        return json.loads((self.folder / "spec.json").read_text())

    def task(self):
        return subprocess.run(
            [self.spec()["host"], "--eh-task", self.folder, "0"],
            cwd=self.dir,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=eh.PATIENCE,
        )

    def test_tasks_start_copies(self):
        done = self.host("main", "high", "--slurm", "--detach", code=102)
        self.assertIn(f"{self.program} cancel", done.stdout)
        built = self.program.read_bytes()
        (plugin,) = self.spec()["plugins"]
        self.assertEqual(plugin["path"], str(self.program.resolve()))
        self.assertEqual(pathlib.Path(plugin["copy"]).read_bytes(), built)
        host = pathlib.Path(self.spec()["host"])
        self.assertEqual(host.read_bytes(), pathlib.Path(HOST).read_bytes())
        self.program.unlink()
        done = self.task()
        self.assertEqual(done.returncode, 0, done.stderr)
        verdict = self.verdict("main/high")
        self.assertEqual(verdict["status"], "ok")
        self.assertEqual(verdict["command"], f"{self.program} main high --slurm --detach")
        self.assertEqual(verdict["plugin"]["path"], plugin["path"])
        self.assertEqual(verdict["plugin"]["sha1"], hashlib.sha1(built).hexdigest())

    def test_tasks_speak_in_its_name(self):
        self.host("main", "high", "--slurm", "--detach", code=102)
        pathlib.Path(self.spec()["plugins"][0]["copy"]).write_bytes(b"")
        self.assertIn("measure: cannot use plugin", self.task().stderr)

    def test_from_code(self):
        self.sbatch(failing("Invalid account"))
        self.program = PROGRAMS / "scripted"
        said = self.host("=slurm=true", "=slurm.account=none", "main").stdout
        self.assertTrue(said.startswith("refused\t2\tcannot submit to SLURM"), said)
        self.assertIn("Invalid account", said)
        self.assertEqual(self.submitted().count("--parsable"), 1)


class Linked(Case):
    def test_in_other_ways(self):
        for name in ("collected", "fixed", "exporting", "own_runtime", "rooted"):
            with self.subTest(name):
                self.program = PROGRAMS / name
                results = f"results-{name}"
                self.host("main", "--output", results)
                self.host("extra", "--output", results, plugin=str(PROGRAMS / "libextra.so"))
                self.assertEqual((self.dir / results / "main/talk/output.txt").read_text(), "said")
                self.assertTrue((self.dir / results / "extra/add/added.txt").exists())

    def test_the_host_and_the_sdk_share_no_function(self):
        """Of two with one name the linker takes either."""

        def names(file):
            listed = subprocess.run(
                ["nm", "-C", "--defined-only", file], check=True, capture_output=True, text=True
            )
            lines = (line.split(" ", 2) for line in listed.stdout.splitlines())
            return {words[2] for words in lines if len(words) == 3 and "eh::" in words[2]}

        (unit,) = PROGRAMS.rglob("slow.cc.o")
        host, sdk = names(os.environ["EH_LIBRARY"]), names(unit)
        self.assertTrue(any("eh::host::" in name for name in host))
        self.assertTrue(any("eh::detail::" in name for name in sdk))
        self.assertEqual(host & sdk, set())
