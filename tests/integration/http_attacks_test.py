"""Hostile clients against the running program, bounded in count and time, on the loopback."""

import contextlib
import hashlib
import os
import re
import resource
import socket
import threading
import time

import pytest
import yaml
from support.exporter import Exporter, run
from support.redis_server import RedisServer

KEY = "a key for tests"


@pytest.fixture(scope="module")
def redis_server():
    with RedisServer() as server:
        redis = server.client()
        redis.hset("bull:ingestion:meta", "version", "bullmq:5.0.0")
        redis.hset("bull:ingestion:1", mapping={"name": "n", "data": "{}", "timestamp": "1"})
        redis.zadd("bull:ingestion:failed", {"1": 1})
        yield server


@pytest.fixture(scope="module")
def flags(tmp_path_factory, redis_server):
    keys = tmp_path_factory.mktemp("attacks") / "keys.yaml"
    entry = {"name": "good", "sha256": hashlib.sha256(KEY.encode()).hexdigest(), "permissions": ["manage:all"]}
    keys.write_text(yaml.safe_dump({"keys": [entry]}))
    return [f"--redis.addr={redis_server.url}", f"--api.keys-file={keys}"]


@pytest.fixture
def exporter(flags):
    with Exporter(*flags) as running:
        running.wait_for_metrics(lambda text: 'queue="ingestion"' in text)
        yield running


def connect(address, source="127.0.0.1", receive_buffer=None):
    host, port = address.rsplit(":", 1)
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.settimeout(10)
    client.bind((source, 0))
    client.connect((host, int(port)))
    return client


@contextlib.contextmanager
def dripping(address, clients, per_address=60):
    """So many clients that send a byte each in turn, and never a whole request."""
    sockets = []
    done = threading.Event()

    def drip():
        text = b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 100_000
        for byte in text:
            for client in sockets:
                with contextlib.suppress(OSError):
                    client.send(bytes([byte]), socket.MSG_DONTWAIT)
            if done.wait(0.01):
                return

    try:
        for number in range(clients):
            sockets.append(connect(address, f"127.0.0.{2 + number // per_address}"))
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield sockets
        finally:
            done.set()
            thread.join()
    finally:
        for client in sockets:
            client.close()


def scrape_times(exporter, count):
    times = []
    for _ in range(count):
        begun = time.monotonic()
        exporter.metrics()
        times.append(time.monotonic() - begun)
    return sorted(times)


def rejected(text, listener, reason):
    match = re.search(rf'^bullmq_exporter_http_rejected_total\{{listener="{listener}",reason="{reason}"\}} (\d+)$', text, re.M)
    assert match, text
    return int(match[1])


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sanitized(pid):
    with open(f"/proc/{pid}/maps") as maps:
        return "san.so" in maps.read()


def wait_until_unread(client):
    """Until the server has something for this client that the kernel takes no more of."""
    port = f":{client.getsockname()[1]:04X}"
    deadline = time.monotonic() + 60
    last = None
    while True:
        with open("/proc/net/tcp") as table:
            rows = [line.split() for line in table]
        queued = [row[4].split(":")[0] for row in rows if row[2].endswith(port)]
        if queued and queued == last and int(queued[0], 16) > 100_000:
            return
        last = queued
        assert time.monotonic() < deadline
        time.sleep(0.05)


def exchange(address, request):
    """All that the server sends for these bytes until it closes the connection."""
    with connect(address) as client:
        with contextlib.suppress(OSError):
            client.sendall(request)
        received = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := client.recv(65536):
                received += piece
        return received


@pytest.mark.parametrize("listener", ["telemetry", "api"])
def test_forty_clients_that_drip(exporter, listener):
    with dripping(getattr(exporter, listener), 40):
        times = scrape_times(exporter, 100)
        assert exporter.get("/v1/jobs/queues", exporter.api, {"X-API-KEY": KEY})[0] == 200
    print(f"{listener}: scrapes took {times[50] * 1000:.1f} ms in the middle, {times[-1] * 1000:.1f} ms at most")
    assert times[-1] < 2


def test_five_hundred_slow_clients_on_the_api(exporter):
    # Its cap is 256: the others are refused, and the telemetry listener knows nothing of it.
    with dripping(exporter.api, 500):
        times = scrape_times(exporter, 100)
    print(f"scrapes took {times[50] * 1000:.1f} ms in the middle, {times[98] * 1000:.1f} ms p99")
    assert times[98] < 1
    assert rejected(exporter.metrics(), "api", "connections") >= 200
    deadline = time.monotonic() + 10
    while exporter.get("/v1/jobs/queues", exporter.api, {"X-API-KEY": KEY})[0] != 200:
        assert time.monotonic() < deadline


def test_five_hundred_slow_clients_on_telemetry(exporter):
    exporter.metrics()
    before = resident_bytes(exporter.pid)
    with dripping(exporter.telemetry, 500):
        begun = time.monotonic()
        growth = resident_bytes(exporter.pid) - before
        # Freed by their deadline, though they go on.
        text = exporter.wait_for_metrics(lambda text: rejected(text, "telemetry", "deadline") == 500, timeout=10)
        print(f"{growth / 2**20:.1f} MiB more; all freed after {time.monotonic() - begun:.1f} s")
        assert growth < 20 * 2**20 or sanitized(exporter.pid)
    assert 'queue="ingestion"' in text


def test_clients_that_do_not_read(exporter):
    clients = [connect(exporter.telemetry, receive_buffer=1024) for _ in range(20)]
    for client in clients:
        with contextlib.suppress(OSError):
            client.sendall(b"GET /metrics HTTP/1.1\r\n\r\n" * 500)
    wait_until_unread(clients[-1])
    assert scrape_times(exporter, 20)[-1] < 2
    for client in clients:
        client.close()


SMUGGLED = b"GET /v1/smuggled HTTP/1.1\r\nX-API-KEY: " + KEY.encode() + b"\r\n\r\n"
GET = b"GET /v1/jobs/queues HTTP/1.1\r\nX-API-KEY: " + KEY.encode() + b"\r\n"


@pytest.mark.parametrize(
    "request_bytes, status",
    [
        (GET + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED, 200),
        (GET + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 200),
        (GET + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n" + SMUGGLED, 200),
        (GET + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 100_000 + SMUGGLED, 200),
        (GET.replace(b"GET", b"POST") + b"Content-Length: 3\r\n\r\n" + SMUGGLED, 405),
        (GET + b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
        (GET + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + SMUGGLED, 400),
        (GET + b"Content-Length: -5\r\n\r\n" + SMUGGLED, 400),
        (GET + b"A: b\nContent-Length: 0\r\n\r\n" + SMUGGLED, 400),
        (GET + b"A : b\r\n\r\n" + SMUGGLED, 400),
        (b"BREW / HTTP/1.1\r\n\r\n" + SMUGGLED, 400),
        (b"GET / HTTP/9.9\r\n\r\n" + SMUGGLED, 400),
        (b"GET /v1/%zz HTTP/1.1\r\n\r\n" + SMUGGLED, 400),
        (GET + b"a: b\r\n" * 500_000 + b"\r\n" + SMUGGLED, 431),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n" + SMUGGLED, 414),
        (b"G" * 3_000_000, 431),
        (GET + b"A: " + b"a" * 3_000_000, 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n" + b"\0" * 400, 400),
    ],
    ids=lambda value: value[:30].decode("latin1") + f"[{len(value)}]" if isinstance(value, bytes) else None,
)
def test_one_answer_and_nothing_smuggled(exporter, request_bytes, status):
    answer = exchange(exporter.api, request_bytes)
    if answer or len(request_bytes) < 1_000_000:  # one that still sends may see a reset instead
        assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:200]
        assert len(re.findall(rb"HTTP/1.1 \d", answer)) == 1
        assert b"Connection: close\r\n" in answer
    assert exporter.get("/v1/jobs/queues", exporter.api, {"X-API-KEY": KEY})[0] == 200
    text = exporter.metrics()
    assert 'handler="(none)"' not in text or 'code="404"' not in text
    assert "smuggled" not in text + "\n".join(exporter.log)


def test_paths_are_not_files_and_names_are_bytes(exporter):
    for path, status in {
        "/v1/jobs/queues/ingestion": 200,
        "/v1/jobs/queues/..": 404,
        "/v1/jobs/queues/%2e%2e%2f%2e%2e%2fetc%2fpasswd": 404,
        "/../../etc/passwd": 404,
        "/v1/jobs/queues/ingestion%00": 404,
        "/v1/jobs/queues/a%2Fb": 404,
        "/v1/jobs/queues/a/b": 404,
        "//v1/jobs/queues": 404,
        "/v1/jobs/queues/" + "%F0%9F%92%A9" * 400: 404,
    }.items():
        answer, _, body = exporter.get(path, exporter.api, {"X-API-KEY": KEY})
        assert answer == status, (path, body)
        assert b"root:" not in body


def test_ranges_are_ignored(exporter):
    whole = exporter.get("/v1/jobs/queues", exporter.api, {"X-API-KEY": KEY})
    for value in ["bytes=0-0", "bytes=5-1", "nonsense", "bytes=0-0,1-1,2-2"]:
        status, headers, body = exporter.get("/v1/jobs/queues", exporter.api, {"X-API-KEY": KEY, "Range": value})
        assert (status, body) == (200, whole[2])
        assert "Content-Range" not in headers
        assert "Accept-Ranges" not in headers


def test_a_connection_carries_many_requests(exporter):
    with connect(exporter.telemetry) as client:
        client.sendall(b"GET /-/healthy HTTP/1.1\r\n\r\n" * 50)
        received = b""
        while received.count(b"healthy\n") < 50:
            piece = client.recv(65536)
            assert piece
            received += piece
        assert received.count(b"HTTP/1.1 200 OK") == 50


def test_connections_from_one_address_are_bounded(exporter):
    clients = [connect(exporter.api, "127.0.0.9") for _ in range(64)]
    deadline = time.monotonic() + 10
    while True:
        with connect(exporter.api, "127.0.0.9") as client:
            if client.recv(1000).startswith(b"HTTP/1.1 503 "):
                break
        assert time.monotonic() < deadline
    assert rejected(exporter.metrics(), "api", "per_address") >= 1
    assert exporter.get("/v1/jobs/queues", exporter.api, {"X-API-KEY": KEY})[0] == 200
    for client in clients:
        client.close()


def test_without_descriptors_it_waits_and_recovers(exporter):
    limits = resource.prlimit(exporter.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(exporter.pid, resource.RLIMIT_NOFILE, (3, limits[1]))  # 0 to 2 are in use
    with connect(exporter.telemetry) as client:
        client.sendall(b"GET /-/healthy HTTP/1.1\r\n\r\n")
        exporter.wait_for_log("cannot accept connections for now")
        before = cpu_seconds(exporter.pid)
        time.sleep(1)  # what is measured is the time of the processor meanwhile
        spent = cpu_seconds(exporter.pid) - before
        print(f"{spent:.2f} s of CPU in a second")
        assert spent < 0.2
        resource.prlimit(exporter.pid, resource.RLIMIT_NOFILE, limits)
        assert client.recv(1000).startswith(b"HTTP/1.1 200 OK")
    assert len([line for line in exporter.log if line and "cannot accept" in line]) == 1


def test_a_port_that_is_taken_is_refused(exporter, flags):
    for flag, address in [("--web.listen-address", exporter.telemetry), ("--api.listen-address", exporter.api),
                          ("--web.listen-address", ":" + exporter.telemetry.rsplit(":", 1)[1])]:
        words = {"--web.listen-address": "127.0.0.1:0", "--api.listen-address": "127.0.0.1:0", flag: address}
        ended = run(*flags, *[f"{name}={value}" for name, value in words.items()])
        assert ended.returncode == 1, ended
        assert ended.stderr.count("\n") == 1, ended.stderr
        assert address in ended.stderr and "Address already in use" in ended.stderr
    assert exporter.get("/-/healthy")[0] == 200


def test_it_ends_in_time_whatever_clients_do(flags, redis_server):
    clients = []
    with Exporter(*flags) as exporter:
        exporter.wait_for_metrics(lambda text: 'queue="ingestion"' in text)
        redis_server.freeze()
        try:
            exporter.wait_for_metrics(lambda text: 'bullmq_up{redis="default"} 0' in text)
            # On each listener: silent clients, heads that do not end, responses that nobody reads.
            for address, request in [(exporter.telemetry, b"GET /metrics HTTP/1.1\r\n\r\n"),
                                     (exporter.api, b"GET /openapi.yaml HTTP/1.1\r\n\r\n")]:
                for sent in [b"", request[:-2], request * 500]:
                    clients.append(connect(address, receive_buffer=1024))
                    with contextlib.suppress(OSError):
                        clients[-1].sendall(sent)
                wait_until_unread(clients[-1])
            # And a request that waits for Redis.
            clients.append(connect(exporter.api))
            clients[-1].sendall(GET + b"\r\n")
            begun = time.monotonic()
            assert exporter.stop() == 0
            print(f"ended after {time.monotonic() - begun:.2f} s")
            assert time.monotonic() - begun < 5
        finally:
            redis_server.thaw()
            for client in clients:
                client.close()
