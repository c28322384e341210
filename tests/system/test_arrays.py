"""What is exported as .npz is read by NumPy."""

import os
import unittest

import eh
import numpy as np


class Arrays(eh.Case):
    plugin = os.environ["EH_RESULTS_PLUGIN"]

    def export(self, *words):
        self.host("export", *words, "-o", "all.npz")
        with np.load(self.dir / "all.npz", allow_pickle=False) as file:
            return {name: file[name] for name in file.files}

    def check(self, array, dtype, values):
        self.assertEqual(array.dtype, np.dtype(dtype))
        np.testing.assert_equal(array.tolist(), values)

    def test_types(self):
        self.host("data", "sweep")
        table = self.export("data")
        self.assertEqual(
            list(table),
            "name servers load seed wait exact even formula results.seed"
            " status start end seconds attempts host message".split(),
        )
        names = [f"sweep/c={c}/{i}" for c in (1, 2) for i in (1, 2, 3, 4)]
        self.check(table["name"], "<U11", names)
        self.check(table["servers"], np.int64, [1, 1, 1, 1, 2, 2, 2, 2])
        self.check(table["load"], np.float64, [0.5] * 8)
        self.check(table["exact"], np.int64, [2**53 + 1] * 8)
        self.check(table["even"], bool, [False, True] * 4)
        self.check(table["formula"], "<U6", ['x, "y"'] * 8)
        self.check(table["message"], "<U1", [""] * 8)
        self.assertEqual(table["seconds"].dtype, np.float64)
        self.assertEqual(table["start"][0], self.verdict("data/sweep/c=1/1")["start"])

    def test_what_is_missing(self):
        self.host("data", "sweep/c=1", "fails", "dies", code=100)
        table = self.export("data")
        nan = np.nan
        self.check(table["servers"], np.float64, [1, 1, 1, 1, nan, nan])
        self.check(table["wait"], np.float64, [10.1, 10.2, 10.3, 10.4, np.inf, 2])
        # As a float64 it would be another number.
        self.check(table["exact"], "<U16", ["9007199254740993"] * 4 + ["", ""])
        self.check(table["even"], "<U5", ["false", "true", "false", "true", "", ""])
        self.assertIn("it had to,\nreally", table["message"][4])

    def test_groups_of_rows(self):
        self.host("data", "sweep", "fails", code=100)
        table = self.export("data", "--group-by", "servers")
        self.check(table["servers"], np.int64, [1, 2])
        self.check(table["count"], np.int64, [4, 4])
        np.testing.assert_allclose(table["wait.mean"], [10.25, 20.25])
        # Whole by chance.
        self.check(table["exact.sd"], np.float64, [0, 0])
        once = self.export("data", "--group-by", "name")
        self.check(once["wait.sd"], np.float64, [np.nan] * 8)

    def test_reals_that_happen_to_be_whole(self):
        self.host("whole")
        table = self.export("whole")
        self.check(table["load"], np.float64, [1, 2])
        self.check(table["wait"], np.float64, [3, 6])
        self.check(table["seed"], np.int64, [1, 1])
        table = self.export("whole", "--group-by", "load")
        self.check(table["load"], np.float64, [1, 2])

    def test_metrics(self):
        self.host("data", "sweep/c=2/1", "sweep/c=2/2")
        table = self.export("data", "--metrics")
        self.assertEqual(list(table), ["name", "metric", "step", "value", "time"])
        self.check(table["name"], "<U11", ["sweep/c=2/1"] * 3 + ["sweep/c=2/2"] * 3)
        self.check(table["step"], np.int64, [1, 2, 3] * 2)
        self.check(table["value"], np.float64, [0.25, 0.5, 0.75] * 2)
        self.assertEqual(table["time"].dtype, np.dtype("<U24"))

    def test_before_anything_ran(self):
        table = self.export("data")
        self.check(table["name"], "<U1", [])
        self.assertEqual({array.shape for array in table.values()}, {(0,)})

    def test_compressed_ones_are_no_arrays(self):
        self.assertIn(".npz", self.host("export", "data", "-o", "a.npz.gz", code=2).stderr)


if __name__ == "__main__":
    unittest.main()
