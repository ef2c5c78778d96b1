"""Start and stop: systemd, a poll that hangs, a target that nobody answers."""

import signal
import socket
import threading
import time

import pytest

from support.redis_server import free_port
from support.watched_exporter import wait_until


@pytest.fixture
def silent_port():
    """A port whose connections are accepted by the kernel and answered by nobody."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield listener.getsockname()[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_mid_poll(silent_port, start_exporter, number):
    exporter = start_exporter("--redis.addr", f"redis://127.0.0.1:{silent_port}", "--poll.timeout", "60s",
                              "--poll.interval", "60s")
    began = time.monotonic()
    assert exporter.stop(number, timeout=20) == 0
    assert time.monotonic() - began < 5


def test_it_ends_while_a_request_waits_for_redis(redis, start_exporter):
    redis.client().hset("bull:q:meta", mapping={"version": "bullmq:5.81.5"})
    exporter = start_exporter("--redis.addr", redis.url, "--poll.timeout", "60s", api=True)
    exporter.wait_for("bullmq_queue_up", 1)
    assert exporter.get_api("/v1/jobs/queues/q")[0] == 200
    commands = exporter.value("bullmq_exporter_redis_commands_total", purpose="api")
    redis.freeze()
    answers = []
    requests = [threading.Thread(target=lambda: answers.append(exporter.get_api("/v1/jobs/queues/q")[0]))
                for _ in range(6)]
    for request in requests:
        request.start()
    wait_until(lambda: exporter.value("bullmq_exporter_redis_commands_total", purpose="api") > commands,
               "a request at Redis")
    began = time.monotonic()
    assert exporter.stop(timeout=20) == 0
    assert time.monotonic() - began < 5
    for request in requests:
        request.join()
    redis.thaw()


def test_it_is_ready_once_the_first_poll_ended_badly(silent_port, start_exporter):
    exporter = start_exporter("--redis.addr", f"redis://127.0.0.1:{silent_port}", "--poll.timeout", "1s")
    status, _, _ = exporter.get("/-/ready")
    assert status == 503 or exporter.value("bullmq_up") == 0
    exporter.wait_for("bullmq_up", 0)
    assert exporter.get("/-/ready")[0] == 200
    assert exporter.get("/-/healthy")[0] == 200


def test_no_up_before_the_first_poll_ended(silent_port, start_exporter):
    exporter = start_exporter("--redis.addr", f"redis://127.0.0.1:{silent_port}", "--poll.timeout", "60s")
    assert exporter.value("bullmq_up") is None
    assert exporter.get("/-/ready")[0] == 503


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told(tmp_path, start_exporter, abstract):
    name = f"bullmq_exporter_test_{free_port()}"
    path = "\0" + name if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(path)
        notify.settimeout(20)
        start_exporter("--redis.addr", "redis://127.0.0.1:1",
                       environment={"NOTIFY_SOCKET": "@" + name if abstract else path})
        assert notify.recv(100) == b"READY=1"


def test_a_notify_socket_that_is_gone_is_said(tmp_path, start_exporter):
    exporter = start_exporter("--redis.addr", "redis://127.0.0.1:1",
                              environment={"NOTIFY_SOCKET": str(tmp_path / "nobody")})
    exporter.wait_for_log("systemd was not told")


def test_several_targets_of_which_one_is_down(start_redis, start_exporter, tmp_path):
    up, down = start_redis(), start_redis()
    for server in (up, down):
        server.client().hset("bull:q:meta", mapping={"version": "bullmq:5.81.5"})
    down.kill()
    configuration = tmp_path / "exporter.yaml"
    configuration.write_text(f"""
redis:
  - {{name: a, addr: "{up.url}", prefixes: [bull, other]}}
  - {{name: b, addr: "{down.url}"}}
poll: {{interval: 200ms, timeout: 1s}}
""")
    exporter = start_exporter("--config.file", configuration, api=True)
    exporter.wait_for("bullmq_up", 0, redis="b")
    exporter.wait_for("bullmq_queue_up", 1, redis="a", prefix="bull", queue="q")
    assert exporter.get_api("/v1/jobs/queues")[0] == 503
    status, answer = exporter.get_api("/v1/jobs/queues?redis=a")
    assert (status, answer["queues"][0]["redis"], answer["queues"][0]["prefix"]) == (200, "a", "bull")
    assert exporter.get_api("/v1/jobs/queues?redis=c")[0] == 400
    down.start()
    down.client().hset("bull:q:meta", mapping={"version": "bullmq:5.81.5"})
    exporter.wait_for("bullmq_queue_up", 1, redis="b", queue="q")
    assert exporter.get_api("/v1/jobs/queues/q")[0] == 409
    assert exporter.get_api("/v1/jobs/queues/q?redis=b")[0] == 200
    wait_until(lambda: exporter.get_api("/v1/jobs/queues")[0] == 200, "both answer")
