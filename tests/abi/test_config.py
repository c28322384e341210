"""The configuration's way from the host to an experiment and into its verdict."""

import json
import os
import pathlib
import subprocess
import unittest

from abi import CHILD, PATIENCE, PLUGINS, SANITIZED, Case, wait_for

# Numbers as a JSON library would not write them, and what has to be escaped.
CONFIG = (
    '{"message":"\\"}\\\\\u00e9\\u0001","small":7.2057594037927933e-17,'
    '"big":18446744073709551615,"real":0.10,"model":{"layers":[1,{}]}}'
)


class Configured(Case):
    """Driven by the host's runner."""

    def run_all(self, *names, config=CONFIG, verdict_file="eh.json"):
        done = subprocess.run(
            [os.environ["EH_RUN_CONFIGURED"], CHILD, PLUGINS / "behaviour.so"]
            + [self.leaf, verdict_file, *names],
            input=config,
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
        )
        self.said = done.stdout
        return done.returncode

    def text(self, name):
        return (self.leaf / "main" / name).read_text()

    def test_an_experiment_gets_it(self):
        self.assertEqual(self.run_all("config"), 0)
        self.assertEqual(self.text("config/config.json"), CONFIG)

    def test_every_verdict_keeps_it(self):
        statuses = {
            "config": "ok",
            "failure": "failed",
            "exit": "failed",
            "wait-for-ever": "timeout",
            "wait-for-stop": "timeout",
        }
        if not SANITIZED:
            statuses["crash/null"] = "crashed"
        self.assertEqual(self.run_all(*statuses), 100)
        for name, status in statuses.items():
            text = self.text(f"{name}/eh.json")
            verdict = json.loads(text)
            self.assertEqual(verdict["status"], status)
            self.assertIn(
                '"parameters":{},"config":' + CONFIG + ',"config_hash":"0a1b",'
                '"seed":',
                text,
            )
            # Whoever wrote it.
            members = list(verdict)
            self.assertEqual(
                members[members.index("group") :],
                ["group", "experiment", "attempt", "parameters", "config"]
                + ["config_hash", "seed", "workers", "slot", "host", "run"]
                + ["command", "launch_directory", "eh", "plugin"],
            )

    def test_a_long_one(self):
        # Longer than a variable may be, with characters of several bytes.
        config = json.dumps(
            {f"k{i}": "\u00e9\u20ac" * 10 for i in range(10_000)}, ensure_ascii=False
        )
        self.assertGreater(len(config.encode()), 4 * 128 * 1024)
        self.assertLess(len(config.encode()), 1_000_000)
        self.assertEqual(self.run_all("config", "exit", config=config), 100)
        self.assertEqual(self.text("config/config.json"), config)
        for name in ("config", "exit"):
            verdict = json.loads(self.text(f"{name}/eh.json"))
            self.assertEqual(verdict["config"], json.loads(config))
            self.assertEqual(verdict["experiment"], name)

    def test_none(self):
        self.assertEqual(self.run_all("config", config=""), 0)
        self.assertEqual(self.text("config/config.json"), "")
        self.assertNotIn("config_hash", self.text("config/eh.json"))
        self.assertNotIn('"config":', self.text("config/eh.json"))

    def test_not_for_the_experiments_own_children(self):
        self.assertEqual(
            self.run_all("surroundings", verdict_file="meta.json"), 0
        )
        output = self.text("surroundings/output.txt")
        for name in ("EH_CONFIG_JSON", "EH_VERDICT_MEMBERS", "EH_VERDICT_FILE"):
            self.assertNotIn(name, output)

    def test_what_the_user_has_by_these_names(self):
        os.environ["EH_CONFIG_JSON"] = "theirs"
        os.environ["EH_CONFIG_JSON_1"] = "more"
        os.environ["EH_VERDICT_MEMBERS_1"] = "even more"
        os.environ["EH_VERDICT_FILE"] = "theirs.json"
        self.addCleanup(os.environ.pop, "EH_CONFIG_JSON")
        self.addCleanup(os.environ.pop, "EH_CONFIG_JSON_1")
        self.addCleanup(os.environ.pop, "EH_VERDICT_MEMBERS_1")
        self.addCleanup(os.environ.pop, "EH_VERDICT_FILE")
        self.test_an_experiment_gets_it()
        json.loads(self.text("config/eh.json"))

    def test_the_verdicts_name(self):
        names = ["config", "failure", "exit", "wait-for-ever"]
        self.assertEqual(self.run_all(*names, verdict_file="meta.json"), 100)
        for name in names:
            files = os.listdir(self.leaf / "main" / name)
            self.assertIn("meta.json", files)
            self.assertNotIn("eh.json", files)
        # What is done is seen to be done.
        log = self.leaf / "main/config/log.txt"
        before = log.stat()
        self.assertEqual(self.run_all("config", verdict_file="meta.json"), 0)
        self.assertEqual(log.stat(), before)


class Wiped(Case):
    def test_the_environment_in_proc(self):
        told = {"EH_CONFIG_JSON": '{"a":"s3cret', "EH_CONFIG_JSON_1": 's3cret"}'}
        process = self.start("wait-for-ever", told=told)
        wait_for((self.leaf / "waiting").exists, "it runs")
        environment = pathlib.Path(f"/proc/{process.pid}/environ").read_bytes()
        self.assertNotIn(b"s3cret", environment)


if __name__ == "__main__":
    unittest.main()
