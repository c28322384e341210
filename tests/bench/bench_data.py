#!/usr/bin/env python3
"""Files of eh beside those of NumPy, pandas and Python's json.

    bench_data.py PROGRAM [ROWS [NUMBERS [ROUNDS]]]

PROGRAM is eh-bench-data. Each measurement is a process of its own, so that its
peak of memory is its own; the best of a few rounds counts. Files are in memory
where /dev/shm is, so that the disk has no say.
"""

import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

CASES = [
    ("rows", "rows.csv", "pandas"),
    ("rows", "rows.csv.gz", "pandas"),
    ("rows", "rows.jsonl", "pandas"),
    ("numbers", "numbers.npy", "NumPy"),
    ("numbers", "numbers.npy.gz", "NumPy"),
    ("numbers", "numbers.npz", "NumPy"),
    ("numbers", "numbers.json", "json"),
    ("numbers", "numbers.txt", "NumPy"),
]


def make(kind, count):
    import numpy as np

    random = np.random.default_rng(1)
    if kind == "numbers":
        return random.random(count)
    import pandas as pd

    return pd.DataFrame(
        {
            "id": np.arange(count),
            "x": random.random(count),
            "y": random.random(count),
            "name": [f"name {i % 1000}" for i in range(count)],
        }
    )


def write(file, value):
    import gzip

    import numpy as np

    if file.name.startswith("rows.csv"):
        gz = {"method": "gzip", "compresslevel": 6}
        value.to_csv(file, index=False, compression=gz if file.suffix == ".gz" else None)
    elif file.suffix == ".jsonl":
        value.to_json(file, orient="records", lines=True, double_precision=15)
    elif file.suffix == ".npy":
        np.save(file, value)
    elif file.suffix == ".gz":
        with gzip.open(file, "wb", compresslevel=6) as to:
            np.save(to, value)
    elif file.suffix == ".npz":
        np.savez_compressed(file, value)
    elif file.suffix == ".json":
        with file.open("w") as to:
            json.dump(value, to)
    else:
        np.savetxt(file, value, fmt="%.17g")


def read(file):
    import gzip

    import numpy as np

    if file.name.startswith("rows.csv"):
        import pandas as pd

        return pd.read_csv(file, float_precision="round_trip")
    if file.suffix == ".jsonl":
        import pandas as pd

        return pd.read_json(file, lines=True, precise_float=True)
    if file.suffix == ".npy":
        return np.load(file)
    if file.suffix == ".gz":
        with gzip.open(file) as source:
            return np.load(source)
    if file.suffix == ".npz":
        return np.load(file)["arr_0"]
    if file.suffix == ".json":
        with file.open() as source:
            return json.load(source)
    return np.loadtxt(file)


def in_python(what, kind, count, file):
    """What eh-bench-data does, and prints."""
    file = pathlib.Path(file)
    value = make(kind, int(count)) if what == "write" else None
    if file.suffix == ".json" and value is not None:
        value = value.tolist()
    if kind == "rows":
        import pandas  # noqa: F401
    import numpy  # noqa: F401

    begin = time.perf_counter()
    write(file, value) if what == "write" else read(file)
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"what": what, "seconds": seconds, "peak_mib": peak}))


def best(rounds, *command):
    found = []
    for _ in range(rounds):
        done = subprocess.run([str(word) for word in command], check=True, capture_output=True)
        found.append(json.loads(done.stdout))
    return min(found, key=lambda one: one["seconds"])


def main(program, rows=1_000_000, numbers=10_000_000, rounds=3):
    where = "/dev/shm" if pathlib.Path("/dev/shm").is_dir() else None
    print(f"{'':16}{'':7}{'eh':>9}{'MiB':>7}{'Python':>9}{'MiB':>7}{'times as fast':>15}")
    with tempfile.TemporaryDirectory(prefix="eh-bench-", dir=where) as folder:
        for kind, name, other in CASES:
            file = pathlib.Path(folder) / name
            count = rows if kind == "rows" else numbers
            for what in "write", "read":
                words = what, kind, count, file
                ours = best(int(rounds), program, *words)
                theirs = best(int(rounds), sys.executable, __file__, "python", *words)
                print(
                    f"{name:16}{what:7}{ours['seconds']:8.2f}s{ours['peak_mib']:7}"
                    f"{theirs['seconds']:8.2f}s{theirs['peak_mib']:7}"
                    f"{theirs['seconds'] / ours['seconds']:12.1f} {other}",
                    flush=True,
                )
            file.unlink()


if __name__ == "__main__":
    in_python(*sys.argv[2:]) if sys.argv[1] == "python" else main(*sys.argv[1:])
