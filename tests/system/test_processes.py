"""What experiments start and how that ends, and what eh-host inherits."""

import collections
import fcntl
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import termios
import unittest

import eh
from eh import wait_for

PROCESSES = os.environ["EH_PROCESSES_PLUGIN"]

# A process that takes a moment to clean up when it is asked to end.
CLEANER = """
trap 'echo cleaned >> "$EH_LAUNCH_DIR/cleaned.txt"; exit 0' TERM
echo $$ >> "$EH_LAUNCH_DIR/ready.txt"
while :; do sleep 0.01; done
"""


class Scripts(eh.Case):
    plugin = PROCESSES

    def script(self, text, name="script.sh"):
        (self.dir / name).write_text(text)

    def run_as(self, *words, code=0, **popen):
        """Runs eh-host in a process that was prepared in some way."""
        done = subprocess.run(
            self.arguments(words, None), cwd=self.dir, env=self.environment(),
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=eh.PATIENCE, **popen,
        )
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done


class Asked(Scripts):
    """Nothing is killed that was not asked to end before."""

    def setUp(self):
        super().setUp()
        self.script(CLEANER, "cleaner.sh")

    def leave(self, start):
        self.script(
            f'{start} sh "$EH_LAUNCH_DIR/cleaner.sh" > /dev/null 2>&1 &\n'
            'while ! [ -s "$EH_LAUNCH_DIR/ready.txt" ]; do sleep 0.01; done\n'
        )

    def test_what_an_experiment_left_behind(self):
        self.leave("")
        text = self.host("work", "script/1").stdout
        self.assertIn("behind", text)
        self.assertEqual(self.lines("cleaned.txt"), ["cleaned"])
        self.assertEqual(self.verdict("work/script/1")["status"], "ok")

    def test_what_left_its_group(self):
        self.leave("setsid")
        self.host("work", "script/1")
        self.assertEqual(self.lines("cleaned.txt"), ["cleaned"])

    def test_what_is_stopped(self):
        self.leave("")
        with (self.dir / "script.sh").open("a") as script:
            script.write('kill -STOP "$(cat "$EH_LAUNCH_DIR/ready.txt")"\n')
        self.host("work", "script/1")
        self.assertEqual(self.lines("cleaned.txt"), ["cleaned"])

    def test_what_does_not_heed(self):
        self.script(
            "(trap '' TERM; echo > \"$EH_LAUNCH_DIR/ready.txt\";"
            " while :; do sleep 1; done) > /dev/null 2>&1 &\n"
            'while ! [ -s "$EH_LAUNCH_DIR/ready.txt" ]; do sleep 0.01; done\n'
        )
        self.host("work", "script/1", "--grace-period", "100ms")
        leaf = self.leaf("work/script/1")
        self.assertEqual(eh.processes_with(f"EH_LEAF_DIR={leaf}"), [])
        self.assertLess(self.verdict("work/script/1")["seconds"], 60)

    def test_time_limit(self):
        self.script('sh "$EH_LAUNCH_DIR/cleaner.sh"\n')
        self.time_out("work", "script/1", reached=lambda: self.lines("ready.txt"))
        self.assertEqual(self.lines("cleaned.txt"), ["cleaned"])

    def test_interrupted(self):
        self.script('sh "$EH_LAUNCH_DIR/cleaner.sh"\n')
        process = self.start("work", "script/[12]", "-j", "2")
        wait_for(lambda: len(self.lines("ready.txt")) == 2)
        process.send_signal(signal.SIGINT)
        self.finish(process, 130)
        self.assertEqual(self.lines("cleaned.txt"), ["cleaned"] * 2)


class Ranks(Scripts):
    def test_an_experiment_is_no_rank(self):
        self.script('env > "$EH_LAUNCH_DIR/seen.txt"\n')
        done = self.host(
            "work", "script/1",
            env={
                "OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "0",
                "OMPI_MCA_ess_base_vpid": "0", "OMPI_MCA_btl": "self",
                "PMIX_RANK": "0", "PMI_RANK": "0", "HYDI_CONTROL_FD": "5",
            },
        )
        self.assertIn("one of 2 processes of a parallel job", done.stderr)
        names = {line.partition("=")[0] for line in self.lines("seen.txt")}
        self.assertIn("OMPI_MCA_btl", names)
        for name in ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "PMIX_RANK",
                     "OMPI_MCA_ess_base_vpid", "PMI_RANK", "HYDI_CONTROL_FD"):
            self.assertNotIn(name, names)

    def test_only_the_first_rank_says_so(self):
        self.script("")
        done = self.host(
            "work", "script/1",
            env={"OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "1"},
        )
        self.assertNotIn("parallel job", done.stderr)

    @unittest.skipUnless(shutil.which("mpirun"), "no mpirun")
    def test_under_mpirun(self):
        mpirun = ["mpirun", "--oversubscribe", "-n", "2"]
        if os.geteuid() == 0:
            mpirun.insert(1, "--allow-run-as-root")
        inner = " ".join(mpirun)
        self.script(
            f'{inner} sh -c \'echo "$OMPI_COMM_WORLD_RANK"\' > ranks.txt\n'
            'echo "$EH_EXPERIMENT" >> "$EH_LAUNCH_DIR/started.txt"\n'
        )
        done = subprocess.run(
            mpirun + self.arguments(["work", "script/[1-3]", "-j", "1"], None),
            cwd=self.dir, env=self.environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=eh.PATIENCE,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stderr.count("parallel job"), 1)
        for i in "123":
            ranks = (self.leaf(f"work/script/{i}") / "ranks.txt").read_text().split()
            self.assertEqual(sorted(ranks), ["0", "1"])
        self.assertEqual(
            sorted(self.lines("started.txt")), [f"script/{i}" for i in "123"]
        )


class Inherited(Scripts):
    """Whoever starts eh-host may leave it in any state."""

    def test_children_ignored(self):
        self.script("kill -ABRT \"$(cut -d' ' -f6 /proc/$$/stat)\"  # its session\n")
        self.run_as(
            "work", "script/1", code=100,
            preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN),
        )
        self.assertEqual(self.verdict("work/script/1")["signal"], "SIGABRT")

    def test_signals_blocked(self):
        self.script('echo > "$EH_LAUNCH_DIR/ready.txt"\nexec sleep 1000\n')
        process = subprocess.Popen(
            self.arguments(["work", "script/1"], None), cwd=self.dir,
            env=self.environment(), stdout=subprocess.DEVNULL,
            preexec_fn=lambda: signal.pthread_sigmask(
                signal.SIG_BLOCK, signal.valid_signals()
            ),
        )
        self.started.append(process)
        wait_for(lambda: self.lines("ready.txt"))
        process.terminate()
        self.assertEqual(process.wait(timeout=eh.PATIENCE), 143)
        self.assertEqual(self.verdict("work/script/1")["status"], "cancelled")

    def test_other_children(self):
        """Of a shell that became eh-host."""
        self.script("")
        words = self.arguments(["work", "script/1"], None)
        subprocess.run(
            ["sh", "-c", 'sleep 1000 & echo $! > pid.txt; exec "$@"', "sh"] + words,
            cwd=self.dir, env=self.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, check=True, timeout=eh.PATIENCE,
        )
        pid = int(self.lines("pid.txt")[0])
        self.assertTrue(eh.alive(pid))
        os.kill(pid, signal.SIGKILL)

    def test_limit_of_file_sizes(self):
        done = self.run_as(
            "export", "work", "--all", "-o", "all.csv", code=110,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        )
        self.assertIn("File too large", done.stderr)

    def test_what_it_makes_is_for_itself_to_use(self):
        self.script("")
        self.run_as("work", "script/1", preexec_fn=lambda: os.umask(0o777))
        mode = self.leaf("work/script/1").stat().st_mode
        self.assertEqual(mode & 0o777, 0o700)

    def through_full_pipe(self, *words):
        """What comes through a pipe that takes no more than a page at once."""
        read, write = os.pipe()
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
        os.set_blocking(write, False)
        process = subprocess.Popen(
            self.arguments(words, None), cwd=self.dir, env=self.environment(),
            stdin=subprocess.DEVNULL, stdout=write,
        )
        self.started.append(process)

        def is_full():
            waiting = fcntl.ioctl(read, termios.FIONREAD, b"\0" * 4)
            return int.from_bytes(waiting, "little") > 2048

        wait_for(lambda: is_full() or process.poll() is not None)
        self.assertFalse(os.get_blocking(write), "it is not eh-host's to change")
        os.close(write)
        with os.fdopen(read) as pipe:
            text = pipe.read()
        self.assertEqual(process.wait(timeout=eh.PATIENCE), 0)
        return text

    def test_non_blocking_list(self):
        listed = self.host("work", "-l", "--json").stdout
        self.assertGreater(len(listed), 8192)
        self.assertEqual(self.through_full_pipe("work", "-l", "--json"), listed)

    def test_non_blocking_events(self):
        self.script("")
        events = self.events(self.through_full_pipe("work", "--json"))
        kinds = collections.Counter(event["event"] for event in events)
        self.assertEqual((kinds["started"], kinds["ended"]), (60, 60))


class Refused(Scripts):
    """The system refuses what it mostly gives."""

    def as_other_user(self, **limits):
        """Root has no limit of processes."""
        if os.geteuid() != 0:
            self.skipTest("needs root, to become another user")
        other = 54_321
        os.chown(self.dir, other, other)

        def prepare():
            for name, value in limits.items():
                resource.setrlimit(getattr(resource, name), (value, value))
            os.setgroups([])
            os.setgid(other)
            os.setuid(other)

        return prepare

    @eh.needs_strace
    def test_descriptors_of_processes(self):
        self.script("[ $EH_EXPERIMENT != script/3 ]\n")
        done = subprocess.run(
            ["strace", "-o", "/dev/null", "-e", "trace=pidfd_open",
             "-e", "inject=pidfd_open:error=EPERM"]
            + self.arguments(["work", "script/[1-9]", "-j", "3"], None),
            cwd=self.dir, env=self.environment(), capture_output=True, text=True,
            timeout=eh.PATIENCE,
        )
        self.assertEqual(done.returncode, 100, done.stdout + done.stderr)
        self.assertIn("8 ok, 1 failed", done.stdout)

    @eh.needs_strace
    def test_calls_of_the_start(self):
        """Each fails once: it is said what cannot be done, why, and what helps."""
        start = "?vfork,clone,?clone3"
        for calls, error, message in (
            ("pipe2", "ENFILE", "cannot make a pipe: Too many open files in system (end"),
            ("pipe2", "EMFILE", "cannot make a pipe: Too many open files (raise"),
            (start, "EAGAIN", "/eh-child': Resource temporarily unavailable (end"),
            (start, "ENOMEM", "/eh-child': Cannot allocate memory (end"),
            ("?readlink,readlinkat", "EIO", "'/proc/self/exe': Input/output error (the log"),
            ("?access,faccessat", "EIO", "/eh-child': Input/output error (the log"),
            ("getcwd", "EIO", "cannot get current path: Input/output error (the log"),
            ("epoll_create1", "EMFILE", "cannot wait for processes: Too many open files (raise"),
        ):
            only = {"?r": ["-P", "/proc/self/exe"],
                    "?a": ["-P", str(pathlib.Path(eh.CHILD).resolve())]}.get(calls[:2], [])
            for words in ["list"], ["work", "script/1"]:
                if calls == "epoll_create1" and words == ["list"]:
                    continue  # which waits for nothing
                with self.subTest(calls=calls, error=error, words=words):
                    done = subprocess.run(
                        ["strace", "-qq", "-o", "/dev/null", *only, "-e", f"trace={calls}",
                         "-e", f"inject={calls}:error={error}:when=1"]
                        + self.arguments(words, None),
                        cwd=self.dir, env=self.environment(), capture_output=True, text=True,
                        timeout=eh.PATIENCE, stdin=subprocess.DEVNULL,
                    )
                    self.assertEqual(done.returncode, 110, done.stdout + done.stderr)
                    self.assertIn(message, done.stderr)
                    self.assertIn("eh-host: cannot ", done.stderr)
                    self.assertNotIn("internal error", done.stderr)

    def test_folder_that_is_gone(self):
        gone = self.dir / "gone"
        for words in ["list"], ["work", "script/1"], ["status"]:
            gone.mkdir()
            done = subprocess.run(
                self.arguments(words, None), cwd=gone, env=self.environment(),
                capture_output=True, text=True, timeout=eh.PATIENCE,
                stdin=subprocess.DEVNULL, preexec_fn=gone.rmdir,
            )
            self.assertEqual(done.returncode, 110, done.stderr)
            self.assertIn("No such file or directory (this folder is gone", done.stderr)

    def test_few_descriptors(self):
        self.script("")
        done = self.run_as(
            "work", "-j", "100", "-vv",
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
        )
        self.assertIn("60 ok", done.stdout)
        self.assertIn("no more than 8 run at a time", done.stderr)

    def test_hardly_any_descriptors(self):
        self.script("")
        for most in (4, 7, 10, 13, 16, 20, 24):
            done = subprocess.run(
                self.arguments(["work", "script/1", "-f"], None), cwd=self.dir,
                env=self.environment(), capture_output=True, text=True,
                timeout=eh.PATIENCE, stdin=subprocess.DEVNULL,
                preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_NOFILE, (most, most)
                ),
            )
            self.assertGreaterEqual(done.returncode, 0, done.stderr)
            self.assertTrue(done.returncode == 0 or done.stderr, most)
            if done.returncode == 0:
                self.assertEqual(self.verdict("work/script/1")["status"], "ok")

    def test_few_processes(self):
        prepare = self.as_other_user(RLIMIT_NPROC=24)
        done = self.run_as("alone", "-j", "30", preexec_fn=prepare)
        self.assertIn("60 ok", done.stdout)
        # Where so many ever ran at once, which is up to the machine.
        self.assertLessEqual(done.stdout.count("fewer run at a time"), 1)

    def test_hardly_any_processes(self):
        self.script("")
        for most in (1, 2, 3, 5):
            done = subprocess.run(
                self.arguments(["work", "script/1", "-f"], None), cwd=self.dir,
                env=self.environment(), capture_output=True, text=True,
                timeout=eh.PATIENCE, stdin=subprocess.DEVNULL,
                preexec_fn=self.as_other_user(RLIMIT_NPROC=most),
            )
            self.assertGreaterEqual(done.returncode, 0, done.stderr)
            said = done.stdout + done.stderr
            self.assertTrue(done.returncode == 0 or "cannot" in said
                            or "failed" in said, said)

    def test_no_terminal(self):
        self.script("read answer < /dev/tty || echo none > \"$EH_LAUNCH_DIR/said.txt\"\n")
        shown, code = self.on_terminal("work", "script/1")
        self.assertEqual(code, 0, shown)
        self.assertEqual(self.lines("said.txt"), ["none"])


class InTheWay(Scripts):
    """Nothing waits for what is in the place of one of eh's files."""

    COMMANDS = (
        ["status", "work"], ["logs", "work", "script/1"],
        ["explain", "work", "script/1"], ["work", "-d", "script/1"],
        ["export", "work", "--all", "--metrics"], ["work", "script/1"],
    )

    def put(self, make):
        self.script("echo printed\n")
        self.host("work", "script/1")
        leaf = self.leaf("work/script/1")
        verdict = leaf / "eh.json"
        below = self.dir / "results/.eh"
        run = os.readlink(below / "runs/latest")
        places = [
            leaf / name
            for name in ("log.txt", "output.txt", "metrics.jsonl", ".eh-results", "eh.json")
        ] + [below / "journal.jsonl", below / "runs" / run / "alive"]
        for place in places:
            for command in self.COMMANDS:
                with self.subTest(place=place.name, command=command):
                    leaf.mkdir(parents=True, exist_ok=True)
                    if place.name != "eh.json" and not verdict.exists():
                        verdict.write_text('{"format":1,"status":"failed","attempt":1}')
                    if place.is_dir() and not place.is_symlink():
                        shutil.rmtree(place)
                    place.unlink(missing_ok=True)
                    make(place)
                    done = subprocess.run(
                        self.arguments(command, None), cwd=self.dir,
                        env=self.environment(), capture_output=True, text=True,
                        stdin=subprocess.DEVNULL, timeout=eh.PATIENCE,
                    )
                    self.assertGreaterEqual(done.returncode, 0, done.stderr)
                    self.assertNotIn("internal error", done.stderr)

    def test_pipes(self):
        self.put(os.mkfifo)

    def test_folders(self):
        self.put(os.mkdir)


class Memory(Scripts):
    def test_of_what_it_started(self):
        self.script("python3 -c 'bytearray(300 << 20)'\n")
        self.host("work", "script/1")
        self.assertGreater(self.verdict("work/script/1")["peak_memory_bytes"], 300 << 20)

    def test_of_itself(self):
        self.script("")
        self.host("work", "script/1")
        self.assertLess(self.verdict("work/script/1")["peak_memory_bytes"], 100 << 20)


class Places(eh.Case):
    plugin = os.environ["EH_RELATIVE_PLUGIN"]

    def put_library(self, folder):
        (self.dir / folder).mkdir()
        shutil.copy(os.environ["EH_RELATIVE_LIBRARY"], self.dir / folder)

    def test_relative_run_path(self):
        self.put_library("run-path")
        self.host("main", "answer")
        self.assertEqual(self.verdict("main/answer")["results"], {"answer": 42})

    def test_relative_library_path(self):
        self.put_library("places")
        self.host("main", "answer", env={"LD_LIBRARY_PATH": "/nowhere:places"})
        self.assertEqual(self.verdict("main/answer")["status"], "ok")

    def test_an_initialiser_that_goes_elsewhere(self):
        (self.dir / "script.sh").write_text("")
        self.host("work", "script/1", plugin=PROCESSES)
        leaf = self.leaf("work/script/1")
        self.assertEqual((leaf / "here.txt").read_text(), "here\n")

    def test_an_initialiser_that_leaves_a_daemon(self):
        file = self.dir / "daemon.txt"
        self.host("work", "-l", plugin=PROCESSES, env={"DAEMON_FILE": str(file)})
        if file.exists():  # or it was ended before it could say so
            self.assertFalse(eh.alive(file.read_text().strip() or 0))
        self.assertEqual(eh.processes_with(f"DAEMON_FILE={file}"), [])


if __name__ == "__main__":
    unittest.main()
