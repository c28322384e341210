"""Checks of the sources and the programs that no compiler makes.

    hygiene.py CHECK SOURCE_FOLDER [eh-child] [plugin]

A check is a function below that yields one line for each thing that is wrong.
"""

import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
QUOTED = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
CODE = {".c", ".cc", ".h", ".hpp"}
TEXT = CODE | {".py", ".sh", ".md", ".txt", ".cmake", ".in", ""}
# What libstdc++ makes visible whatever a plugin is compiled with.
STANDARD_LIBRARY = re.compile(r"_Z(Z|GV|T[ISV])?N?K?(St|S[absiod]|9__gnu_cxx)")


def files(root, folders, endings=CODE):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            built = any(p.startswith(("build", "_")) for p in path.parts[len(root.parts):])
            if path.is_file() and path.suffix in endings and not built:
                yield path


def includes(path):
    return INCLUDE.findall(path.read_text())


def only_in(root, prefix, pattern):
    """That no file of host/ but those of `pattern` includes `prefix`."""
    for path in files(root, ["host"]):
        if not re.fullmatch(pattern, str(path.relative_to(root / "host"))):
            for header in includes(path):
                if header.startswith(prefix):
                    yield f"{path} includes {header}"


# What the files of a room of host/ may include, beside their own room; main.cc
# and cli/ put the others together.
ROOMS = {
    "base": "",
    "json": "base",
    "os": "base",
    "contract": "base json",
    "data": "base json os contract",
    "child": "base json os contract data",
    "catalog": "base json os contract",
    "config": "base json os contract catalog",
    "leaf": "base json os contract",
    "events": "base json os contract leaf",
    "plan": "base json os contract catalog config leaf",
    "run": "base json os contract catalog config leaf events plan",
    "report": "base json os contract config events",
    "cluster": "base json os contract catalog config leaf events plan run",
    "cluster/slurm": "base json os contract catalog config leaf events plan run cluster",
    "export": "base json os contract data catalog leaf plan",
    "embed": "base json os contract data child",
}
TOGETHER = {".", "cli", "include/eh"}


def rooms(root):
    """A room knows only what stands before it on the way of the data."""
    for path in files(root, ["host"]):
        room = str(path.parent.relative_to(root / "host"))
        if room in TOGETHER:
            continue
        if room not in ROOMS:
            yield f"{path} is in no room"
            continue
        for header in QUOTED.findall(path.read_text()):
            other = header.rpartition("/")[0]
            if other not in ("eh", room, *ROOMS[room].split()):
                yield f"{path} includes {header}, which {room}/ may not know"


def boost_dll(root):
    yield from only_in(root, "boost/dll", r"child/plugin.*\.cc")


def boost_process(root):
    yield from only_in(root, "boost/process", r"run/processes\.cc")


def boost_json(root):
    """One room reads JSON; its header passes the types on."""
    yield from only_in(root, "boost/json", r"json/fields\.h")


def boost_log(root):
    """Its core is one for a whole process, and its headers are heavy."""
    yield from only_in(root, "boost/log", r"report/log\.cc")


def curl(root):
    yield from only_in(root, "curl/", r"os/libcurl\.h")


def codecs(root):
    """Each is in the one unit that loads it."""
    for header, unit in (("zstd.h", "codec_zstd"), ("lzma.h", "codec_xz"),
                         ("bzlib.h", "codec_bzip2"), ("zip.h", "zip"),
                         ("zlib.h", "codec_gzip")):
        yield from only_in(root, header, rf"data/{unit}\.cc")


def host_and_sdk(root):
    """The boundary is all that the two share."""
    for path in files(root, ["host"]):
        for header in includes(path):
            if header.startswith("eh/") and header not in ("eh/abi.h", "eh/host.hpp"):
                yield f"{path} includes {header}"


def sdk_and_boost(root):
    """Only the adapter for who logs with Boost.Log includes it."""
    for path in files(root, ["sdk"]):
        if path.name == "log_boost.hpp":
            continue
        for header in includes(path):
            if header.startswith("boost/"):
                yield f"{path} includes {header}"


def width(root):
    places = [("host", CODE, 80), ("sdk", CODE, 80)]
    places += [(f, TEXT, 100) for f in ("host", "sdk", "tests", "scripts", "plugins-example")]
    for folder, endings, limit in places:
        for path in files(root, [folder], endings):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                # What the tests of nocompile/ expect stands on the line itself.
                if len(line.split("  // HERE:")[0]) > limit:
                    yield f"{path}:{number} is {len(line)} wide, not {limit}"


def form(root):
    """Another version of clang-format would form some lines otherwise."""
    sources = list(files(root, ["host", "sdk", "tests", "plugins-example"]))
    checked = subprocess.run(["clang-format-14", "--dry-run", "--Werror", *sources],
                             capture_output=True, text=True)
    if checked.returncode != 0:
        yield from re.findall(r"^.*error: .*$", checked.stderr, re.M) or [checked.stderr]


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def child_libraries(root, child, plugin):
    """Each shared library of eh-child costs every experiment time."""
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", output_of("readelf", "-d", child))
    if not needed:
        yield f"readelf shows no libraries of {child}"
    allowed = r"(libstdc\+\+|libgcc_s|libc|libm|libdl|libpthread|lib.*san|ld-linux.*)\.so\..*"
    for library in needed:
        if not re.fullmatch(allowed, library):
            yield f"{child} needs {library}"


def plugin_exports(root, child, plugin):
    """Two plugins must not find each other's functions."""
    lines = output_of("nm", "-D", "--defined-only", plugin).split("\n")
    names = {line.split()[-1] for line in lines if line}
    if "eh_plugin_v1" not in names:
        yield f"{plugin} does not export eh_plugin_v1"
    for name in sorted(names - {"eh_plugin_v1"}):
        if not STANDARD_LIBRARY.match(name):
            yield f"{plugin} exports {name}"


def main():
    check, root, *programs = sys.argv[1:]
    wrong = list(globals()[check](pathlib.Path(root).resolve(), *programs))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
