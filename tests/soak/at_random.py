"""Several hosts on the same results, killed and hindered at random instants.

Takes too long for each change: soak.py runs it. The same seed gives the same
choices, although not the same instants.
"""

import contextlib
import os
import pathlib
import random
import signal
import time

import campaign
import eh
from campaign import wait_for

SECONDS = 40  # at most, of one campaign


class Host:
    """One that runs, here or in a process namespace, as on another machine."""

    def __init__(self, process, elsewhere):
        self.process = process
        self.elsewhere = elsewhere
        self.pid = process.pid
        if elsewhere:
            self.pid = wait_for(lambda: self.ended() or self.first_child(), "the namespace")
            with contextlib.suppress(OSError):
                self.namespace = os.readlink(f"/proc/{self.pid}/ns/pid")

    def ended(self):
        return self.process.poll() is not None

    def first_child(self):
        with contextlib.suppress(OSError, IndexError):
            pid = self.process.pid
            return int(pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        return 0

    def send(self, number):
        if not self.ended():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self):
        self.process.kill()
        self.process.wait()
        if self.elsewhere:
            # Its first process ends after all others.
            wait_for(lambda: not eh.alive(self.pid), "the namespace to end")


class AtRandom(campaign.Case):
    group = "paced"
    which = ("*",)
    jobs = "2"

    def setUp(self):
        super().setUp()
        self.random = random.Random(campaign.SEED)
        self.hosts = []
        self.seen = {}  # of what is done, how many notes there were

    def more_hosts(self, place):
        self.hosts = [host for host in self.hosts if not host.ended()]
        while len(self.hosts) < 3:
            elsewhere = campaign.may_unshare() and self.random.random() < 0.3
            log = self.enterContext((place.folder / "hosts.txt").open("a"))
            process = self.start_host(place, *self.words(), stdout=log,
                                      before=campaign.ELSEWHERE if elsewhere else ())
            self.hosts.append(Host(process, elsewhere))

    def kill_host(self, place, host):
        host.kill()
        if host.elsewhere:
            self.age(place, getattr(host, "namespace", "none"))

    def age(self, place, namespace):
        for alive in place.output.glob(".eh/runs/*/alive"):
            with contextlib.suppress(OSError):
                if namespace in alive.read_text():
                    then = alive.stat().st_mtime - 300
                    os.utime(alive, (then, then))

    def end_host(self, place, host):
        host.send(self.random.choice([signal.SIGTERM, signal.SIGINT]))

    def stop_host(self, place, host):
        host.send(signal.SIGSTOP)
        time.sleep(self.random.random())
        host.send(signal.SIGCONT)

    def kill_child(self, place, host):
        children = eh.processes_with(f"EH_LAUNCH_DIR={place.folder}")
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.random.choice(children), signal.SIGKILL)

    def fill(self, place, host):
        with (place.output / "filler").open("wb", buffering=0) as file:
            with contextlib.suppress(OSError):
                for size in (1 << 16, 1 << 12):
                    while True:
                        file.write(b"x" * size)
        time.sleep(self.random.random() / 2)
        (place.output / "filler").unlink()

    def look(self, place):
        """Nothing that is done begins again, and what is done is whole."""
        done = place.done()
        notes = place.notes()
        for name in done:
            at = self.seen.setdefault(name, len(notes))
            again = [n for n in notes[at:] if n.startswith(f"begin {name.partition('/')[2]} ")]
            self.assertEqual(again, [], "it was done before")
        return len(done) == len(self.expected)

    def campaign(self, place, actions):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and not self.look(place):
            self.more_hosts(place)
            action = self.random.choice(actions)
            action(place, self.random.choice(self.hosts))
            time.sleep(self.random.random() * 0.3)
        for host in self.hosts:
            self.kill_host(place, host)
        self.wait_for_end(place)
        said = (place.folder / "hosts.txt").read_text(errors="replace")
        for bad in campaign.BAD_WORDS:
            self.assertNotIn(bad, said)
        wrong = self.finish(place, self.words())
        self.assertEqual(wrong, [], f"seed {campaign.SEED}")

    def test_killed(self):
        self.campaign(self.new_place(), [self.kill_host, self.kill_host, self.kill_child,
                                         self.kill_child, self.end_host, self.stop_host])

    def test_full_disk(self):
        place = self.new_place()
        self.small_disk("6m", place.output.relative_to(self.dir), inodes=20_000)
        self.campaign(place, [self.fill, self.fill, self.kill_host, self.kill_child,
                              self.stop_host])
