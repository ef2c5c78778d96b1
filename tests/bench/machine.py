"""What the benchmarks need of this machine: Redis with queues in it, programs that print JSON, and what processes cost."""

import json
import os
import platform
import statistics
import subprocess
import time
from pathlib import Path

from support.redis_server import BIN, RedisServer

BENCH = Path(__file__).resolve().parent
PROGRAMS = Path(os.environ.get("BULLMQ_EXPORTER", "")).parent / "tests/bench"  # of the same build
API_KEY = "key-of-the-benchmarks"


def say(text):
    print(text, flush=True)


def run_json(*words, timeout=900):
    """The JSON that a program prints; its own complaint where it fails."""
    words = [str(word) for word in words]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def program(name, *words, **options):
    return run_json(PROGRAMS / name, *words, **options)


def node(script, *words, **options):
    return run_json(BIN / "node", BENCH / "node" / script, *words, **options)


def http_load(address, path, *, connections=1, seconds=5, pace_ms=0, headers=()):
    return program("http_load", address.rsplit(":", 1)[1], path, connections, seconds, pace_ms, *headers)


class FilledRedis(RedisServer):
    """A private Redis with queues; `states` are numbers of jobs by state: {"failed": 1000}."""

    def __init__(self, *fills):
        super().__init__("--maxmemory-policy", "noeviction")
        try:
            for fill in fills:
                self.fill(**fill)
        except BaseException:
            self.close()
            raise

    def fill(self, queues, states, **more):
        every = ["waiting", "active", "delayed", "prioritized", "waiting-children", "completed", "failed"]
        flags = {"port": self.port, "queues": queues, **{state: states.get(state, 0) for state in every}, **more}
        built = node("build_queues.mjs", *(f"--{flag.replace('_', '-')}={value}" for flag, value in flags.items()))
        say(f"  Redis: {built['queues']} queues of {built['jobsPerQueue']} jobs, {built['keys']} keys, "
            f"in {built['seconds']:.1f} s")

    def cpu_ms(self):
        info = self.info("cpu")
        return 1000 * (info["used_cpu_user"] + info["used_cpu_sys"])

    def info(self, section):
        with self.client() as client:
            return client.info(section)


# Twenty jobs as queues have them: most of them kept, some waiting, delayed or at work.
TWENTY_JOBS = {"waiting": 4, "active": 1, "delayed": 2, "completed": 10, "failed": 3}
# Every state has some: what a poll reads at most.
TWENTY_JOBS_EVERYWHERE = {"waiting": 8, "active": 1, "delayed": 3, "prioritized": 2, "waiting-children": 1,
                          "completed": 3, "failed": 2}


def wait_for_queues(exporter, count):
    """Until /metrics has this many queues."""
    wait_until(lambda: exporter.metrics().count("\nbullmq_queue_up{") >= count, f"{count} queues in /metrics", 300, 0.2)


def queue_name(index):
    return f"queue-{index:05}"


def process_cpu_ms(pid):
    """CPU of all threads so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid):
    """Resident now and at the peak, in MB (2^20 bytes)."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if line.startswith(("VmRSS", "VmHWM"))}
    return int(found["VmRSS"]) / 1024, int(found["VmHWM"]) / 1024


def median(values):
    return statistics.median(values)


def wait_until(condition, what, timeout=120, pause=0.05):
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {timeout} s: {what}")
        time.sleep(pause)


def describe():
    """The machine in a few lines."""
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    redis = subprocess.run([BIN / "redis-server", "--version"], capture_output=True, text=True, check=True).stdout
    node_version = subprocess.run([BIN / "node", "--version"], capture_output=True, text=True, check=True).stdout
    return "\n".join([
        f"machine   {os.cpu_count()} × {model}, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}",
        f"system    {release['PRETTY_NAME'].strip(chr(34))}, Linux {platform.release()}",
        f"software  Redis {redis.split('v=')[1].split()[0]}, Node {node_version.strip()}, "
        f"BullMQ {bullmq_version()}",
    ])


def bullmq_version():
    package = BENCH.parent / "oracle/node_modules/bullmq-5.81.5/package.json"
    return json.loads(package.read_text())["version"]
