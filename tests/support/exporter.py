"""The program as its users start it: a process with flags, environment and configuration file."""

import http.client
import os
import re
import signal
import subprocess
import threading
import time

PROGRAM = os.environ.get("BULLMQ_EXPORTER", "bullmq_exporter")
LISTENING = re.compile(r'msg="?listening"? telemetry=(\S+) api=(\S+)')


def run(*words, environment=None, timeout=20):
    """Runs it to its end; returns the CompletedProcess with text."""
    return subprocess.run(
        [PROGRAM, *map(str, words)],
        env=clean_environment(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def clean_environment(more=None):
    """Nothing of the caller's settings; what sanitizers and coverage need stays."""
    kept = {name: value for name, value in os.environ.items() if name == "PATH" or name.endswith("SAN_OPTIONS")}
    return {**kept, **(more or {})}


class Exporter:
    """A running exporter on free ports of the loopback; `with` ends it.

    `telemetry` and `api` are HOST:PORT as the log names them (`api` is "off" without credentials),
    `log` the lines that it has written so far.
    """

    def __init__(self, *flags, environment=None, listen=True, timeout=20):
        words = [PROGRAM, *map(str, flags)]
        if listen:
            words += ["--web.listen-address=127.0.0.1:0", "--api.listen-address=127.0.0.1:0"]
        self.log = []
        self.telemetry = self.api = None
        self._grown = threading.Condition()
        self._process = subprocess.Popen(
            words,
            env=clean_environment(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="backslashreplace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            line = self.wait_for_log(LISTENING, timeout)
        except AssertionError:
            self.stop(signal.SIGKILL)
            raise
        self.telemetry, self.api = LISTENING.search(line).groups()

    def _read(self):
        for line in self._process.stderr:
            with self._grown:
                self.log.append(line.rstrip("\n"))
                self._grown.notify_all()
        with self._grown:
            self.log.append(None)  # the end
            self._grown.notify_all()

    def wait_for_log(self, pattern, timeout=20):
        """The first line that the pattern (a regular expression) is found in, now or later."""
        pattern = re.compile(pattern)
        deadline = time.monotonic() + timeout
        seen = 0
        with self._grown:
            while True:
                for line in self.log[seen:]:
                    assert line is not None, f"ended before a line with {pattern.pattern}: {self.log}"
                    if pattern.search(line):
                        return line
                seen = len(self.log)
                left = deadline - time.monotonic()
                assert left > 0, f"no line with {pattern.pattern} in {timeout} s: {self.log}"
                self._grown.wait(left)

    @property
    def pid(self):
        return self._process.pid

    def get(self, path, address=None, headers=None, method="GET", timeout=20):
        """Status, headers (a case-insensitive mapping) and body; of telemetry where nothing is said."""
        connection = http.client.HTTPConnection(address or self.telemetry, timeout=timeout)
        try:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def metrics(self):
        status, _, body = self.get("/metrics")
        assert status == 200, body
        return body.decode()

    def wait_for_metrics(self, condition, timeout=20):
        """The text of /metrics as soon as condition(text) holds."""
        deadline = time.monotonic() + timeout
        while True:
            text = self.metrics()
            if condition(text):
                return text
            assert time.monotonic() < deadline, f"never true of /metrics in {timeout} s:\n{text}"
            time.sleep(0.02)

    def send(self, number):
        self._process.send_signal(number)

    def stop(self, number=signal.SIGTERM, timeout=10):
        """Ends it; returns the exit code."""
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        self._reader.join(timeout)
        self._process.stderr.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
