"""A private Redis on a free port of the loopback, in a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import redis

BIN = Path(os.environ.get("BULLMQ_TEST_BIN", "/opt/bullmq_exporter/test/bin"))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class RedisServer:
    """`with RedisServer("--requirepass", "x") as server:` … `server.url`, `server.client()`."""

    def __init__(self, *options, binary="redis-server"):
        self._options = [str(option) for option in options]
        self._binary = BIN / binary
        self.folder = Path(tempfile.mkdtemp(prefix="bullmq_exporter_redis_"))
        self.process = None
        try:
            self._start_on_a_free_port()
        except BaseException:
            self.close()
            raise

    def _start_on_a_free_port(self):
        for _ in range(10):  # somebody else may take the port before the server binds it
            self.port = free_port()
            if self.start():
                return
        raise AssertionError(f"{self._binary} does not start: {(self.folder / 'log').read_text()}")

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, timeout=20):
        """Starts it (again) on its port; says whether it answers."""
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [self._binary, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder,
                 "--save", "", "--appendonly", "no", *self._options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        deadline = time.monotonic() + timeout
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return True
            except OSError:
                time.sleep(0.01)
        self.kill()
        return False

    def client(self, **options):
        return redis.Redis(host="127.0.0.1", port=self.port, **options)

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def close(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
