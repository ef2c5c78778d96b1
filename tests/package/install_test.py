"""Debian's package in a minimal Debian: installed, started, upgraded, removed, purged."""

import os
import re
import shlex
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
import yaml

from support.debian_root import DebianRoot, enter
from support.redis_server import free_port
from support.watched_exporter import wait_until

DEB = next(Path(os.environ["PACKAGES"]).glob("*.deb"))
SUITE = re.search(r"^VERSION_CODENAME=(\S+)", Path("/etc/os-release").read_text(), re.MULTILINE).group(1)
CONFIG = "/etc/bullmq_exporter/exporter.yaml"
UNIT = "bullmq_exporter.service"
APT = ("apt-get", "-y", "-qq", "--no-install-recommends")
# What apt and dpkg write down for themselves.
RECORDS = re.compile(r"/(var/(log|cache|lib/(apt|dpkg))|tmp)(/|$)")

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def root():
    with DebianRoot(Path(os.environ["TEST_ROOTS"]) / f"debian-{SUITE}-slim.tar") as root:
        # A slim system leaves man pages out; a person's does not.
        root.must("find", "/etc/dpkg/dpkg.cfg.d", "-type", "f", "-delete")
        root.copy_in("/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/ca-certificates.crt")
        root.must("apt-get", "update", "-qq")
        root.copy_in(DEB, "/tmp/bullmq.deb")
        yield root


class Service:
    """The unit's command line as systemd would run it: another user, no capabilities, a socket to say that it is ready."""

    def __init__(self, root):
        unit = root.path(f"/usr/lib/systemd/system/{UNIT}").read_text()
        command = shlex.split(re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE).group(1))
        assert "Type=notify\n" in unit
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(f"\0bullmq_exporter_test_{os.getpid()}")
        self.socket.settimeout(60)
        notify = self.socket.getsockname().decode().replace("\0", "@")
        self.process = subprocess.Popen(
            enter(root.folder, ["setpriv", "--reuid", "61234", "--regid", "61234", "--clear-groups", "--no-new-privs",
                                "--bounding-set", "-all", "env", f"NOTIFY_SOCKET={notify}", *command]),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def wait_until_ready(self):
        assert self.socket.recv(4096) == b"READY=1"

    def end(self):
        """Its exit code after SIGTERM to the program, and its log."""
        program = next(int(pid) for pid in os.listdir("/proc") if pid.isdigit() and self._is_program(pid))
        os.kill(program, signal.SIGTERM)
        log, _ = self.process.communicate(timeout=30)
        self.socket.close()
        return self.process.returncode, log

    def _is_program(self, pid):
        try:
            if os.stat(f"/proc/{pid}").st_uid != 61234:
                return False
            return Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"/usr/bin/bullmq_exporter\0")
        except FileNotFoundError:
            return False

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def scrape(port):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
    except OSError:
        return ""


def test_its_life(root, redis, running):
    """One test, since each step stands on the one before."""
    before = root.files()
    redis.client().hset("bull:mail:meta", mapping={"version": "bullmq:5.0.0"})
    redis.client().rpush("bull:mail:wait", "1", "2", "3")

    # Installed.
    root.must(*APT, "install", "/tmp/bullmq.deb")
    assert root.must("bullmq_exporter", "--version").startswith("bullmq_exporter, version")
    root.must("bullmq_exporter", "check-config", CONFIG)
    root.must("test", "-f", "/usr/share/man/man1/bullmq_exporter.1.gz")
    enabled = f"/etc/systemd/system/multi-user.target.wants/{UNIT}"
    assert enabled not in root.files(), "enabled without having been asked"
    assert not root.must("find", "/run", "/var/lib/systemd", "-name", "*bullmq*-enabled")

    # Started, with the operator's configuration.
    config = yaml.safe_load(root.path(CONFIG).read_text())
    port = free_port()
    config["redis"][0]["addr"] = redis.url
    config["web"]["listen_address"] = f"127.0.0.1:{port}"
    root.write(CONFIG, yaml.safe_dump(config))
    service = Service(root)
    running.callback(service.kill)
    service.wait_until_ready()
    wait_until(lambda: 'bullmq_up{redis="default"} 1' in scrape(port), "Redis is read")
    assert re.search(r'^bullmq_queue_jobs\{.*queue="mail",state="waiting"\} 3$', scrape(port), re.MULTILINE)
    root.must("bullmq_exporter", "healthcheck", f"--config.file={CONFIG}")
    code, log = service.end()
    assert code == 0, log
    assert root.run("bullmq_exporter", "healthcheck", f"--config.file={CONFIG}").returncode == 1

    # Upgraded: what the operator has written and switched on stays.
    root.must("mkdir", "-p", os.path.dirname(enabled))
    root.must("ln", "-s", f"/usr/lib/systemd/system/{UNIT}", enabled)  # as `systemctl enable` does
    assert enabled in root.files()
    root.must(*APT, "install", "--reinstall", "/tmp/bullmq.deb")
    assert yaml.safe_load(root.path(CONFIG).read_text()) == config
    assert enabled in root.files()

    # Removed: the program goes, the configuration stays.
    root.write("/etc/bullmq_exporter/redis-password", "sesame\n")
    root.must(*APT, "remove", "bullmq-exporter")
    files = root.files()
    assert "/usr/bin/bullmq_exporter" not in files and CONFIG in files
    assert f"/usr/lib/systemd/system/{UNIT}" not in files

    # Purged.
    root.must(*APT, "purge", "bullmq-exporter")
    named = [path for path in root.files() if "bullmq" in path]
    assert named == ["/tmp/bullmq.deb"]
    assert root.run("dpkg-query", "--show", "bullmq-exporter").returncode == 1
    root.must(*APT, "autoremove")
    left = {path for path in root.files() - before if not RECORDS.match(path)}
    print(f"left after the purge: {sorted(left)}")
    assert left == set()
