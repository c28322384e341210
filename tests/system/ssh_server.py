"""An SSH server of a test's own on this machine, and connections to it that break."""

import contextlib
import getpass
import math
import os
import pathlib
import shutil
import socket
import subprocess
import threading

import eh

SSHD = shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin") or "sshd"

CONFIGURATION = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp {options}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class SshServer:
    """`environment()` is what eh needs to be let in; `options` are those of sftp-server."""

    def __init__(self, folder, options=""):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        for name in "host_key", "user_key", "other_key":
            self.key(name)
        self.port = free_port()
        configuration = CONFIGURATION.format(
            port=self.port, folder=self.folder, options=options
        )
        (self.folder / "config").write_text(configuration)
        self.trust("host_key", self.port)

    def key(self, name):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name], check=True
        )

    def trust(self, key, *ports):
        kind, text = (self.folder / f"{key}.pub").read_text().split()[:2]
        lines = [f"[127.0.0.1]:{port} {kind} {text}\n" for port in ports]
        (self.folder / "known_hosts").write_text("".join(lines))

    def environment(self, path, port=None, key="user_key", **more):
        host = f"{getpass.getuser()}@127.0.0.1:{port or self.port}"
        return {
            "ADDRESS": f"sftp://{host}{path}",
            "EH_SFTP_KEY": str(self.folder / key),
            "EH_SFTP_KNOWN_HOSTS": str(self.folder / "known_hosts"),
            **more,
        }

    def __enter__(self):
        if os.getuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)  # which it wants to be there
        self.log = (self.folder / "log").open("w")
        self.process = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", self.folder / "config"], stderr=self.log
        )

        def answers():
            if self.process.poll() is not None:
                raise AssertionError((self.folder / "log").read_text())
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port)).close()
                return True
            return False

        eh.wait_for(answers, "sshd")
        return self

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait()
        self.log.close()


class Relay:
    """Passes a connection's bytes on, up to some; then it breaks, or nothing more goes through.

    With `once`, all that comes after the break goes through."""

    def __init__(self, port, most, stalls=False, once=False):
        self.target, self.most, self.stalls, self.once = port, most, stalls, once
        self.passed = 0
        self.broken = threading.Event()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.open = [self.server]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                client = self.server.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.target))
                self.open += [client, server]
                for ends in (client, server), (server, client):
                    threading.Thread(target=self.pass_on, args=ends, daemon=True).start()

    def pass_on(self, source, to):
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                if self.passed > self.most:
                    self.broken.set()
                    if self.stalls:
                        return
                    if self.once:
                        self.most = math.inf
                    break
                self.passed += len(data)
                to.sendall(data)
        for end in source, to:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for end in self.open:
            end.close()
