"""Fixtures of every pytest test: real servers and the real program, each ended with its test."""

import contextlib
import pathlib
import tempfile

import pytest

from support.redis_server import RedisServer
from support.watched_exporter import WatchedExporter, write_keys_file


@pytest.fixture
def tmp_path():
    """In place of pytest's own, which keeps the folders of the last runs."""
    with tempfile.TemporaryDirectory(prefix="bullmq_exporter_test_") as folder:
        yield pathlib.Path(folder)


@pytest.fixture
def running():
    """What is entered here is left when the test has ended, last first."""
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def start_redis(running):
    """Starts a server: start_redis("--requirepass", "x", binary="redis-server-6.2")."""
    return lambda *options, **named: running.enter_context(RedisServer(*options, **named))


@pytest.fixture
def redis(start_redis):
    return start_redis()


@pytest.fixture
def start_exporter(running, tmp_path):
    """Starts the program on free ports; with api=True its API has a key."""

    def start(*flags, api=False, **named):
        if api:
            flags += ("--api.keys-file", write_keys_file(tmp_path))
        return running.enter_context(WatchedExporter(*flags, **named))

    return start
