"""Finding and loading plugins; bad ones named and in a directory."""

import os
import pathlib
import shutil
import subprocess
import unittest

import eh

INCLUDES = os.environ["EH_INCLUDES"].split(":")


def compile(folder, name, source, *flags):
    """Compiles a plugin; returns its path."""
    file = folder / f"{name}.cc"
    file.write_text(source)
    target = folder / f"lib{name}.so"
    subprocess.run(
        ["g++", "-std=c++20", "-shared", "-fPIC", "-O0", *INCLUDES, str(file),
         "-o", str(target), *flags],
        check=True,
    )
    return str(target)


C_PLUGIN = """
#include <eh/abi.h>
static void describe(const eh_plugin*, const eh_catalog* c) {{ {describe} }}
static int run(const eh_plugin*, uint64_t, uint64_t, const eh_run*) {{ return 0; }}
static const eh_plugin plugin = {{sizeof(eh_plugin), 1, 0, {{"t", 1}}, {{"t", 1}},
  {{"", 0}}, {{"", 0}}, -1, describe, run}};
extern "C" const eh_plugin* {entry}(uint32_t) {{ return &plugin; }}
"""


class Finding(eh.Case):
    plugin = ""

    def test_directory(self):
        (self.dir / "drop").mkdir()
        shutil.copy(eh.BASIC, self.dir / "drop/libmine.so")
        (self.dir / "drop/readme.txt").write_text("no plugin")
        self.host("main", "day1", "--plugin-dir", "drop")

    def test_default_directory(self):
        (self.dir / "plugins").mkdir()
        shutil.copy(eh.BASIC, self.dir / "plugins/libmine.so")
        self.host("main", "day1")

    def test_environment(self):
        (self.dir / "drop").mkdir()
        shutil.copy(eh.TROUBLE, self.dir / "drop/libmine.so")
        text = self.host(
            "--help", env={"EH_PLUGIN_PATH": f"{eh.BASIC}:{self.dir}/drop"}
        ).stdout
        self.assertIn("main", text)
        self.assertIn("trouble", text)

    def test_several_plugins(self):
        self.host("trouble", "prints", "--plugin", eh.BASIC, "--plugin", eh.TROUBLE)

    def test_the_same_plugin_twice(self):
        self.host("main", "day1", "--plugin", eh.BASIC, "--plugin", eh.BASIC)

    def test_clash_of_two_plugins(self):
        copy = self.dir / "libcopy.so"
        shutil.copy(eh.BASIC, copy)
        done = self.host("main", "-l", "--plugin", eh.BASIC, "--plugin", str(copy), code=3)
        self.assertIn("libcopy.so", done.stderr)
        self.assertIn(eh.BASIC, done.stderr)

    def test_missing(self):
        self.assertIn("nowhere.so", self.host("main", "--plugin", "nowhere.so", code=3).stderr)
        self.host("main", "--plugin-dir", "nowhere", code=3)


class Bad(eh.Case):
    plugin = ""

    def refused(self, path, text):
        """A named one is an error; in a directory the rest goes on."""
        done = self.host("main", "-l", "--plugin", path, code=3)
        self.assertIn(text, done.stderr)
        self.assertIn(path, done.stderr)
        drop = self.dir / "drop"
        shutil.rmtree(drop, ignore_errors=True)
        drop.mkdir()
        shutil.copy(path, drop / "libbad.so")
        shutil.copy(eh.BASIC, drop / "libgood.so")
        done = self.host("main", "day1", "-f", "--plugin-dir", "drop", "--load-timeout", "5s")
        self.assertIn("warning", done.stderr)
        self.assertIn("libbad.so", done.stderr)
        self.assertIn("1 ok", done.stdout)

    def test_files_that_are_none(self):
        for name, content in (("text", b"hello\n"), ("empty", b""),
                              ("truncated", pathlib.Path(eh.BASIC).read_bytes()[:20000])):
            path = self.dir / f"{name}.so"
            path.write_bytes(content)
            self.refused(str(path), "cannot load plugin")

    def test_no_entry(self):
        self.refused(compile(self.dir, "other", "int answer() { return 42; }"), "eh_plugin_v1")

    def test_other_version(self):
        path = compile(self.dir, "next", C_PLUGIN.format(describe="", entry="eh_plugin_v2"))
        self.refused(path, "version 2")

    def test_undefined_symbol(self):
        path = compile(self.dir, "undefined",
                       "#include <eh/eh.hpp>\nvoid nobody_defines_this(int);\n"
                       'EH_GROUP(g, "");\nEH_EXPERIMENT(g, "a", [] { nobody_defines_this(1); });\n')
        self.refused(path, "nobody_defines_this")

    def test_crash_while_loading(self):
        path = compile(self.dir, "crash",
                       "#include <eh/eh.hpp>\n"
                       "static int x = [] {\n"
                       '  int* p = nullptr; asm("" : "+r"(p)); return *p; }();\n')
        self.refused(path, "crashed while loading")

    def test_hang_while_loading(self):
        path = compile(self.dir, "hang",
                       "#include <eh/eh.hpp>\n#include <unistd.h>\n"
                       "static int x = [] { for (;;) pause(); return 1; }();\n")
        done = self.host("main", "--plugin", path, "--load-timeout", "300ms", code=3)
        self.assertIn("did not load within", done.stderr)

    def test_exit_while_loading(self):
        path = compile(self.dir, "exit",
                       "#include <eh/eh.hpp>\n#include <cstdlib>\n"
                       "static int x = (std::_Exit(7), 1);\n")
        self.refused(path, "exit code 7")

    def test_throw_while_loading(self):
        path = compile(self.dir, "throw",
                       "#include <eh/eh.hpp>\n#include <stdexcept>\n"
                       'static int x = (throw std::runtime_error("no licence"), 1);\n')
        self.refused(path, "no licence")


class Registrations(eh.Case):
    plugin = ""

    def problem(self, body, *texts):
        path = compile(self.dir, "wrong",
                       '#include <eh/eh.hpp>\nstruct P { int n = 1; double x = 0.5; };\n'
                       'static void f(const P&) {}\nEH_GROUP(g, "");\n' + body)
        done = self.host("g", "-l", "--plugin", path, code=3)
        for text in texts:
            self.assertIn(text, done.stderr)

    def test_names(self):
        self.problem('EH_EXPERIMENT(g, "a", f);\nEH_EXPERIMENT(g, "a", f);\n',
                     "taken twice", "wrong.cc:5", "wrong.cc:6")
        self.problem('EH_EXPERIMENT(g, "a/b", f);\nEH_EXPERIMENT(g, "a/b/c", f);\n',
                     "leaf", "wrong.cc:5", "wrong.cc:6")
        for name in ("/a", "a/", "a//b", "a/../b", "a/./b", "a\\tb", "x" * 256):
            self.problem(f'EH_EXPERIMENT(g, "{name}", f);\n', "cannot register", "wrong.cc:5")

    def test_sweeps(self):
        self.problem('EH_EXPERIMENT(g, "s/{n}", f).repeat(&P::n, 3).sweep(&P::x, {0.1, 0.2});\n',
                     "wrong.cc:5")
        self.problem('EH_EXPERIMENT(g, "s/{n}", f).sweep(&P::n, {1, 2, 1});\n', "wrong.cc:5")
        self.problem('EH_REGISTER(g, group) { group.add("{m}", f); }\n', "{m}", "wrong.cc:5")

    def test_groups(self):
        self.problem('EH_GROUP(g, "again");\nEH_EXPERIMENT(g, "a", f);\n', "twice")

    def test_loop_that_throws(self):
        self.problem('EH_REGISTER(g, group) { throw std::runtime_error("no data"); }\n',
                     "no data", "wrong.cc:5")


if __name__ == "__main__":
    unittest.main()
