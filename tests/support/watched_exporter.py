"""An exporter whose series are waited for by name and labels, with an API key of its own."""

import hashlib
import json
import time
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from support.exporter import Exporter

API_KEY = "key-of-the-tests"


def wait_until(condition, what, timeout=60):
    """Polls `condition` until it is true and returns what it returned."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {timeout} s: {what}"
        time.sleep(0.02)


def write_keys_file(folder):
    digest = hashlib.sha256(API_KEY.encode()).hexdigest()
    path = Path(folder) / "keys.yaml"
    path.write_text(f'keys: [{{name: tests, sha256: {digest}, permissions: ["manage:all"]}}]\n')
    return path


class WatchedExporter(Exporter):
    def series(self):
        """{(name, ((label, value), …)): value} of a scrape."""
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(self.metrics())
            for sample in family.samples
        }

    def names(self):
        return {name for name, _ in self.series()}

    def value(self, name, **labels):
        """The value of the only series with this name and at least these labels; None for none."""
        found = [
            value
            for (sample, pairs), value in self.series().items()
            if sample == name and labels.items() <= dict(pairs).items()
        ]
        assert len(found) <= 1, f"{name}{labels} names {len(found)} series"
        return found[0] if found else None

    def wait_for(self, name, expected, timeout=60, **labels):
        wait_until(lambda: self.value(name, **labels) == expected, f"{name}{labels} is {expected}", timeout)

    def get_api(self, path, headers=None):
        """Status and JSON of a GET on the API, with a good key unless headers are given."""
        headers = {"X-API-KEY": API_KEY} if headers is None else headers
        status, _, body = self.get(path, self.api, headers)
        return status, json.loads(body)

    def log_count(self, text):
        return sum(text in (line or "") for line in self.log)
