"""Configuration: layers, files, mistakes, origins, secrets, staleness."""

import json
import os
import re
import subprocess

from eh import Case

PLUGIN = os.environ["EH_CONFIGURED_PLUGIN"]
DEFAULT = "Hello 84 3 0.1 fast 0.1 0.3 a=1 -1 data 1 1 1\n"


class ConfigCase(Case):
    plugin = PLUGIN

    def config(self, text, name="eh.config.json", mode=0o644):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else json.dumps(text))
        path.chmod(mode)
        return path

    def output(self, leaf):
        return (self.leaf(leaf) / "output.txt").read_text()

    def said(self, *words, leaf="main/say", **options):
        """Runs one experiment anew and returns what it printed."""
        group, name = leaf.split("/", 1)
        self.host("-f", group, name, *words, **options)
        return self.output(leaf)

    def values(self, *words, **options):
        return json.loads(self.host("config", *words, "--json", **options).stdout)["values"]


class Layers(ConfigCase):
    def test_defaults(self):
        self.assertEqual(self.said(), DEFAULT)
        self.assertEqual(self.said(leaf="other/say"), "0.5 extra 1\n")

    def test_every_type_from_every_layer(self):
        self.config(
            """{
              // as people write it
              "message": "from\\u0020file", "number": 1,
              "model": {"layers": 5, "method": "exact"},
              "rates": [1, 2.5], "limits": {"z": 9}, "cap": 4, "data": "sets/a",
              "pause": "1m30s", "workers": 2, /* and more */
            }"""
        )
        sets = self.dir.resolve() / "sets/a"
        self.assertEqual(
            self.said(), f"from file 2 5 0.1 exact 1 2.5 z=9 4 {sets} 90 1 2\n"
        )
        env = {
            "EH_NUMBER": "2",
            "EH_MODEL_LAYERS": "6",
            "EH_RATES": "7",
            "EH_LIMITS": '{"y": 8}',
            "EH_CAP": "null",
            "EH_DATA": "/abs",
            "EH_PAUSE": "2s",
        }
        self.assertEqual(
            self.said(env=env), "from file 4 6 0.1 exact 7 y=8 -1 /abs 2 1 2\n"
        )
        sets = ["number=3", "model.rate=1e-5", "model.method=fast", "limits.x=7"]
        sets += ["cap=5", "rates=[]", "slurm.gpus=2", "message=a b=c"]
        words = [word for one in sets for word in ("--set", one)]
        self.assertEqual(
            self.said(*words, "-w", "3", env=env),
            "a b=c 6 6 1e-05 fast x=7 y=8 5 /abs 2 2 3\n",
        )

    def test_a_value_of_two_classes_has_two_types(self):
        self.config({"workers": 2, "groups": {"other": {"number": 0.25}, "main": {"number": 7}}})
        self.assertEqual(self.said(leaf="other/say"), "0.25 extra 2\n")
        self.assertEqual(self.said().split()[1], "14")

    def test_patterns(self):
        self.config({"experiments": {"sweep": {"number": 1}, "sweep/2": {"number": 2}}})
        self.host("main")
        numbers = [self.output(f"main/{n}").split()[1] for n in ("say", "sweep/1", "sweep/2")]
        self.assertEqual(numbers, ["84", "2", "4"])

    def test_another_file_and_section(self):
        self.config({"number": 1})
        self.config(
            {
                "message": "all",
                "sections": {
                    "base": {"number": 2, "model": {"layers": 8}},
                    "gpu": {"extends": "base", "number": 3},
                },
            },
            "deep/lab.json",
        )
        self.assertEqual(self.said().split()[:3], ["Hello", "2", "3"])
        self.assertEqual(self.said("-c", "deep/lab.json").split()[:3], ["all", "84", "3"])
        self.assertEqual(
            self.said("--config", "deep/lab.json:gpu").split()[:3], ["all", "6", "8"]
        )
        refused = self.host("main", "-c", "deep/lab.json:gup", code=2).stderr
        self.assertIn("did you mean 'gpu'?", refused)
        self.assertIn("no file 'none.json'", self.host("main", "-c", "none.json", code=2).stderr)

    def test_limits(self):
        self.config({"retries": 1, "experiments": {"wait": {"timeout": "50ms"}}})
        self.host("plain", "twice", "patient")
        self.assertEqual(self.verdict("plain/patient")["attempt"], 2)
        self.host("plain", "wait", "--retries", "0", code=100)
        self.assertEqual(self.verdict("plain/wait")["status"], "timeout")
        self.host("plain", "twice", "--retries", "0", "--output", "other", code=100)

    def test_the_environment_of_an_experiment_suits_the_host(self):
        # An experiment may start eh-host itself: its variables are no mistakes.
        env = {"EH_SEED": "1", "EH_GROUP": "g", "EH_WORKERS": "2", "EH_SLOT": "0"}
        self.assertEqual(self.said(env=env).split()[-1], "2")
        warned = self.host("list", "main", env={"EH_WROKERS": "2"})
        self.assertIn("did you mean 'EH_WORKERS'?", warned.stderr)


class FrameworkValues(ConfigCase):
    def test_output_plugins_and_names(self):
        self.config(
            {
                "output_directory": "out/${KIND}",
                "plugins": [PLUGIN],
                "meta_filename": "done.json",
            },
            "cfg/eh.config.json",
        )
        self.host("main", "say", plugin="", cwd=self.dir / "cfg", env={"KIND": "big"})
        leaf = self.dir / "cfg/out/big/main/say"
        self.assertEqual(json.loads((leaf / "done.json").read_text())["status"], "ok")
        self.assertFalse((leaf / "eh.json").exists())
        again = self.host("main", "say", plugin="", cwd=self.dir / "cfg", env={"KIND": "big"})
        self.assertIn("1 done", again.stdout)
        missing = self.host("main", plugin="", cwd=self.dir / "cfg", code=2).stderr
        self.assertIn("eh.config.json:1:22: output_directory: the environment variable", missing)

    def test_plugins_beside_the_file(self):
        (self.dir / "lab/plugs").mkdir(parents=True)
        os.symlink(PLUGIN, self.dir / "lab/plugs/libmine.so")
        self.config({"plugin_directories": ["plugs"]}, "lab/lab.json")
        listed = self.host("list", "main", "-c", "lab/lab.json", plugin="")
        self.assertIn("sweep/{1..3}", listed.stdout)

    def test_checkpoint_files(self):
        self.config({"checkpoint_files": ["*.keep"], "retries": 1})
        (self.leaf("plain/checkpoint")).mkdir(parents=True)
        (self.leaf("plain/checkpoint") / "earlier.keep").touch()
        self.host("plain", "checkpoint")
        self.assertEqual(self.output("plain/checkpoint"), "went on\n")

    def test_bad_names_of_the_verdict(self):
        for name in ("a/b", "", "log.txt", ".eh-x", ".."):
            refused = self.host("main", "--set", f"meta_filename={name}", code=2)
            self.assertIn("cannot use meta_filename", refused.stderr)
        self.assertFalse((self.dir / "results").exists())

    def test_the_more_verbose_wins(self):
        self.assertEqual(self.values("--set", "loglevel=error")["loglevel"]["value"], "error")
        for words, level in (
            (["--set", "loglevel=error", "-v"], "info"),
            (["--set", "loglevel=debug", "-v"], "debug"),
            (["-vv"], "debug"),
            ([], "warning"),
        ):
            self.assertEqual(self.values(*words)["loglevel"]["value"], level)

    def test_a_run_on_a_cluster_is_not_for_a_terminal(self):
        self.config({"slurm": True})
        for words in (["--interactive", "say"], ["say", "--debugger", "true"]):
            error = self.host("main", *words, code=2).stderr
            self.assertIn("slurm.enabled, from eh.config.json:1:", error)
            self.assertIn("--no-slurm", error)
        self.host("main", "say", "--no-slurm")


class Mistakes(ConfigCase):
    def test_only_what_wins_is_expanded(self):
        self.config({"output_directory": "${EH_NO_SUCH}/results",
                     "sections": {"laptop": {"output_directory": "results"}}})
        self.assertIn("'EH_NO_SUCH' is not set", self.host("main", "say", code=2).stderr)
        for words, env in ((["-c", ":laptop"], {}), (["--output", "results"], {}),
                           (["--set", "output_directory=results"], {}),
                           ([], {"EH_OUTPUT_DIRECTORY": "results"})):
            self.assertEqual(self.said(*words, env=env), DEFAULT)

    def test_all_at_once_and_nothing_runs(self):
        self.config('{\n  "nubmer": 7,\n  "workers": 0,\n  "model": {"layers": "x"}\n}')
        refused = self.host("main", "--set", "cap=x", env={"EH_JOBS": "no"}, code=2).stderr
        self.assertEqual(
            refused,
            "eh-host: cannot use the configuration: 5 mistakes\n"
            "  eh.config.json:2:3: there is no value 'nubmer', did you mean 'number'?\n"
            "  eh.config.json:3:14: workers: expected a whole number from 1 to 1000000, not 0\n"
            "  eh.config.json:4:23: model.layers: expected a whole number from -2147483648 to"
            " 2147483647, not \"x\"\n"
            "  the environment's EH_JOBS: expected a whole number from 1 to 1000000 or null,"
            ' not "no"\n'
            "  --set cap: expected a whole number from -2147483648 to 2147483647 or null,"
            ' not "x"\n',
        )
        self.assertFalse((self.dir / "results").exists())
        # What has an option of its own is told with them.
        self.assertIn("6 mistakes\n",
                      self.host("main", "--set", "cap=x", "-j", "0", env={"EH_RETRIES": "no"},
                                code=2).stderr)
        # Also where nothing would run.
        for command in (["list", "main"], ["config", "main"], ["status", "main"]):
            self.host(*command, code=2)

    def test_patterns_that_match_nothing(self):
        self.config({"experiments": {"sweeep/*": {"number": 8}, "sweep": {"number": 9}}})
        for command in (["main"], ["list", "main"], ["--help"]):
            self.assertEqual(
                self.host(*command).stderr,
                "eh-host: warning: eh.config.json:1:18: no experiment matches 'sweeep/*',"
                " did you mean 'sweep/*'?\n",
            )

    def test_options(self):
        for word, text in (("--jobs", "0"), ("--timeout", "soon"), ("--retries", "1.5")):
            refused = self.host("main", word, text, code=2).stderr
            self.assertRegex(refused, f"^eh-host: cannot use {word} '{text}': expected a ")
            self.assertEqual(refused.count("\n"), 1)
        self.host("main", "say", "--timeout", "60", "-j", "1")
        self.assertEqual(self.verdict("main/say")["config"]["timeout"], "60s")

    def test_what_is_no_file_or_has_no_end(self):
        refused = self.host("main", "-c", "/dev/zero", code=2).stderr
        self.assertIn("'/dev/zero': it is neither a file nor a pipe", refused)
        pipe = self.dir / "pipe"
        os.mkfifo(pipe)
        writer = subprocess.Popen(["sh", "-c", f"echo '{{\"number\": 7}}' > {pipe}"])
        self.assertEqual(self.said("-c", str(pipe)).split()[1], "14")
        writer.wait()

    def test_values_that_are_too_large_for_a_process(self):
        """None of a run starts if one could not be given its configuration."""
        large = {"message": "x" * 1_000_001}
        self.config({"experiments": {"sweep/2": large}})
        refused = self.host("main", "say", "sweep", code=2).stderr
        self.assertIn("'sweep/2' its configuration", refused)
        self.assertFalse(self.leaf("main").exists())

    def test_texts_that_are_no_utf8(self):
        text = os.fsdecode(b"caf\xe9")
        refused = self.host("main", "--set", "message=" + text, code=2).stderr
        self.assertIn("--set message: this is not UTF-8", refused)
        refused = self.host("main", env={"EH_MESSAGE": text}, code=2).stderr
        self.assertIn("the environment's EH_MESSAGE: this is not UTF-8", refused)

    def test_syntax(self):
        self.config('{"number": 1\n  "cap": 2}')
        refused = self.host("main", code=2).stderr
        self.assertIn("eh.config.json:1:13: expected ',' or '}'", refused)

    def test_help_is_given_nevertheless(self):
        self.config("{")
        self.assertIn("Usage:", self.host("--help").stdout)

    def test_a_group_that_is_not_there(self):
        self.assertIn("did you mean 'main'?", self.host("mian", "--set", "number=1", code=2).stderr)


class Shown(ConfigCase):
    def test_origins(self):
        self.config({"number": 7, "experiments": {"sweep/2": {"number": 8}}})
        values = self.values("main", "-j", "3", env={"EH_SALT": "s"})
        self.assertEqual(values["number"], {"value": 7, "origin": "eh.config.json:1:2"})
        self.assertEqual(values["jobs"], {"value": 3, "origin": "--jobs"})
        self.assertEqual(values["salt"], {"value": "s", "origin": "EH_SALT"})
        self.assertEqual(values["model.rate"], {"value": 0.1, "origin": "class MyConfig"})
        self.assertEqual(values["slurm.gpus"]["origin"], "class MyConfig")
        self.assertEqual(values["retries"], {"value": 0, "origin": "default"})
        self.assertEqual(self.values("main", "sweep/2")["number"]["value"], 8)
        self.assertEqual(self.values("plain", "wait")["timeout"]["value"], "3600s")
        self.assertIn("configured.cc:", self.values("plain", "wait")["timeout"]["origin"])
        table = self.host("config", "main").stdout
        self.assertRegex(table, r"(?m)^number +7 +eh.config.json:1:2$")
        self.assertIn("main  MyConfig", self.host("config").stdout)
        self.host("config", "main", "sweep", code=2)
        self.host("config", "mian", code=2)

    def test_what_a_run_would_refuse(self):
        self.config({"message": "x" * 1_000_000})
        for command in (["config", "main"], ["config", "main", "say"], ["explain", "main", "say"]):
            refused = self.host(*command, code=2).stderr
            self.assertRegex(refused, "cannot give '(main|say)' its configuration: it has 100")
        self.assertIn("cannot give 'say'", self.host("main", "say", code=2).stderr)
        self.host("config", "plain")

    def test_members_that_no_variable_sets(self):
        self.assertNotIn("The environment cannot set", self.host("config", "main").stdout)
        env = {"EH_SEED": "7"}
        shown = self.host("config", "seeded", env=env)
        self.assertRegex(shown.stdout, r"(?m)^seed +5 +class Seeded$")
        self.assertRegex(shown.stdout, r"(?m)^  seed +EH_SEED$")
        self.assertIn("does not set 'seed' (use --set seed=...", shown.stderr)
        self.assertEqual(self.said("--set", "seed=6", leaf="seeded/say", env=env), "6 -1.5 -5\n")

    def test_without_any_plugin(self):
        self.assertEqual(self.values(plugin="")["workers"]["value"], 1)

    def test_in_the_verdict(self):
        self.host("main", "say", "--set", "number=7", "--timeout", "1h")
        verdict = self.verdict("main/say")
        self.assertEqual(verdict["config"]["number"], 7)
        self.assertEqual(verdict["config"]["model"], {"layers": 3, "rate": 0.1, "method": "fast"})
        self.assertEqual(verdict["config"]["timeout"], "3600s")
        self.assertRegex(verdict["config_hash"], "^[0-9a-f]{40}$")
        self.host("plain", "twice", code=100)
        self.assertNotIn("config", self.verdict("plain/twice"))

    def test_stale(self):
        self.host("main")
        changed = ["--set", "number=7"]
        self.assertIn("4 done (4 stale)", self.host("status", "main", *changed).stdout)
        self.assertNotIn("stale", self.host("status", "main", "-j7", "--timeout", "1s").stdout)
        counts = json.loads(self.host("status", "main", "--json", *changed).stdout)[0]
        self.assertEqual(counts["counts"]["stale"], 4)
        self.assertEqual(counts["experiments"][0]["stale"], "config")
        explained = self.host("explain", "main/say", *changed).stdout
        self.assertRegex(explained, r"differs  config number  42 -> 7  \(--set\)")
        found = json.loads(self.host("explain", "main", "say", "--json", *changed).stdout)
        self.assertEqual(
            found[0]["differences"],
            [{"what": "config number", "before": 42, "now": 7, "origin": "--set"}],
        )
        self.assertNotIn("differs", self.host("explain", "main").stdout)
        # Nothing runs by itself.
        self.assertIn("4 done before (stale: explain", self.host("main", *changed).stdout)
        first = self.host("main", "--json", *changed).stdout.splitlines()[0]
        self.assertEqual(json.loads(first)["stale"], 4)
        self.assertNotIn("stale", self.host("main").stdout)
        self.host("main", "--stale", "-f", *changed)
        self.assertEqual(self.output("main/say").split()[1], "14")

    def test_status_of_what_did_not_run(self):
        self.host("plain", "twice", code=100)
        status = self.host("status").stdout
        self.assertIn("main: 4 experiments: 4 not run\n  say      1 not run\n", status)
        self.assertIn("  sweep/*  3 not run\n", status)
        self.assertIn("  twice       1 failed\n", status)
        found = json.loads(self.host("status", "plain", "twice", "--json").stdout)[0]
        self.assertEqual(found["experiments"][0]["message"], "not yet")


def problems(schema, value, root, path="$"):
    """What a JSON Schema (as far as ours goes) has against a value."""
    if "$ref" in schema:
        return problems(root["definitions"][schema["$ref"].split("/")[-1]], value, root, path)
    if "anyOf" in schema:
        found = [problems(one, value, root, path) for one in schema["anyOf"]]
        return [] if any(not one for one in found) else found[0]
    if "enum" in schema:
        return [] if value in schema["enum"] else [path]
    python = {
        "object": dict, "array": list, "string": str, "boolean": bool,
        "integer": int, "number": (int, float), "null": type(None),
    }[schema["type"]]
    if not isinstance(value, python) or (isinstance(value, bool) and python is not bool):
        return [path]
    out = []
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            out.append(path)
    if "pattern" in schema and not re.search(schema["pattern"], value):
        out.append(path)
    for i, element in enumerate(value if isinstance(value, list) else []):
        out += problems(schema["items"], element, root, f"{path}[{i}]")
    for key, member in (value if isinstance(value, dict) else {}).items():
        below = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
        if below is False:
            out.append(f"{path}.{key}")
        elif below:
            out += problems(below, member, root, f"{path}.{key}")
    return out


class Schema(ConfigCase):
    """The schema and the host agree on what is right."""

    def test_agreement(self):
        schema = json.loads(self.host("config", "--schema").stdout)
        good = [
            {},
            {"number": 7, "model": {"layers": 1, "method": "exact"}, "rates": [1, "nan"]},
            {"limits": {"any": 1}, "cap": None, "pause": "1h30m", "data": "~/x"},
            {"pause": "-0.5s", "timeout": "1.5h"},
            {"slurm": True, "groups": {"main": {"experiments": {"say": {"number": 1}}}}},
            {"slurm": {"gpus": 2, "mem": 1.5}, "logfiles": [{"file": "a"}]},
            {"sections": {"a": {"extends": ["b"], "number": 1}, "b": {}}, "$schema": "x"},
            {"extra": "x", "number": 0.5, "jobs": None},
        ]
        for one in good:
            self.assertEqual(problems(schema, one, schema), [], one)
            self.config(one)
            # `number` is a real of one class and an integer of the other.
            self.host("config", "other" if one.get("number") == 0.5 else "main")
        bad = [
            ({"nubmer": 7}, "$.nubmer"),
            ({"number": "7"}, "$.number"),
            ({"model": {"layer": 1}}, "$.model.layer"),
            ({"pause": "90"}, "$.pause"),
            ({"timeout": "-1s"}, "$.timeout"),
            ({"extends": "a", "sections": {"a": {}}}, "$.extends"),
            ({"cap": "x"}, "$.cap"),
            ({"limits": {"a": "x"}}, "$.limits.a"),
            ({"experiments": {"say": {"jobs": 1}}}, "$.experiments.say.jobs"),
            ({"groups": {"main": {"plugins": []}}}, "$.groups.main.plugins"),
            ({"workers": 0}, "$.workers"),
            ({"loglevel": "loud"}, "$.loglevel"),
            ({"sections": {"a": {"what": 1}}}, "$.sections.a.what"),
        ]
        for one, where in bad:
            self.assertEqual(problems(schema, one, schema), [where], one)
            self.config(one)
            self.host("config", "main", code=2)


    def test_printed_whatever_mistakes_there_are(self):
        right = self.host("config", "--schema").stdout
        for text in ('{"nubmer": 7, "workers": 0}', '{"plugins": 3}', "{",
                     '{"number": 7, "experiments": {"sweeep": {}}}'):
            self.config(text)
            self.assertEqual(self.host("config", "--schema").stdout, right, text)
        self.assertEqual(self.host("config", "--schema", "-j", "0").stdout, right)
        # Of plugins what can be known: those that load, if it says which.
        self.config({"plugins": [PLUGIN, "missing.so"], "number": "x"})
        shown = self.host("config", "--schema", plugin="")
        self.assertEqual(shown.stdout, right)
        self.assertIn("warning: the schema may lack values of plugins: ", shown.stderr)
        self.assertIn("missing.so", shown.stderr)
        self.config("{")
        shown = self.host("config", "--schema", plugin="")
        self.assertIn("eh.config.json:1:2: ", shown.stderr)
        self.assertNotIn("number", json.loads(shown.stdout)["properties"])


class Secrets(ConfigCase):
    TOKEN = "xoxb-1234-verysecret"
    # Nobody listens there, nor is that waited for.
    NO_SLACK = {"EH_SLACK_API_URL": "https://127.0.0.1:1/", "EH_SLACK_DEADLINE": "0s"}

    def found(self):
        """Files below the test's folder that hold the secret."""
        return [
            str(path.relative_to(self.dir))
            for path in self.dir.rglob("*")
            if path.is_file() and self.TOKEN.encode() in path.read_bytes()
        ]

    def test_nowhere_but_in_the_host(self):
        env = {"EH_SLACK_TOKEN": self.TOKEN, "EH_SLACK_CHANNEL": "C1", **self.NO_SLACK}
        shown = self.host("plain", "process", "-vv", env=env).all
        shown += self.host("config", "plain", env=env).all
        shown += self.host("config", "--json", env=env).all
        shown += self.host("explain", "plain", "process", env=env).all
        shown += self.host("plain", "--json", "process", "-f", env=env).all
        self.assertNotIn(self.TOKEN, shown)
        self.assertIn("(set, not shown)", shown)
        self.assertEqual(self.found(), [])
        self.assertIn("EH_SLACK_CHANNEL", self.output("plain/process"))

    def test_from_files_that_others_cannot_read(self):
        path = self.config({"slack": {"token": self.TOKEN, "channel": "C1"}}, mode=0o600)
        self.assertTrue(self.values("plain")["slack.token"]["set"])
        self.assertNotIn(self.TOKEN, self.host("plain", "process", env=self.NO_SLACK).all)
        self.assertEqual(self.found(), ["eh.config.json"])
        path.chmod(0o644)
        refused = self.host("plain", "process", code=2).stderr
        self.assertIn("eh.config.json:1:12: slack.token: others can read this file", refused)
        self.assertIn("(run: chmod 600 eh.config.json)", refused)
        self.assertNotIn(self.TOKEN, refused)

    def test_from_a_file_of_its_own(self):
        secret = self.config(self.TOKEN + "\n", "token", mode=0o600)
        self.config({"slack": {"token_file": "token", "channel": "C1"}})
        self.host("plain", "process", env=self.NO_SLACK)
        secret.chmod(0o604)
        for words in (["plain", "process", "-f"], ["config"], ["config", "plain"]):
            refused = self.host(*words, code=2).stderr
            self.assertIn(f"(run: chmod 600 {secret.resolve()})", refused)
        self.assertEqual(self.found(), ["token"])
        secret.write_text(" \n")
        secret.chmod(0o600)
        self.assertIn(f"'{secret.resolve()}' as slack.token_file: it is empty (write",
                      self.host("plain", "process", code=2).stderr)
        secret.unlink()
        secret.mkdir(0o755)
        refused = self.host("plain", "process", code=2).stderr
        self.assertIn(f"'{secret.resolve()}' as slack.token_file: it is a folder, no file", refused)

    def test_not_from_the_command_line(self):
        refused = self.host("plain", "--set", f"slack.token={self.TOKEN}", code=2).stderr
        self.assertIn("use EH_SLACK_TOKEN", refused)
        self.assertNotIn(self.TOKEN, refused)
        wrong = self.config({"slack": self.TOKEN}, mode=0o600)
        self.assertNotIn(self.TOKEN, self.host("plain", code=2).stderr)
        for text in ('{"slack": {"token": %s}}', '{"slack": {"token" %s}}', "{'slack': '%s'}"):
            self.config(text % self.TOKEN, mode=0o600)
            self.assertNotIn(self.TOKEN, self.host("plain", code=2).stderr)
        wrong.unlink()

    def test_nor_do_plugins_see_them_while_they_are_described(self):
        source = self.dir / "spy.cc"
        source.write_text(
            "#include <eh/eh.hpp>\n#include <fstream>\n"
            "EH_GROUP(spy, \"\");\n"
            "EH_REGISTER(spy, group) {\n"
            f'  std::ofstream("{self.dir}/seen") << std::ifstream("/proc/self/environ").rdbuf();\n'
            '  group.add("a", [] {});\n}\n'
        )
        library = self.dir / "libspy.so"
        subprocess.run(
            ["g++", "-std=c++20", "-shared", "-fPIC", *os.environ["EH_INCLUDES"].split(":")]
            + [str(source), "-o", str(library)],
            check=True,
        )
        self.host("list", plugin=str(library), env={"EH_SLACK_WEBHOOK": self.TOKEN})
        self.assertTrue((self.dir / "seen").stat().st_size)
        self.assertEqual(self.found(), [])
