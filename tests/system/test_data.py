"""Files that experiments write are read by NumPy and pandas, and the other way round."""

import bz2
import csv
import gzip
import io
import json
import lzma
import math
import os
import random
import signal

import eh
import numpy as np
import pandas as pd

RECORDS = pd.DataFrame(
    {
        "on": [False, False, False, True],
        "low": np.array([-(2**63)] * 4, dtype=np.int64),
        "high": np.array([2**64 - 1] * 4, dtype=np.uint64),
        "odd": np.array([2**53 + 1] * 4, dtype=np.int64),
        "real": [0.1, math.inf, math.nan, 5e-324],
        "single": np.array([0.1] * 4, dtype=np.float32),
        "text": ["plain", 'comma, "quote" and\nline', "ünïcöde 😀", "12"],
    }
)
CUBE = (np.arange(24, dtype=np.float32) / 2).reshape(2, 3, 4)
OPENERS = {"": open, ".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}


class Case(eh.Case):
    plugin = os.environ["EH_DATA_PLUGIN"]

    def check_records(self, frame):
        for name in RECORDS:
            got, wanted = frame[name].tolist(), RECORDS[name].tolist()
            if name == "single":
                got, wanted = np.float32(got).tolist(), np.float32(wanted).tolist()
            np.testing.assert_equal(got, wanted, name)


class Written(Case):
    """By experiments."""

    def setUp(self):
        super().setUp()
        self.host("main", "write")
        self.leaf = self.dir / "results/main/write"

    def read(self, name, codec, reader, **more):
        with OPENERS[codec](self.leaf / (name + codec), "rb") as file:
            return reader(io.BytesIO(file.read()), **more)

    def test_tables(self):
        kinds = {"text": str, "high": np.uint64}
        for codec in OPENERS:
            csv = self.read("records.csv", codec, pd.read_csv, dtype=kinds)
            self.check_records(csv)
            self.assertEqual(csv["low"].dtype, np.int64)
            self.assertEqual(csv["real"].dtype, np.float64)
            self.assertEqual(csv["on"].dtype, bool)
            tsv = self.read("records.tsv", codec, pd.read_csv, sep="\t", dtype=kinds)
            self.check_records(tsv)
            rows = self.read("records.json", codec, json.load)
            lines = self.read(
                "records.jsonl",
                codec,
                lambda file: [json.loads(line) for line in file.read().splitlines()],
            )
            for each in rows, lines:
                for row in each:
                    row["real"] = float(row["real"])
                self.check_records(pd.DataFrame(each))
            array = self.read("records.npy", codec, np.load)
            self.assertEqual(array.dtype["high"], np.uint64)
            self.assertEqual(array.dtype["single"], np.float32)
            self.check_records(pd.DataFrame(array))
        self.assertTrue((self.leaf / "records.csv.zst").read_bytes()[:4] == b"\x28\xb5\x2f\xfd")

    def test_pandas_reads_the_json_itself(self):
        for name, lines in ("records.json", False), ("records.jsonl", True):
            frame = pd.read_json(self.leaf / name, lines=lines, convert_dates=False)
            self.assertEqual(frame["odd"].tolist(), RECORDS["odd"].tolist())
            self.assertEqual(frame["text"].tolist()[:3], RECORDS["text"].tolist()[:3])
            reals = frame["real"].astype(float).tolist()
            np.testing.assert_equal(reals[:3], [0.1, math.inf, math.nan])

    def test_arrays(self):
        np.testing.assert_array_equal(np.load(self.leaf / "cube.npy"), CUBE)
        np.testing.assert_array_equal(json.loads((self.leaf / "cube.json").read_text()), CUBE)
        matrix = [[1, 2], [3, 4], [5, 6]]
        np.testing.assert_array_equal(np.loadtxt(self.leaf / "matrix.txt"), matrix)
        np.testing.assert_array_equal(pd.read_csv(self.leaf / "matrix.csv"), matrix)
        numbers = np.fromfile(self.leaf / "numbers.bin")
        self.assertEqual([str(n) for n in numbers], ["0.5", "-0.0"])
        self.assertEqual(np.load(self.leaf / "texts.npy").tolist(), ["a", "", "😀"])
        arrays = np.load(self.leaf / "arrays.npz")
        self.assertEqual(arrays["n"].dtype, np.int32)
        self.assertEqual(arrays["n"].tolist(), [1, 2])
        self.assertEqual(arrays["names"].tolist(), ["x", "y"])
        self.assertEqual(float(arrays["scale"]), 2.5)
        table = np.load(self.leaf / "table.npz")
        self.assertEqual(table["n"].tolist(), [1, 2])
        np.testing.assert_equal(table["x"].tolist(), [0.5, math.nan])

    def test_what_is_empty(self):
        self.assertEqual(list(pd.read_csv(self.leaf / "empty.csv")), list(RECORDS))
        empty = np.load(self.leaf / "empty.npy")
        self.assertEqual(list(empty.dtype.names), list(RECORDS))
        self.assertEqual(empty.shape, (0,))
        missing = pd.read_csv(self.leaf / "missing.csv")["value"].tolist()
        np.testing.assert_equal(missing, [1, math.nan, 3])


class Read(Case):
    """By experiments, what Python wrote."""

    def test_all(self):
        for codec, opener in OPENERS.items():
            with opener(self.dir / ("records.csv" + codec), "wt", newline="") as file:
                RECORDS.to_csv(file, index=False)
        RECORDS.to_csv(self.dir / "records.tsv", sep="\t", index=False)
        rows = RECORDS.to_dict("records")
        (self.dir / "records.json").write_text(json.dumps(rows))
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (self.dir / "records.jsonl").write_text(lines)
        records = RECORDS.to_records(index=False)
        kinds = [(n, "<U40" if n == "text" else records.dtype[n]) for n in RECORDS]
        np.save(self.dir / "records.npy", records.astype(kinds))
        np.save(self.dir / "cube.npy", CUBE)
        np.save(self.dir / "fortran.npy", np.asfortranarray(CUBE))
        np.save(self.dir / "swapped.npy", CUBE.astype(">f4"))
        half = np.array([0.5, -2], dtype=np.float16)
        np.savez(self.dir / "arrays.npz", ab=[1, 2], half=half)
        np.savez_compressed(self.dir / "packed.npz", ab=[1.0, 2.0], half=half)
        np.savetxt(self.dir / "matrix.txt", [[1, 2], [3, 4], [5, 6]])
        np.save(self.dir / "texts.npy", np.array(["a", "😀"]))
        pd.DataFrame({"a": [1, None, 3]}).to_csv(self.dir / "missing.csv", index=False)
        RECORDS.to_csv(self.dir / "quoted.csv", index=False, quoting=csv.QUOTE_ALL)
        with gzip.open(self.dir / "packed.npz.gz", "wb") as file:
            file.write((self.dir / "packed.npz").read_bytes())
        padded = (self.dir / "records.csv.gz").read_bytes() + bytes(512)
        (self.dir / "padded.csv.gz").write_bytes(padded)
        (self.dir / "marked.txt").write_text("1\n2\n", encoding="utf-8-sig")
        self.host("main", "read")


class Endings(Case):
    """What a file is costs only who has such a file."""

    def test_libraries_are_loaded_when_they_are_needed(self):
        self.host("main", "load")
        seen = (self.dir / "results/main/load/seen.txt").read_text().splitlines()
        for line in seen[:5]:
            self.assertTrue(line.endswith(": "), line)
        self.assertEqual(seen[5:8], [
            "a.csv.zst: libzstd ",
            "a.csv.xz: libzstd liblzma ",
            "a.csv.bz2: libzstd liblzma libbz2 ",
        ])
        self.assertIn("libzip", seen[8])
        self.assertNotIn("libcurl", seen[8])


class Killed(Case):
    """In the middle of a write."""

    def test_a_file_is_whole_or_that_of_before(self):
        run = self.start("main", "overwrite", "-j", "4")
        leaves = self.dir / "results/main/overwrite"
        killed = set()

        def next_process():
            for file in leaves.glob("*/process.txt"):
                if file.parent.name not in killed:
                    return file
            return None

        while len(killed) < 12:
            file = eh.wait_for(next_process, "an experiment that writes")
            name = file.parent.name
            killed.add(name)
            data = file.parent / f"numbers.{name}"
            for _ in range(random.randrange(3)):
                before = data.stat().st_ino
                eh.wait_for(lambda: data.stat().st_ino != before, "another write")
            os.kill(int(file.read_text()), signal.SIGKILL)
        self.finish(run, code=100)
        self.host("main", "whole")


del Case
