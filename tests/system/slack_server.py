"""A Slack for tests: HTTPS on this machine, which records what it is sent and misbehaves on demand.

    authority = Authority(folder)
    with SlackServer(authority) as slack:
        slack.plan = [limit(1), garbage()]   # for the next requests; then it behaves
        ... run something with slack.environment() ...
        slack.requests[0].json["text"]
"""

import contextlib
import http.server
import json
import pathlib
import socket
import ssl
import subprocess
import threading
import time

TOKEN = "xoxb-1234-verysecret"
CHANNEL = "C0123456789"
HOOK = "/services/T000/B000/averysecrethook"


class Authority:
    """Certificates for this machine, signed by an authority that only tests know."""

    def __init__(self, folder, names="DNS:localhost,IP:127.0.0.1"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        (self.folder / "names").write_text(f"subjectAltName={names}\n")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        self.openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2",
                     "-subj", "/CN=eh tests")
        self.openssl("req", *key, "-keyout", "server.key", "-out", "server.csr",
                     "-subj", "/CN=localhost")
        self.openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                     "-CAcreateserial", "-out", "server.pem", "-days", "2", "-extfile", "names")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

    @property
    def bundle(self):
        return str(self.folder / "ca.pem")

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        return context


class Request:
    def __init__(self, handler, body):
        self.at = time.monotonic()
        self.path = handler.path
        self.method = handler.path.rpartition("/")[2]
        self.headers = dict(handler.headers.items())
        self.json = json.loads(body)
        self.text = self.json.get("text", "")


# What a request can get instead of an answer: functions of the handler.


def answer(status, body, **headers):
    if isinstance(body, dict):
        body = json.dumps(body)
    return lambda handler: handler.send(status, body, headers)


def limit(seconds, status=429):
    return answer(status, {"ok": False, "error": "ratelimited"}, Retry_After=str(seconds))


def error(name):
    return answer(200, {"ok": False, "error": name})


def garbage(body="<html>Log in to the network</html>"):
    return answer(200, body)


def hang():
    return lambda handler: handler.server.owner.closing.wait()


def slow(seconds):
    def later(handler):
        handler.server.owner.closing.wait(seconds)
        handler.behave()

    return later


def cut_off():
    def half(handler):
        handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ok": tr')
        handler.close_connection = True

    return half


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        owner = self.server.owner
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with owner.lock:
            owner.requests.append(Request(self, body))
            self.request_seen = owner.requests[-1]
            step = owner.plan.pop(0) if owner.plan else owner.always
        with contextlib.suppress(OSError):
            (step or Handler.behave)(self)

    def behave(self):
        request = self.request_seen
        if request.path == HOOK:
            self.send(200, "ok", {})
        elif request.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.send(200, {"ok": False, "error": "invalid_auth"}, {})
        else:
            ts = request.json.get("ts") or f"17{self.server.owner.requests.index(request):08}.5"
            self.send(200, {"ok": True, "channel": CHANNEL, "ts": ts}, {})

    def send(self, status, body, headers):
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # who hangs up is what some tests are about


class SlackServer:
    def __init__(self, authority):
        self.authority = authority
        self.requests = []
        self.plan = []
        self.always = None  # for each request that the plan says nothing of
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.owner = self
        # Handshakes are made by the threads of the connections.
        self.server.socket = authority.context().wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def url(self, path, host="localhost"):
        return f"https://{host}:{self.port}{path}"

    def environment(self, **more):
        """For a run that reports to an app, without any proxy of this machine."""
        return {
            "EH_SLACK_TOKEN": TOKEN,
            "EH_SLACK_CHANNEL": CHANNEL,
            "EH_SLACK_API_URL": self.url("/api/"),
            "CURL_CA_BUNDLE": self.authority.bundle,
            "EH_SLACK_DEADLINE": "60s",
            "no_proxy": "*",
            **more,
        }

    def webhook(self, **more):
        """For a run that reports to a webhook."""
        return {
            "EH_SLACK_WEBHOOK": self.url(HOOK),
            "CURL_CA_BUNDLE": self.authority.bundle,
            "EH_SLACK_DEADLINE": "60s",
            "no_proxy": "*",
            **more,
        }


class Proxy:
    """An HTTP proxy that knows CONNECT."""

    def __init__(self):
        self.targets = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.connect, args=(client,), daemon=True).start()

    def connect(self, client):
        asked = b""
        while b"\r\n\r\n" not in asked:
            data = client.recv(4096)
            if not data:
                return
            asked += data
        target = asked.split()[1].decode()
        self.targets.append(target)
        host, _, port = target.rpartition(":")
        with client, socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self.pass_on, args=(server, client), daemon=True)
            back.start()
            self.pass_on(client, server)
            back.join()

    @staticmethod
    def pass_on(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
