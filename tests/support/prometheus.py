"""A private Prometheus on a free port of the loopback, in a folder of its own."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

from support.redis_server import free_port

BIN = pathlib.Path(os.environ.get("BULLMQ_TEST_BIN", "/opt/bullmq_exporter/test/bin"))


class QueryError(AssertionError):
    """What Prometheus says of a query that it refuses."""


class Prometheus:
    """`with Prometheus({"job": ["HOST:PORT", …]}) as prometheus:` … `prometheus.query("up")`.

    `rules`: the rules of one group, as in a file of rules; `rule_files`: whole files. PROMETHEUS in the environment names another
    program of the tests' tools.
    """

    def __init__(self, jobs, rules=(), interval="1s", rule_files=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bullmq_exporter_prometheus_"))
        (self.folder / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "rules", "rules": list(rules)}]}))
        (self.folder / "prometheus.yml").write_text(yaml.safe_dump({
            "global": {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": interval},
            "rule_files": ["rules.yml", *map(str, rule_files)],
            "scrape_configs": [
                {"job_name": job, "static_configs": [{"targets": targets}]} for job, targets in jobs.items()
            ],
        }))
        self.address = f"127.0.0.1:{free_port()}"
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [BIN / os.environ.get("PROMETHEUS", "prometheus"), f"--config.file={self.folder / 'prometheus.yml'}",
                 f"--storage.tsdb.path={self.folder / 'data'}", f"--web.listen-address={self.address}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        try:
            self._wait_until_ready(time.monotonic() + 30)
        except BaseException:
            self.close()
            raise

    def _wait_until_ready(self, deadline):
        while True:
            try:
                with urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=5):
                    return
            except OSError:
                log = (self.folder / "log").read_text()
                assert self.process.poll() is None and time.monotonic() < deadline, log
                time.sleep(0.05)

    def get(self, path, **parameters):
        """The `data` of an answer."""
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters, doseq=True)}"
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise QueryError(f"{json.load(error)['error']}: {parameters}") from error

    def query(self, expression, at=None):
        """[(labels, value)] of an instant vector; `at`: seconds."""
        data = self.get("query", query=expression, **({} if at is None else {"time": at}))
        return [(result["metric"], float(result["value"][1])) for result in data["result"]]

    def query_range(self, expression, start, end, step):
        """[(labels, [(seconds, value)…])]"""
        data = self.get("query_range", query=expression, start=start, end=end, step=step)
        return [
            (result["metric"], [(float(at), float(value)) for at, value in result["values"]]) for result in data["result"]
        ]

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
