"""Kills at every step: nothing lost, nothing twice, nothing done by half."""

import shutil
import unittest

import campaign
from campaign import CHANGES, spread


class Case(campaign.Case):
    def sweep(self, start, words, who="host", check=None):
        """Kills `who` at each step of a run; then the same run is to complete it."""
        check = check or (lambda place: self.assertEqual(self.finish(place, words), []))
        for step in spread(self.steps(start, who, CHANGES, words)):
            with self.subTest(f"{step.call} {step.number}", line=step.line):
                place = self.copy_of(start)
                inject = f"inject={step.call}:signal=KILL:when={step.number}"
                options = ["-o", "/dev/null", "-e", f"trace={step.call}", "-e", inject]
                self.disturbed(place, who, options, words)
                check(place)
                shutil.rmtree(place.folder)

    def place_cut_off(self, **more):
        place = self.new_place()
        self.cut_off(place, *self.words(), **more)
        return place


class Host(Case):
    def test_from_nothing(self):
        """Claims, verdicts and a retry."""
        self.sweep(self.new_place(), self.words())

    def test_goes_on(self):
        """From the checkpoint of a host that was killed."""
        self.sweep(self.place_cut_off(), self.words())

    def test_again(self):
        self.sweep(self.undisturbed, self.words("--force"))


class Elsewhere(Case):
    which = ("save/1",)

    def test_taken_over(self):
        """From a host on another machine that is gone, as this one is then."""
        if not campaign.may_unshare():
            self.skipTest("may make no process namespace")

        def check(place):
            place.age()
            self.assertEqual(self.finish(place, self.words()), [])

        self.sweep(self.place_cut_off(elsewhere=True), self.words(), check=check)


class Child(Case):
    def test_from_nothing(self):
        self.sweep(self.new_place(), self.words(), "child")

    def test_goes_on(self):
        self.sweep(self.place_cut_off(), self.words(), "child")


class Clean(Case):
    def test_clean(self):
        words = ["clean", "--plugin", campaign.PROBE, self.group, *self.which, "--done"]

        def check(place):
            self.assertEqual(self.wrong_done(place), [])
            self.run_host(place, *words, code=None)
            self.assertEqual(place.leaves(), [])
            self.assertEqual(self.finish(place, self.words()), [])

        self.sweep(self.undisturbed, words, check=check)


if __name__ == "__main__":
    unittest.main()
