"""What users wait for: scrapes of many queues, pages of jobs, the first data after a start."""

import base64
import hashlib
import json
import socket
import subprocess
import threading
import time
from contextlib import ExitStack, contextmanager

from bench.machine import (API_KEY, BENCH, BIN, TWENTY_JOBS, FilledRedis, http_load, median, process_cpu_ms, program,
                           queue_name, say, wait_for_queues)
from bench.table import Row
from support.exporter import PROGRAM, Exporter, clean_environment
from support.redis_server import free_port

GZIP = ("Accept: application/openmetrics-text;version=1.0.0", "Accept-Encoding: gzip")
PLAIN = ("Accept: text/plain",)
# Each connection asks for a page of its own, since this program reads what several ask for at a time once.
FAILED_PAGE = f"/v1/jobs/queues/{queue_name(0)}?status=failed&page={{}}&limit="


def keys_file(folder):
    digest = hashlib.sha256(API_KEY.encode()).hexdigest()
    path = folder / "keys.yaml"
    path.write_text(f'keys: [{{name: bench, sha256: {digest}, permissions: ["manage:all"]}}]\n')
    return path


def scrape(quick):
    """Scrapes of 10,000 queues: with a poll each 5 s, with one each 0.5 s, and with a loaded API."""
    seconds = 10 if quick else 30
    rows = []
    with FilledRedis({"queues": 10_000, "states": TWENTY_JOBS}) as redis:
        rendering = program("poll_bench", "export", redis.port, 10)
        for label, interval, load in (("", "5s", False), (", while polling", "500ms", False), (", API loaded", "5s", True)):
            with ExitStack() as stack:
                exporter = stack.enter_context(
                    Exporter(f"--redis.addr={redis.url}", f"--poll.interval={interval}",
                             f"--api.keys-file={keys_file(redis.folder)}"))
                wait_for_queues(exporter, 10_000)
                if load:
                    stack.enter_context(api_load(exporter.api))
                gzip = http_load(exporter.telemetry, "/metrics", seconds=seconds, pace_ms=50, headers=GZIP)
                plain = http_load(exporter.telemetry, "/metrics", seconds=seconds, pace_ms=200, headers=PLAIN)
            for name, one in (("gzip", gzip), ("plain", plain)):
                say(f"  {name}{label}: p50 {one['p50_ms']:.2f} ms, p99 {one['p99_ms']:.2f} ms, max {one['max_ms']:.2f} ms "
                    f"of {one['requests']} scrapes of {one['bytes_per_answer'] / 1e6:.2f} MB")
            rows += [Row.at_most(f"scrape of 10,000 queues, gzip, p50{label}", gzip["p50_ms"], 5.0, " ms"),
                     Row.at_most(f"scrape of 10,000 queues, gzip, p99{label}", gzip["p99_ms"], 50.0, " ms"),
                     Row.at_most(f"scrape of 10,000 queues, plain, p50{label}", plain["p50_ms"], 50.0, " ms")]
    share = 100 * rendering["render_cpu_ms"] / 5000
    say(f"  rendering takes {rendering['render_cpu_ms']:.1f} ms of CPU a poll, the poll itself "
        f"{rendering['poll_cpu_ms']:.1f} ms; Redis {rendering['redis_cpu_ms']:.1f} ms")
    return [*rows, Row.at_most("rendering of 10,000 queues each 5 s, of a core", share, 2.0, " %")]


@contextmanager
def api_load(address):
    """Eight connections that ask for pages of failed jobs, until the block ends."""
    stop = threading.Event()
    failures = []

    def load():
        try:
            while not stop.is_set():
                http_load(address, FAILED_PAGE + "10", connections=8, seconds=1, headers=(f"X-API-KEY: {API_KEY}",))
        except RuntimeError as error:
            failures.append(error)

    thread = threading.Thread(target=load)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if failures:
        raise failures[0]


@contextmanager
def node_jobs_server(redis):
    process = subprocess.Popen([BIN / "node", BENCH / "node/jobs_server.mjs", f"--port={redis.port}"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        if not line.startswith("listening "):
            raise RuntimeError(f"jobs_server.mjs does not listen: {line}")
        yield line.split()[1]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def api(quick):
    """Pages of failed jobs on 8 connections, against a Node server that uses BullMQ's getters."""
    rows = []
    with FilledRedis({"queues": 10, "states": {"completed": 1000, "failed": 1000}}) as redis, \
            node_jobs_server(redis) as baseline, \
            Exporter(f"--redis.addr={redis.url}", f"--api.keys-file={keys_file(redis.folder)}") as exporter:
        wait_for_queues(exporter, 10)
        headers = (f"X-API-KEY: {API_KEY}",)
        for limit in (10, 100):
            check_same_page(exporter, baseline, limit)
            ours, theirs = [], []
            for _ in range(2 if quick else 5):
                theirs.append(http_load(baseline, f"{FAILED_PAGE}{limit}", connections=8, seconds=3))
                begin = process_cpu_ms(exporter.pid), redis.cpu_ms()
                ours.append(http_load(exporter.api, f"{FAILED_PAGE}{limit}", connections=8, seconds=3, headers=headers))
                cpu, redis_cpu = process_cpu_ms(exporter.pid) - begin[0], redis.cpu_ms() - begin[1]
            for name, results in (("this program", ours), ("BullMQ's getters", theirs)):
                say(f"  page of {limit}, {name}: {median([r['requests_per_second'] for r in results]):.0f} requests/s, "
                    f"p50 {median([r['p50_ms'] for r in results]):.2f} ms, p99 {median([r['p99_ms'] for r in results]):.2f} ms, "
                    f"{results[0]['bytes_per_answer']} bytes")
            same = http_load(exporter.api, f"{FAILED_PAGE.replace('{}', '1')}{limit}", connections=8, seconds=3, headers=headers)
            say(f"  page of {limit}, this program, all asking for the same: {same['requests_per_second']:.0f} requests/s")
            requests = 3.5 * ours[-1]["requests_per_second"]
            say(f"  page of {limit}: {1000 * cpu / requests:.0f} µs of this program's CPU, "
                f"{1000 * redis_cpu / requests:.0f} µs of Redis' CPU a request")
            rows.append(Row.at_least(
                f"page of {limit} failed jobs, 8 connections, requests/s : BullMQ's getters in Node",
                median([r["requests_per_second"] for r in ours]) / median([r["requests_per_second"] for r in theirs]),
                30.0, " ×"))
    return rows


def check_same_page(exporter, baseline, limit):
    """Both servers must have shown the same jobs, or the comparison says nothing."""
    pages = []
    for address in (exporter.api, baseline):
        status, _, body = exporter.get(FAILED_PAGE.format(1) + str(limit), address, {"X-API-KEY": API_KEY})
        page = json.loads(body)
        if status != 200 or len(page["jobs"]) != limit:
            raise RuntimeError(f"{address} answers {status}: {body[:300]}")
        pages.append({job["id"] for job in page["jobs"]})
    if pages[0] != pages[1]:
        raise RuntimeError(f"the servers show different jobs: {pages}")


def start(quick):
    """From the start of the process to the first scrape with data, 100 queues beside 200,000 jobs."""
    rounds = 7 if quick else 21
    with FilledRedis({"queues": 100, "states": {"completed": 1900, "failed": 100}}) as redis:
        names = [queue_name(index) for index in range(100)]
        configured = [time_to_data(redis, "--queues=" + ",".join(names)) for _ in range(rounds)]
        with connected_workers(redis, names):
            found = [time_to_data(redis) for _ in range(rounds)]
    rows = []
    for what, times in (("configured", configured), ("with workers", found)):
        say(f"  100 queues {what}: median {median(times):.0f} ms, from {min(times):.0f} to {max(times):.0f} ms")
        rows.append(Row.at_most(f"start to the first scrape with data, 100 queues {what}", median(times), 200.0, " ms"))
    return rows


@contextmanager
def connected_workers(redis, queues):
    """A connection for each queue, named as BullMQ names a worker's."""
    with ExitStack() as stack:
        for queue in queues:
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", redis.port)))
            name = "bull:" + base64.b64encode(queue.encode()).decode()
            connection.sendall(f"CLIENT SETNAME {name}\r\n".encode())
            if connection.recv(100) != b"+OK\r\n":
                raise RuntimeError("CLIENT SETNAME failed")
        yield


def time_to_data(redis, *flags):
    """Milliseconds until /metrics has the jobs of all queues."""
    port = free_port()
    words = [PROGRAM, f"--redis.addr={redis.url}", f"--web.listen-address=127.0.0.1:{port}", "--log.level=error", *flags]
    request = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    begin = time.perf_counter()
    process = subprocess.Popen(words, env=clean_environment(), stdin=subprocess.DEVNULL)
    try:
        while True:
            if time.perf_counter() - begin > 20 or process.poll() is not None:
                raise RuntimeError("no data in 20 s")
            try:
                with socket.create_connection(("127.0.0.1", port), 5) as connection:
                    connection.sendall(request)
                    body = b"".join(iter(lambda: connection.recv(1 << 20), b""))
            except ConnectionRefusedError:
                body = b""
            took = 1000 * (time.perf_counter() - begin)
            if all(f'queue="{queue_name(index)}",state="failed"'.encode() in body for index in range(100)):
                return took
            time.sleep(0.001)
    finally:
        process.terminate()
        process.wait()
