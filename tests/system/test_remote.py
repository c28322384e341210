"""Files on other machines: a real sshd and a real HTTPS server, both on this one."""

import http.server
import os
import pathlib
import shutil
import socket
import struct
import threading

import eh
from slack_server import Authority
from ssh_server import Relay, SshServer


class Case(eh.Case):
    plugin = os.environ["EH_DATA_PLUGIN"]

    def setUp(self):
        super().setUp()
        self.there = self.dir / "there"
        self.there.mkdir()

    def refusal(self, name, env):
        """Why an experiment failed that is to fail."""
        self.host("main", name, "-f", code=100, env=env)
        return self.verdict(f"main/{name}")["message"]


class Sftp(Case):
    def setUp(self):
        super().setUp()
        self.server = self.enterContext(SshServer(self.dir / "ssh"))

    def environment_of(self, **more):
        return self.server.environment(str(self.there), **more)

    def names(self):
        return sorted(file.name for file in self.there.iterdir())

    def test_what_is_written_is_read(self):
        env = self.environment_of()
        self.host("main", "put", env=env)
        self.assertEqual(self.names(), ["new", "records.csv.gz", "text.txt"])
        self.assertTrue((self.there / "new/folder/a b.json").exists())
        self.assertIn("libcurl", (self.dir / "results/main/put/seen.txt").read_text())
        self.host("main", "get", env=env)
        # Over what is there.
        (self.there / "text.txt").write_text("something older and longer")
        self.host("main", "put", "-f", env=env)
        self.host("main", "get", "-f", env=env)
        self.assertEqual(self.names(), ["new", "records.csv.gz", "text.txt"])

    def test_paths_below_the_home_of_the_user(self):
        folder = f"eh-test-{os.getpid()}"
        home = pathlib.Path.home() / folder
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        env = self.server.environment(f"/~/{folder}")
        self.host("main", "put", env=env)
        self.assertEqual((home / "text.txt").read_text(), "text")
        self.host("main", "get", env=env)

    def test_a_host_with_another_key_is_refused(self):
        self.server.trust("other_key", self.server.port)
        for name in "put", "get":
            message = self.refusal(name, self.environment_of())
            self.assertIn("the host's key is not the one that", message)
        self.server.trust("other_key")
        self.assertIn("or is not in there", self.refusal("put", self.environment_of()))
        self.assertEqual(self.names(), [])

    def test_a_user_with_another_key_is_refused(self):
        message = self.refusal("put", self.environment_of(key="other_key", SSH_AUTH_SOCK=""))
        self.assertIn("lets no one in with the keys that are here", message)
        self.assertNotIn("PRIVATE", message)

    def test_a_connection_that_breaks_leaves_the_file_that_was(self):
        much = self.there / "much.npy"
        much.write_text("old")
        with Relay(self.server.port, 1_000_000) as relay:
            self.server.trust("host_key", self.server.port, relay.port)
            message = self.refusal("put-much", self.environment_of(port=relay.port))
            self.assertTrue(relay.broken.is_set())
        self.assertIn("cannot write 'sftp://", message)
        self.assertEqual(much.read_text(), "old")

    def test_what_a_broken_connection_left_is_removed(self):
        with Relay(self.server.port, 1_000_000, once=True) as relay:
            self.server.trust("host_key", self.server.port, relay.port)
            message = self.refusal("put-much", self.environment_of(port=relay.port))
        self.assertIn("cannot write 'sftp://", message)
        self.assertEqual(self.names(), [])

    def test_names_with_signs_of_addresses(self):
        env = self.environment_of()
        env["ADDRESS"] += "/a#b?c"
        self.host("main", "put", env=env)
        self.assertEqual(self.names(), ["a#b?c"])
        self.host("main", "get", env=env)

    def test_a_folder_in_the_place_of_the_file(self):
        (self.there / "text.txt").mkdir()
        self.refusal("put", self.environment_of())
        self.assertTrue((self.there / "text.txt").is_dir())
        self.assertEqual(self.names(), ["new", "records.csv.gz", "text.txt"])

    def test_a_connection_that_breaks_gives_no_half_of_a_file(self):
        self.host("main", "put-much", env=self.environment_of())
        with Relay(self.server.port, 1_000_000) as relay:
            self.server.trust("host_key", self.server.port, relay.port)
            message = self.refusal("get-much", self.environment_of(port=relay.port))
            self.assertTrue(relay.broken.is_set())
        self.assertIn("cannot read 'sftp://", message)

    def test_what_stalls_is_given_up(self):
        with Relay(self.server.port, 1_000_000, stalls=True) as relay:
            self.server.trust("host_key", self.server.port, relay.port)
            env = self.environment_of(port=relay.port, EH_REMOTE_TIMEOUT="1")
            self.assertIn("it did not go on in time", self.refusal("put-much", env))

    def test_nobody_answers(self):
        env = self.environment_of(port=1)
        self.assertIn("cannot write 'sftp://", self.refusal("put", env))

    def test_a_folder_that_cannot_be_written(self):
        (self.there / "new").write_text("a file where a folder should be")
        message = self.refusal("put", self.environment_of())
        self.assertIn("/new/folder/a%20b.json': ", message)
        self.assertEqual(self.names(), ["new", "records.csv.gz"])

    def test_passwords_do_not_stand_in_addresses(self):
        env = {"ADDRESS": "sftp://me:secret@127.0.0.1/x"}
        self.assertIn("a password in an address can be seen", self.refusal("put", env))


class Library(Case):
    def test_a_library_that_would_trust_any_host_is_not_used(self):
        env = {
            "ADDRESS": f"sftp://127.0.0.1{self.there}",
            "LD_LIBRARY_PATH": os.environ["EH_CURL_FOLDER"],
        }
        message = self.refusal("put-text", env)
        self.assertIn("this libcurl knows no sftp:// as it is needed", message)


class Limited(Case):
    """A server that refuses some of what it is asked for."""

    def test_the_new_file_is_kept_where_the_old_one_is_gone(self):
        (self.there / "text.txt").write_text("old")
        with SshServer(self.dir / "ssh", "-P rename,posix-rename") as server:
            env = server.environment(str(self.there))
            message = self.refusal("put-text", env)
        where = message.rpartition("; the new file is there as '")[2].rstrip("'")
        self.assertEqual([str(file) for file in self.there.iterdir()], [where])
        self.assertEqual(pathlib.Path(where).read_text(), "text")

    def test_the_old_file_stays_where_it_cannot_be_removed(self):
        (self.there / "text.txt").write_text("old")
        with SshServer(self.dir / "ssh", "-P remove") as server:
            env = server.environment(str(self.there))
            self.assertIn("rm command failed", self.refusal("put-text", env))
        self.assertEqual((self.there / "text.txt").read_text(), "old")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append(self.path)
        if self.path.startswith("/moved/"):
            self.send_response(302)
            self.send_header("Location", self.server.elsewhere + self.path.replace("/moved/", "/"))
            self.end_headers()
            return
        status, content, most = self.server.files.get(
            self.path.partition("?")[0], (404, b"none", 9)
        )
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:most])

    def log_message(self, *words):
        pass


class Https(Case):
    def setUp(self):
        super().setUp()
        authority = Authority(self.dir / "authority")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = authority.context().wrap_socket(self.server.socket, server_side=True)
        self.server.files, self.server.requests, self.server.elsewhere = {}, [], ""
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.env = {
            "ADDRESS": f"https://127.0.0.1:{self.server.server_port}",
            "CURL_CA_BUNDLE": authority.bundle,
        }
        # What an experiment writes here is what is served.
        leaf = self.dir / "results/main/write"
        self.host("main", "write")
        content = (leaf / "records.csv.gz").read_bytes()
        self.server.files["/records.csv.gz"] = 200, content, len(content)
        self.server.files["/text.txt"] = 200, b"text", 4

    def test_reading(self):
        self.host("main", "get", env=self.env)
        self.assertEqual(self.server.requests, ["/records.csv.gz", "/text.txt"])
        moved = dict(self.env, ADDRESS=self.env["ADDRESS"] + "/moved")
        self.host("main", "get", "-f", env=moved)

    def test_a_server_that_hangs_up(self):
        at_once = struct.pack("ii", 1, 0)

        def hang_up(connection, address):
            connection.do_handshake()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            connection.close()

        self.server.finish_request = hang_up
        self.assertIn("cannot read 'https://", self.refusal("get", self.env))

    def test_moved_to_where_all_can_read_it(self):
        self.server.elsewhere = "http://127.0.0.1:1"
        env = dict(self.env, ADDRESS=self.env["ADDRESS"] + "/moved")
        self.assertIn("redirected to what is not https://", self.refusal("get", env))

    def test_what_goes_wrong(self):
        path = "/records.csv.gz"
        content = self.server.files[path][1]
        self.server.files[path] = 200, content, len(content) // 2
        self.assertIn("cannot read 'https://", self.refusal("get", self.env))
        self.server.files[path] = 500, content, len(content)
        self.assertIn("500", self.refusal("get", self.env))
        del self.server.files[path]
        self.assertIn("there is no such file", self.refusal("get", self.env))

    def test_nobody_is_trusted_without_a_certificate(self):
        env = {key: value for key, value in self.env.items() if key == "ADDRESS"}
        self.assertIn("certificate", self.refusal("get", env))

    def test_writing_is_refused(self):
        message = self.refusal("put", self.env)
        self.assertIn("nothing is written to https:// (use sftp://)", message)
        plain = {"ADDRESS": "http://127.0.0.1"}
        self.assertIn("nothing is read from http://", self.refusal("get", plain))


del Case
