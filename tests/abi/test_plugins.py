"""Bad plugins are refused with a reason, good ones are described in full."""

import json
import subprocess
import time
import unittest

from abi import CHILD, PLUGINS, SANITIZED, Case, describe


class Loading(Case):
    """Each bad plugin gives one sentence with its name and what to do."""

    def assert_refused(self, path, *parts):
        for way in (self.describe_error, self.run_error):
            message = way(path)
            self.assertTrue(
                message.startswith(f"cannot load plugin '{path}': "), message
            )
            self.assertRegex(message, r" \([^()]*\)$")
            for part in parts:
                self.assertIn(part, message)

    def describe_error(self, path):
        result = describe(path)
        self.assertEqual(result.returncode, 1)
        answer = json.loads(result.stdout)
        self.assertEqual(list(answer), ["error"])
        return answer["error"]

    def run_error(self, path):
        result = subprocess.run(
            [CHILD, "run", str(path), "0", "0", "0", "main", "any"],
            cwd=self.leaf,
            capture_output=True,
            text=True,
        )
        self.assertEqual(result.returncode, 121)
        self.assertEqual(self.files(), [])
        return result.stderr.removesuffix("\n")

    def plugin(self, name):
        return PLUGINS / f"{name}.so"

    def made(self, content):
        path = self.scratch / "made.so"
        path.write_bytes(content)
        return path

    def test_no_file(self):
        self.assert_refused(self.scratch / "none.so", "no such file")

    def test_folder(self):
        self.assert_refused(self.leaf, "it is a folder")

    def test_text_file(self):
        path = self.made(b"#!/bin/sh\necho not a library\n" * 20)
        self.assert_refused(path, "not a shared library")

    def test_empty_file(self):
        self.assert_refused(self.made(b""), "not a shared library", "empty")

    def test_object_file(self):
        content = bytearray(self.plugin("plain").read_bytes())
        content[16:18] = (1).to_bytes(2, "little")  # e_type = ET_REL
        self.assert_refused(self.made(content), "not a shared library")

    def test_truncated_at_any_length(self):
        content = self.plugin("plain").read_bytes()
        for size in [4, 20, 63, 64, 100, 500, 5000, len(content) - 1]:
            with self.subTest(size=size):
                message = self.describe_error(self.made(content[:size]))
                self.assertIn("truncated or damaged", message)

    def test_damaged_anywhere(self):
        # Of one that is not loaded: code in a damaged plugin may do anything.
        content = self.plugin("wrong_no_entry").read_bytes()
        sections = range(len(content) - 64 * 8, len(content))
        for at in [*range(16, 64), *sections]:
            damaged = bytearray(content)
            damaged[at] ^= 0xFF
            result = describe(self.made(bytes(damaged)))
            self.assertEqual(result.returncode, 1, (at, result))

    def test_other_architecture(self):
        content = bytearray(self.plugin("plain").read_bytes())
        content[18:20] = (8).to_bytes(2, "little")  # e_machine = EM_MIPS
        self.assert_refused(self.made(content), "another architecture")
        content = bytearray(self.plugin("plain").read_bytes())
        content[4] = 1  # ELFCLASS32
        self.assert_refused(self.made(content), "another architecture")

    def test_undefined_symbol(self):
        self.assert_refused(
            self.plugin("wrong_undefined"), "undefined symbol defined_nowhere"
        )
        self.assert_refused(
            self.plugin("loading_undefined"),
            "undefined symbol queue::arrivals(double)",
            "_ZN5queue8arrivalsEd",
        )

    def test_missing_library(self):
        self.assert_refused(
            self.plugin("wrong_dependency"),
            "it needs the shared library libabi_missing.so",
        )

    def test_no_plugin(self):
        # Its constructor would crash: it was not loaded.
        message = self.describe_error(self.plugin("wrong_no_entry"))
        self.assertIn("does not export eh_plugin_v1", message)
        self.assertIn("does a source file include <eh/eh.hpp>?", message)

    def test_other_version(self):
        message = self.describe_error(self.plugin("wrong_version_2"))
        self.assertIn("made for ABI version 2", message)
        self.assertIn("this eh knows version 1", message)
        self.assertIn("rebuild the plugin or update eh", message)

    def test_bad_table(self):
        self.assert_refused(self.plugin("wrong_null"), "refuses")
        self.assert_refused(self.plugin("wrong_short"), "16 bytes")
        self.assert_refused(self.plugin("wrong_run"), "eh_plugin.run is null")
        self.assert_refused(self.plugin("wrong_major"), "ABI version 3")

    def test_static_initialiser_throws(self):
        self.assert_refused(
            self.plugin("loading_throws"),
            "its static initialisation threw std::runtime_error: no data file",
        )

    @unittest.skipIf(SANITIZED, "a sanitizer ends it in its own way")
    def test_static_initialiser_crashes(self):
        result = describe(self.plugin("loading_crashes"))
        self.assertEqual((result.returncode, result.stdout), (-11, ""))
        self.assertEqual(self.run_one("any", plugin="loading_crashes"), -11)
        self.assertTrue(self.text(".eh-crash").startswith("11 0x0 "))

    def test_describe_throws(self):
        message = self.describe_error(self.plugin("loading_describe_throws"))
        self.assertIn("threw std::logic_error: in describe (", message)


class Describing(Case):
    def test_one_of_everything(self):
        result = describe(PLUGINS / "plain.so")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr, "printed while loading\n")
        answer = json.loads(result.stdout)
        self.assertEqual(answer["format"], 1)
        self.assertEqual(answer["abi"], [1, 3])
        self.assertEqual(answer["sdk"], "0.0.1")
        self.assertEqual(answer["compiler"], "cc")
        self.assertEqual(answer["flags"], "")
        self.assertEqual((answer["commit"], answer["dirty"]), ("abc", True))
        group = {"name": "main", "description": "A group in C"}
        group |= {"file": "plain.c", "line": 7}
        # A text, letter by letter: the host's JSON library rounds numbers.
        group |= {"config": '{"class": "Config"}'}
        self.assertEqual(answer["groups"], [group])
        self.assertEqual(
            answer["problems"],
            [{"message": 'a "problem"', "file": "plain.c", "line": 9}],
        )

    def test_built_with_version_1_0(self):
        answer = json.loads(describe(PLUGINS / "plain_1_0.so").stdout)
        now = json.loads(describe(PLUGINS / "plain.so").stdout)
        self.assertEqual(answer["abi"], [1, 0])
        del now["groups"][0]["config"]
        self.assertEqual(answer | {"abi": [1, 3]}, now)
        self.assertEqual(self.run_one("one", plugin="plain_1_0"), 0)
        self.assertEqual(self.verdict()["status"], "ok")

    def test_part_that_is_too_small(self):
        result = describe(PLUGINS / "behaviour.so", SMALL_GROUP="1")
        answer = json.loads(result.stdout)
        self.assertEqual(answer["groups"], [])
        (problem,) = answer["problems"]
        self.assertIn("smaller than ABI version 1 has it", problem["message"])

    def test_names(self):
        answer = json.loads(describe(PLUGINS / "plain.so").stdout)
        common = {"group": "main", "description": "", "file": "plain.c"}
        names = ["day/1", "day/2", "brace{{}}"]
        self.assertEqual(
            answer["experiments"][:3],
            [
                common | {"id": 0, "name": "one", "line": 10},
                common | {"id": 1, "names": names, "line": 11},
                common | {"id": 5, "name": "after a gap", "line": 11},
            ],
        )

    def test_sweep(self):
        answer = json.loads(describe(PLUGINS / "plain.so").stdout)
        sweep = answer["experiments"][3]
        load, method, sizes = sweep["parameters"]
        # Reals are in quotes, to be taken over letter by letter.
        value = {"kind": "real", "value": "0.5", "label": "0.5"}
        self.assertEqual(load, {"name": "load", "type": "double"} | value)
        self.assertEqual(method["choices"], ["exact", "sampled"])
        self.assertEqual((sizes["kind"], sizes["element"]), ("list", "integer"))
        self.assertIsNone(sizes["value"])
        self.assertEqual(
            sweep["axes"],
            [
                {"parameter": 0, "values": ["0.25", "0.5"]}
                | {"labels": ["quarter", "0.5"]},
                {"parameter": 2, "values": [0, 1, 2]},
            ],
        )
        self.assertEqual(sweep["keep"], [[0, 1], [4, 4]])
        self.assertEqual((sweep["timeout"], sweep["retries"]), (600, 1))
        self.assertEqual(sweep["name"], "sweep/{load}")

    def test_hundred_thousand(self):
        start = time.monotonic()
        result = describe(PLUGINS / "behaviour.so", EXPERIMENTS="100000")
        seconds = time.monotonic() - start
        (family,) = json.loads(result.stdout)["experiments"]
        self.assertEqual(len(family["names"]), 100000)
        self.assertEqual(family["names"][99999], "loop/number-99999")
        if not SANITIZED:
            self.assertLess(seconds, 3)  # 0.02 on an idle machine


if __name__ == "__main__":
    unittest.main()
