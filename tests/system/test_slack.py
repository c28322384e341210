"""What Slack is told, and that no Slack whatsoever disturbs a run."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import eh
import slack_server
from eh import wait_for
from slack_server import CHANNEL, HOOK, TOKEN, Authority, Proxy, SlackServer

SECRETS = (TOKEN, "averysecrethook")


class Reported(eh.Case):
    plugin = os.environ["EH_REPORTED_PLUGIN"]

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="eh-slack-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.folder = folder
        cls.authority = Authority(folder / "ca")

    def setUp(self):
        super().setUp()
        self.slack = SlackServer(self.authority)
        self.enterContext(self.slack)

    def seen(self, count):
        wait_for(lambda: len(self.slack.requests) >= count, f"{count} requests")
        return self.slack.requests

    def told(self):
        return [request.text for request in self.slack.requests]

    def warnings(self, text):
        return [line for line in text.splitlines() if "warning:" in line]

    def one_warning(self, text, *parts):
        """That there is one warning, with all of these in it and no secret."""
        warnings = self.warnings(text)
        self.assertEqual(len(warnings), 1, text)
        for part in parts:
            self.assertIn(part, warnings[0])
        for secret in SECRETS:
            self.assertNotIn(secret, text)

    def timed(self, *words, **more):
        """Runs eh-host; returns what it says, and the seconds that it took."""
        begin = time.monotonic()
        text = self.host(*words, **more).all
        return text, time.monotonic() - begin


class App(Reported):
    def test_one_thread_a_run(self):
        process = self.start("report", "gate", "odd", "-j", "2", env=self.slack.environment())
        root, changed, reply = self.seen(3)[:3]
        self.assertEqual(root.path, "/api/chat.postMessage")
        self.assertEqual(root.headers["Authorization"], f"Bearer {TOKEN}")
        self.assertEqual(root.headers["Content-Type"], "application/json; charset=utf-8")
        self.assertEqual(root.json["channel"], CHANNEL)
        self.assertEqual(root.json["parse"], "none")
        self.assertNotIn("thread_ts", root.json)
        command = f"`eh-host --plugin {self.plugin} report gate odd -j 2`"
        self.assertTrue(root.text.startswith((f":gear: *Running:* {command}\n2 experiments",
                                              f":x: *Running, with failures:* {command}\n")))
        if root.text.startswith(":x:"):  # it failed before Slack was told
            changed, reply = root, changed
        else:
            self.assertEqual(changed.path, "/api/chat.update")
            self.assertTrue(changed.text.startswith(f":x: *Running, with failures:* {command}"))
            self.assertEqual(changed.json["channel"], CHANNEL)
        self.assertEqual(reply.path, "/api/chat.postMessage")
        ts = reply.json["thread_ts"]
        self.assertEqual(changed.json.get("ts", ts), ts)
        self.assertTrue(reply.text.startswith(":x: `odd` `failed after "), reply.text)
        self.assertIn("&lt;!channel&gt; &amp; &lt;@U1&gt; \u02cbrm\u02cb *bold*`", reply.text)
        self.open()
        self.assertEqual(self.warnings(self.finish(process, 100)), [])
        last = self.slack.requests[-1]
        self.assertEqual((last.path, last.json["ts"]), ("/api/chat.update", ts))
        self.assertTrue(last.text.startswith(f":x: *Failed:* {command}\n1 ok, 1 failed in "))
        results = (self.dir / "results/report").resolve()
        self.assertIn(f"\nResults: `{results}` on `{socket.gethostname()}`", last.text)
        times = [request.at for request in self.slack.requests]
        for earlier, later in zip(times, times[1:]):
            self.assertGreater(later - earlier, 0.99)

    def test_a_warning_and_a_good_end(self):
        process = self.start("report", "flaky", "gate", "-j", "2", env=self.slack.environment())
        wait_for(lambda: any(t.startswith(":warning: `flaky` `failed") for t in self.told()))
        self.assertTrue(any(t.startswith(":warning: *Running, with warnings:*")
                            for t in self.told()))
        self.open()
        self.finish(process)
        self.assertTrue(self.told()[-1].startswith(":warning: *Done, with warnings:* "))
        self.assertIn("\n2 ok in ", self.told()[-1])

    def test_what_experiments_log(self):
        self.host("report", "logs", env=self.slack.environment())
        told = "\n".join(self.told())
        self.assertIn(":warning: `logs` `this looks wrong`", told)
        self.assertIn(":x: `logs` `this is wrong &lt;!here&gt;`", told)
        self.assertNotIn("this looks right", told)
        self.assertNotIn("printed", told)
        self.assertIn(":warning: *Done, with errors:* ", told)

    def test_all_that_experiments_log(self):
        env = self.slack.environment(EH_SLACK_LOGLEVEL="debug")
        self.host("report", "logs", "-vv", env=env)
        told = "\n".join(self.told())
        for text in ("this looks right", "this looks wrong", "this is wrong"):
            self.assertIn(text, told)
        self.assertNotIn("printed", told)
        self.assertNotIn("1 experiment of", told.partition("\n")[2].partition("Done")[2])

    def test_the_end_is_told_while_the_terminal_is_stopped(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        os.set_blocking(writer, False)
        with self.assertRaises(BlockingIOError):
            while True:
                os.write(writer, b"x" * 1024)
        os.set_blocking(writer, True)
        process = subprocess.Popen(
            self.arguments(["report", "fine/1"], None), cwd=self.dir, stdout=writer,
            env=self.environment(**self.slack.environment()))
        self.started.append(process)
        os.close(writer)
        wait_for(lambda: any(t.startswith(":white_check_mark:") for t in self.told()), "the end")
        self.assertIsNone(process.poll())
        while os.read(reader, 65536):
            pass
        self.assertEqual(process.wait(), 0)

    def test_nothing_to_do_nothing_to_tell(self):
        env = self.slack.environment()
        self.host("report", "fine", env=env)
        self.assertTrue(self.told()[-1].startswith(":white_check_mark:"))
        count = len(self.told())
        self.assertLessEqual(count, 2)
        for words in (["report", "fine"], ["report", "-l"], ["report", "fine", "-d"],
                      ["status", "report"], ["config", "report"]):
            self.host(*words, env=env)
        self.assertEqual(len(self.told()), count)

    def test_a_burst_is_few_messages(self):
        text = self.host("report", "many", "-j", "4", code=100, env=self.slack.environment()).all
        self.assertEqual(self.warnings(text), [])
        replies = [r.text for r in self.slack.requests if "thread_ts" in r.json]
        self.assertLessEqual(len(replies), 8)
        told = sum(reply.count(":x: `many/") for reply in replies)
        more = [line for reply in replies for line in reply.splitlines() if " more failed" in line]
        for line in more:
            self.assertRegex(line, r"^:x: \d+ more failed: `many/\d+`(, `many/\d+`)*(, \.\.\.)?$")
            told += int(line.split()[1])
        self.assertEqual(told, 100)
        self.assertLess(max(map(len, self.told())), 4000)
        self.assertIn("\n100 failed in ", self.told()[-1] + self.told()[-2])

    def test_a_long_text_is_cut(self):
        self.host("report", "long", code=100, env=self.slack.environment())
        reply = next(r.text for r in self.slack.requests if "thread_ts" in r.json)
        self.assertLess(len(reply), 4000)
        self.assertRegex(reply, r"&lt;\.\.\. \(1\d,\d{3} more characters\)`$")

    def test_levels(self):
        self.host("report", "fine/1", "odd", code=100,
                  env=self.slack.environment(EH_SLACK_LOGLEVEL="info"))
        self.assertTrue(any(":information_source: `fine/1` `ok after " in t for t in self.told()))
        self.slack.requests.clear()
        self.host("report", "odd", "flaky", "-f", code=100,
                  env=self.slack.environment(EH_SLACK_LOGLEVEL="critical"))
        self.assertTrue(any(":x: `odd` " in t for t in self.told()))
        self.assertFalse(any(":warning:" in t for t in self.told()))

    def test_an_app_is_used_rather_than_a_webhook(self):
        self.host("report", "fine/1",
                  env={**self.slack.webhook(), **self.slack.environment()})
        self.assertEqual([r.path for r in self.slack.requests if r.path == HOOK], [])

    def test_interrupted(self):
        process = self.start("report", "gate", env=self.slack.environment())
        self.seen(1)
        process.send_signal(signal.SIGINT)
        self.finish(process, 130)
        self.assertIn(":warning: `interrupted: 1 running, 0 not started`", "".join(self.told()))
        self.assertTrue(any(t.startswith(":x: *Stopped:* ") for t in self.told()))

    def test_the_end_where_messages_cannot_be_edited(self):
        process = self.start("report", "gate", env=self.slack.environment())
        self.seen(1)
        self.slack.plan = [slack_server.error("edit_window_closed")]
        self.open()
        self.assertEqual(self.warnings(self.finish(process)), [])
        self.assertEqual([r.method for r in self.slack.requests],
                         ["chat.postMessage", "chat.update", "chat.postMessage"])
        self.assertTrue(self.told()[-1].startswith(":white_check_mark: *Done:*"))


class Webhook(Reported):
    def test_start_problems_end(self):
        process = self.start("report", "gate", "odd", "many", "-j", "4", env=self.slack.webhook())
        self.seen(2)
        self.open()
        self.assertEqual(self.warnings(self.finish(process, 100)), [])
        self.assertEqual({r.path for r in self.slack.requests}, {HOOK})
        for request in self.slack.requests:
            self.assertNotIn("channel", request.json)
            self.assertNotIn("Authorization", request.headers)
        first, *middle, last = self.told()
        self.assertRegex(first, r"^:(gear|x): \*Running")
        self.assertTrue(last.startswith(":x: *Failed:* "))
        self.assertIn("\n1 ok, 101 failed in ", last)
        problems = "\n".join([*middle, last])
        self.assertIn(":x: `odd` `failed after ", problems)
        self.assertIn(" more failed: `many/", problems)
        self.assertLessEqual(len(self.told()), 8)

    def test_a_webhook_that_is_gone(self):
        self.slack.always = slack_server.answer(404, "no_service")
        text = self.host("report", "fine/1", env=self.slack.webhook()).all
        self.one_warning(text, "nothing more is sent to Slack", "no_service", "slack.webhook")
        self.assertEqual(len(self.slack.requests), 1)

    def test_garbage(self):
        self.slack.always = slack_server.garbage()
        text = self.host("report", "fine/1", env=self.slack.webhook()).all
        self.one_warning(text, "none of Slack's")


class Trouble(Reported):
    """Each with a run that would end well, and does."""

    def test_retry_after_is_honoured(self):
        self.slack.plan = [slack_server.limit(3)]
        process = self.start("report", "gate", env=self.slack.environment())
        first, second = self.seen(2)
        self.assertGreater(second.at - first.at, 2.99)
        self.open()
        self.assertEqual(self.warnings(self.finish(process)), [])
        self.assertTrue(self.told()[-1].startswith(":white_check_mark:"))

    def test_limited_beyond_the_end(self):
        # The deadline counts from the end of the run, which Slack may precede.
        self.slack.always = slack_server.limit(7200)
        text, seconds = self.timed("report", "fine/1",
                                   env=self.slack.environment(EH_SLACK_DEADLINE="1h"))
        self.assertLess(seconds, 60)
        self.one_warning(text, "1 message was lost", "ask again in 2h 00m")
        self.assertEqual(len(self.slack.requests), 1)

    def test_passing_errors(self):
        self.slack.plan = [slack_server.answer(500, "oops"), slack_server.cut_off(),
                           slack_server.garbage(), slack_server.error("internal_error")]
        process = self.start("report", "gate", env=self.slack.environment())
        self.seen(5)
        self.open()
        self.assertEqual(self.warnings(self.finish(process)), [])
        self.assertTrue(self.told()[-1].startswith(":white_check_mark:"))

    def test_lasting_errors(self):
        for always, why in [
            (slack_server.answer(500, "oops"), "it answered 500"),
            (slack_server.answer(503, "later", Retry_After="3600"), "it answered 503"),
            (slack_server.error("fatal_error"), "it answered fatal_error"),
            (slack_server.cut_off(), "lost: "),
        ]:
            with self.subTest(why):
                self.slack.always = always
                text = self.host("report", "odd", "-f", code=100,
                                 env=self.slack.environment(EH_SLACK_DEADLINE="2s")).all
                self.one_warning(text, "2 messages were lost", why)

    def test_hanging(self):
        self.slack.always = slack_server.hang()
        text, seconds = self.timed("report", "fine/1",
                                   env=self.slack.environment(EH_SLACK_DEADLINE="500ms"))
        self.assertLess(seconds, 8)  # much less than a request may take
        self.one_warning(text, "1 message was lost", "it took too long", "0.5s")

    def test_slow(self):
        self.slack.always = slack_server.slow(0.7)
        self.assertEqual(self.warnings(self.host("report", "fine/1",
                                                 env=self.slack.environment()).all), [])
        self.assertTrue(self.told()[-1].startswith(":white_check_mark:"))

    def test_not_there(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
        for env in (self.slack.environment(EH_SLACK_API_URL=f"https://localhost:{port}"),
                    self.slack.webhook(EH_SLACK_WEBHOOK=f"https://localhost:{port}{HOOK}")):
            env["EH_SLACK_DEADLINE"] = "3s"
            text, seconds = self.timed("report", "fine/1", "-f", env=env)
            self.one_warning(text, "1 message was lost", "localhost port")
            self.assertLess(seconds, 20)

    def test_no_time_at_all(self):
        self.slack.always = slack_server.hang()
        text = self.host("report", "fine/1", env=self.slack.environment(EH_SLACK_DEADLINE="0s")).all
        self.one_warning(text, "1 message was lost")

    def test_refusals(self):
        for error, advice in [
            ("invalid_auth", "check slack.token"),
            ("channel_not_found", "check slack.channel"),
            ("not_in_channel", "/invite"),
            ("missing_scope", "chat:write"),
            ("some_new_error", "see docs.slack.dev"),
            (f"echo {TOKEN}", "an unknown error"),
        ]:
            with self.subTest(error):
                self.slack.requests.clear()
                self.slack.always = slack_server.error(error)
                text = self.host("report", "odd", "-f", code=100, env=self.slack.environment()).all
                self.one_warning(text, "nothing more is sent to Slack", advice)
                self.assertEqual(len(self.slack.requests), 1)

    def test_a_refusal_is_told_while_the_run_goes_on(self):
        self.slack.always = slack_server.error("not_in_channel")
        stderr = self.dir / "stderr"
        process = self.start("report", "gate", env=self.slack.environment(), stderr=stderr)
        wait_for(lambda: "nothing more is sent" in stderr.read_text())
        self.assertFalse(self.has_verdict("report/gate"))
        self.open()
        self.finish(process)
        self.one_warning(stderr.read_text(), "not_in_channel")

    def test_senseless_answers_do_not_go_on_for_ever(self):
        for always in (slack_server.garbage(), slack_server.garbage('{"ok": 1}'),
                       slack_server.garbage("[" * 1000), slack_server.garbage("{}")):
            self.slack.requests.clear()
            self.slack.always = always
            process = self.start("report", "gate", "-f", env=self.slack.environment())
            self.seen(3)
            self.open()
            self.one_warning(self.finish(process), "none of Slack's")
            self.assertEqual(len(self.slack.requests), 3)
            (self.dir / "open").unlink()

    def test_odd_http(self):
        elsewhere = self.slack.url("/elsewhere")
        for always, why in [
            (slack_server.answer(302, "", Location=elsewhere), "it answered 302"),
            (slack_server.answer(404, "not here"), "it answered 404"),
            (slack_server.garbage("x" * 70_000), "too long"),
        ]:
            self.slack.always = always
            text = self.host("report", "fine/1", "-f",
                             env=self.slack.environment(EH_SLACK_DEADLINE="3s")).all
            self.one_warning(text, why)
        self.assertNotIn("/elsewhere", [r.path for r in self.slack.requests])

    def test_certificates_are_verified(self):
        other = Authority(self.dir / "other")
        misnamed = Authority(self.dir / "misnamed", "DNS:slack.example")
        self.enterContext(wrong := SlackServer(misnamed))
        for server, bundle, why in [(self.slack, other.bundle, "certificate"),
                                    (wrong, misnamed.bundle, "certificate")]:
            env = server.environment(CURL_CA_BUNDLE=bundle, EH_SLACK_DEADLINE="3s")
            self.one_warning(self.host("report", "fine/1", "-f", env=env).all, why)
            self.assertEqual(server.requests, [])
        env = self.slack.environment(CURL_CA_BUNDLE="", SSL_CERT_FILE=self.authority.bundle)
        self.assertEqual(self.warnings(self.host("report", "fine/1", "-f", env=env).all), [])

    @unittest.skipIf(eh.SANITIZED, "what is loaded first has to be the sanitizer's")
    def test_a_name_server_that_hangs(self):
        source = self.dir / "resolver.c"
        source.write_text("#include <netdb.h>\n#include <unistd.h>\n"
                          "int getaddrinfo(const char* n, const char* s, const struct addrinfo* h,"
                          " struct addrinfo** r) { pause(); return EAI_AGAIN; }\n")
        library = self.dir / "resolver.so"
        subprocess.run(["gcc", "-shared", "-fPIC", source, "-o", library], check=True)
        env = self.slack.environment(EH_SLACK_API_URL="https://slack.example",
                                     EH_SLACK_DEADLINE="500ms", LD_PRELOAD=str(library))
        text, seconds = self.timed("report", "fine/1", env=env)
        self.one_warning(text, "1 message was lost", "it took too long")
        self.assertLess(seconds, 8)

    def test_through_a_proxy(self):
        with Proxy() as proxy:
            env = self.slack.environment(https_proxy=f"http://127.0.0.1:{proxy.port}", no_proxy="")
            text = self.host("report", "fine/1", env=env).all
            self.assertEqual(self.warnings(text), [])
            self.assertEqual(set(proxy.targets), {f"localhost:{self.slack.port}"})
        self.assertTrue(self.told()[-1].startswith(":white_check_mark:"))

    def test_without_libcurl(self):
        broken = self.dir / "broken"
        broken.mkdir()
        for name in ("libcurl.so.4", "libcurl-gnutls.so.4"):
            (broken / name).touch()
        env = self.slack.environment(LD_LIBRARY_PATH=str(broken))
        text = self.host("report", "fine/1", env=env).all
        self.one_warning(text, "nothing is sent to Slack", "libcurl.so.4",
                         "apt-get install libcurl4")
        self.assertEqual(self.slack.requests, [])


class AllSinks(Reported):
    """The terminal, log files and Slack at once, each with a thread of its own."""

    def test_each_gets_its_records(self):
        files = [{"file": "all.log"}, {"file": "all.jsonl"}, {"file": "few.log", "size": 0.005}]
        text = self.host("report", "many", "logs", "-j", "4", "-v", "--set",
                         f"logfiles={json.dumps(files)}", code=100,
                         env=self.slack.environment()).all
        self.one_warning(text, "logs warning: this looks wrong")
        self.assertIn("\nlogs info: this looks right\n", text)
        failed = [f"many/{i}" for i in range(1, 101)]
        for name in failed:
            self.assertRegex(text, rf"(?m)^\[ *\d+/101\] failed +{name} ")
        lines = (self.dir / "all.log").read_text()
        for name in failed:
            self.assertRegex(lines, rf"(?m) error +report/{name} \[\d+\] failed after ")
        self.assertRegex(lines, r"(?m) error +report/logs \[\d+ .*\] this is wrong <!here>$")
        entries = [json.loads(line) for line in self.lines("all.jsonl")]
        self.assertEqual({e["experiment"] for e in entries if e["text"].startswith("failed after")},
                         set(failed))
        self.assertTrue((self.dir / "few.log.1").exists())
        self.assertIn("`logs`", "\n".join(self.told()))
        self.assertIn("\n1 ok, 100 failed in ", self.told()[-1] + self.told()[-2])


class Settings(Reported):
    def refused(self, code=2, **env):
        text = self.host("report", "fine/1", code=code, env=env).stderr
        self.assertFalse((self.dir / "results").exists())
        for secret in SECRETS:
            self.assertNotIn(secret, text)
        return text

    def test_half_an_app_is_none(self):
        file = self.dir / "eh.config.json"
        for config, env, lacks in [
            ("{}", {"EH_SLACK_TOKEN": TOKEN}, "slack.channel is not set (set it to the channel's"),
            ('{"slack": {"channel": "C1"}}', {}, "slack.token is not set (set EH_SLACK_TOKEN or"),
        ]:
            with self.subTest(lacks):
                file.write_text(config)
                text = self.host("report", "fine/1", "-f", env=env).all
                self.one_warning(text, "warning: nothing is sent to Slack: " + lacks)
                for words in (["fine/1"], ["-l"], ["fine/1", "-f", "-d"]):
                    text = self.host("report", *words, env=env).all
                    self.assertEqual(self.warnings(text), [])
        text = self.host("report", "fine/1", "-f", env=self.slack.webhook()).all
        self.assertEqual(self.warnings(text), [])
        self.assertEqual({r.path for r in self.slack.requests}, {HOOK})

    def test_addresses(self):
        text = self.refused(EH_SLACK_API_URL="http://slack.com/api/")
        self.assertIn("cannot use slack.api_url 'http://slack.com/api/' (from EH_SLACK_API", text)
        self.assertIn("begins with https://", text)
        text = self.refused(EH_SLACK_WEBHOOK=self.slack.url(HOOK).replace("https", "http"))
        self.assertIn("cannot use slack.webhook: it does not begin with https://", text)
        for name in ("EH_SLACK_TOKEN", "EH_SLACK_WEBHOOK"):
            text = self.refused(**{"EH_SLACK_CHANNEL": "C1", name: f"{TOKEN}\nX-Header: 1"})
            self.assertIn("it holds spaces or other characters that none has", text)
        self.assertEqual(self.slack.requests, [])


class Processes(Reported):
    """Who has the secrets, and who has libcurl."""

    def start_waiting(self, **env):
        process = self.start("report", "process", env=env)
        seen = self.leaf("report/process") / "seen.txt"
        wait_for(lambda: seen.exists() and "libc.so" in seen.read_text(errors="replace"))
        return process, seen.read_text(errors="replace")

    def end(self, process):
        self.open()
        self.finish(process)

    def is_of_another_test(self, entry):
        """Whether its Slack is another one: its host may have been started just now."""
        try:
            server = re.search(rb"EH_SLACK_(?:API_URL|WEBHOOK)=https://([^/]*)/",
                               (entry / "environ").read_bytes())
        except OSError:
            return False
        return bool(server) and f"//{server[1].decode()}/" not in self.slack.url("/")

    def test_nothing_of_it_in_experiments(self):
        env = {**self.slack.webhook(), **self.slack.environment()}
        process, child = self.start_waiting(**env)
        self.seen(1)
        self.assertIn("/libcurl", eh.maps(process.pid))
        self.assertNotIn("libcurl", child)
        for secret in SECRETS:
            self.assertNotIn(secret, child)
            for entry in pathlib.Path("/proc").glob("[0-9]*"):
                if int(entry.name) == os.getpid() or self.is_of_another_test(entry):
                    continue
                for file in ("environ", "cmdline"):
                    try:
                        text = (entry / file).read_bytes()
                    except OSError:
                        continue  # another user's, or gone
                    self.assertNotIn(secret.encode(), text, f"{entry}/{file}")
        self.end(process)
        for secret in SECRETS:
            self.assertEqual([str(path) for path in self.dir.rglob("*")
                              if path.is_file() and secret.encode() in path.read_bytes()], [])

    def test_no_libcurl_without_slack(self):
        process, child = self.start_waiting()
        self.assertNotIn("libcurl", eh.maps(process.pid))
        self.assertNotIn("libcurl", child)
        self.end(process)
        self.assertEqual(self.slack.requests, [])
