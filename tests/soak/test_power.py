"""Power that is lost: what is left says so, and a rerun makes all of it good."""

import unittest

import campaign
from campaign import spread
from eh import wait_for
from power import Disk, Unavailable


class Case(campaign.Case):
    group = "paced"
    which = ("write/[1-6]", "save/[1-4]", "flaky/[1-4]")
    jobs = "2"
    kind = ""

    def on_disk(self):
        place = self.new_place()
        try:
            disk = Disk(self.kind, self.dir / f"{self.count}.img", place.folder / "disk")
        except Unavailable as why:
            self.skipTest(str(why))
        self.addCleanup(disk.remove)
        return campaign.Place(place.folder, "disk/results"), disk

    def cut_at(self, count, commits):
        """Cuts the power when so many are done."""
        place, disk = self.on_disk()
        words = self.words("--output", "disk/results")
        process = self.start_host(place, *words)
        wait_for(lambda: process.poll() is not None or len(place.done()) >= count)
        if commits:
            disk.commit()
        disk.cut()
        process.kill()
        process.wait()
        self.wait_for_end(place)
        disk.again()
        place.age()  # who the owner was may be lost
        self.assertEqual(self.finish(place, words), [])
        disk.remove()

    def sweep(self):
        for count in spread(list(range(len(self.expected) + 1)), campaign.STEPS // 2):
            for commits in False, True:
                with self.subTest(f"{count} done", commits=commits):
                    self.cut_at(count, commits)


class Ext4(Case):
    kind = "ext4"

    def test_cut(self):
        self.sweep()


class Xfs(Case):
    kind = "xfs"

    def test_cut(self):
        self.sweep()


if __name__ == "__main__":
    unittest.main()
