"""The service of Debian's package under a real systemd, in a minimal Debian of its own."""

import os
import re
import urllib.request
from pathlib import Path

import pytest
import yaml

from support.booted_debian import BootedDebian
from support.debian_root import APT_GET, SUITE
from support.redis_server import free_port
from support.watched_exporter import wait_until

DEB = next(Path(os.environ["PACKAGES"]).glob("*.deb"))
CONFIG = "/etc/bullmq_exporter/exporter.yaml"
CREDENTIALS = "/run/credentials/bullmq_exporter.service"
UNIT = "bullmq_exporter.service"

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def debian():
    with BootedDebian(Path(os.environ["TEST_ROOTS"]) / f"debian-{SUITE}-slim.tar") as debian:
        debian.copy_in("/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/ca-certificates.crt")
        debian.must("apt-get", "update", "-qq")
        debian.must(*APT_GET, "install", "systemd", "dbus")
        debian.copy_in(DEB, "/root/bullmq.deb")
        debian.boot()
        yield debian


def page(port):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
    except OSError:
        return ""


def shown(debian, *names):
    lines = debian.must("systemctl", "show", UNIT, *(f"--property={name}" for name in names)).splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_its_life(debian, start_redis):
    """One test, since each step stands on the one before."""
    redis = start_redis("--requirepass", "sesame")
    client = redis.client(password="sesame")
    client.rpush("bull:mail:wait", "1", "2", "3")
    client.hset("bull:mail:meta", mapping={"version": "bullmq:5.0.0"})

    # Installed: neither started nor enabled.
    debian.must(*APT_GET, "install", "/root/bullmq.deb")
    assert shown(debian, "ActiveState", "UnitFileState") == {"ActiveState": "inactive", "UnitFileState": "disabled"}

    # A configuration that is wrong ends it, with its line in the log, and it is not tried again.
    debian.write(CONFIG, "poll: {interval: soon}\n")
    assert debian.run("systemctl", "start", UNIT).returncode != 0
    failed = shown(debian, "ActiveState", "SubState", "ExecMainStatus", "NRestarts")
    assert failed == {"ActiveState": "failed", "SubState": "failed", "ExecMainStatus": "2", "NRestarts": "0"}
    assert f"{CONFIG}:1:" in debian.must("journalctl", "--no-pager", f"--unit={UNIT}")

    # Started, with secrets that only root can read.
    port, api = free_port(), free_port()
    config = {
        "redis": [{"addr": redis.url, "password_file": f"{CREDENTIALS}/redis-password"}],
        "web": {"listen_address": f"127.0.0.1:{port}"},
        "api": {"listen_address": f"127.0.0.1:{api}", "keys_file": f"{CREDENTIALS}/api-keys.yaml"},
    }
    debian.write(CONFIG, yaml.safe_dump(config))
    debian.write("/etc/bullmq_exporter/redis-password", "sesame\n")
    debian.must("chmod", "600", "/etc/bullmq_exporter/redis-password")
    key = debian.must("bullmq_exporter", "new-key", "--name=oncall", "--keys-file=/etc/bullmq_exporter/api-keys.yaml").strip()
    debian.write(f"/etc/systemd/system/{UNIT}.d/secrets.conf",
                 "[Service]\n" + "".join(f"LoadCredential={name}:/etc/bullmq_exporter/{name}\n"
                                         for name in ("redis-password", "api-keys.yaml")))
    debian.must("systemctl", "daemon-reload")
    debian.must("systemctl", "enable", "--now", UNIT)
    assert shown(debian, "ActiveState", "SubState") == {"ActiveState": "active", "SubState": "running"}
    wait_until(lambda: 'bullmq_up{redis="default"} 1' in page(port), "Redis is read")
    metrics = page(port)
    assert re.search(r'^bullmq_queue_jobs\{.*queue="mail",state="waiting"\} 3$', metrics, re.MULTILINE)
    # Nothing that the sandbox hides is missed.
    for name in ("cpu_seconds_total", "start_time_seconds", "resident_memory_bytes", "virtual_memory_bytes", "threads", "open_fds", "max_fds"):
        assert re.search(rf"^process_{name} [0-9.e+]+$", metrics, re.MULTILINE), name
    request = urllib.request.Request(f"http://127.0.0.1:{api}/v1/jobs/queues", headers={"X-API-KEY": key})
    assert b'"mail"' in urllib.request.urlopen(request, timeout=10).read()

    # It is tried again when it is killed.
    first = shown(debian, "MainPID")["MainPID"]
    debian.must("systemctl", "kill", "--signal=KILL", UNIT)
    wait_until(lambda: shown(debian, "ActiveState", "NRestarts") == {"ActiveState": "active", "NRestarts": "1"}, "it is started again")
    second = shown(debian, "MainPID")["MainPID"]
    assert second != first

    # An upgrade restarts it, but not with a configuration that the new version would refuse.
    debian.must(*APT_GET, "install", "--reinstall", "/root/bullmq.deb")
    upgraded = shown(debian, "ActiveState", "MainPID")
    assert upgraded["ActiveState"] == "active" and upgraded["MainPID"] != second
    debian.write(CONFIG, yaml.safe_dump({**config, "no_such_key": 1}))
    told = debian.must(*APT_GET, "install", "--reinstall", "/root/bullmq.deb")
    assert f'{CONFIG}:' in told and "no_such_key" in told and f"systemctl restart {UNIT}" in told
    assert shown(debian, "ActiveState", "MainPID") == upgraded
    debian.write(CONFIG, yaml.safe_dump(config))

    # Stopped within its time, as by hand.
    debian.must("systemctl", "stop", UNIT)
    assert shown(debian, "ActiveState", "Result", "ExecMainStatus") == {
        "ActiveState": "inactive", "Result": "success", "ExecMainStatus": "0"}
    debian.must("systemctl", "start", UNIT)

    # Removed: stopped. Purged: what the operator gave it by drop-in stays, nothing else.
    debian.must(*APT_GET, "remove", "bullmq-exporter")
    assert page(port) == ""
    debian.must(*APT_GET, "purge", "bullmq-exporter")
    left = debian.must("find", "/", "-xdev", "-path", "*bullmq*", "-not", "-type", "d").splitlines()
    assert set(left) == {"/root/bullmq.deb", f"/etc/systemd/system/{UNIT}.d/secrets.conf"}
