"""Debian's package in a minimal Debian where no systemd runs: installed, upgraded, removed, purged."""

import os
import re
from pathlib import Path

import pytest
import yaml

from support.debian_root import APT_GET, SUITE, DebianRoot

DEB = next(Path(os.environ["PACKAGES"]).glob("*.deb"))
CONFIG = "/etc/bullmq_exporter/exporter.yaml"
UNIT = "bullmq_exporter.service"
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


def test_its_life(root):
    """One test, since each step stands on the one before."""
    before = root.files()

    # Installed.
    root.must(*APT_GET, "install", "/tmp/bullmq.deb")
    assert root.must("bullmq_exporter", "--version").startswith("bullmq_exporter, version")
    root.must("bullmq_exporter", "check-config", CONFIG)
    root.must("test", "-f", "/usr/share/man/man1/bullmq_exporter.1.gz")
    enabled = f"/etc/systemd/system/multi-user.target.wants/{UNIT}"
    assert enabled not in root.files(), "enabled without having been asked"
    assert not root.must("find", "/run", "/var/lib/systemd", "-name", "*bullmq*-enabled")
    config = yaml.safe_load(root.path(CONFIG).read_text())
    config["web"]["listen_address"] = "127.0.0.1:9538"
    root.write(CONFIG, yaml.safe_dump(config))

    # Upgraded: what the operator has written and switched on stays.
    root.must("mkdir", "-p", os.path.dirname(enabled))
    root.must("ln", "-s", f"/usr/lib/systemd/system/{UNIT}", enabled)  # as `systemctl enable` does
    assert enabled in root.files()
    root.must(*APT_GET, "install", "--reinstall", "/tmp/bullmq.deb")
    assert yaml.safe_load(root.path(CONFIG).read_text()) == config
    assert enabled in root.files()

    # Removed: the program goes, the configuration stays.
    root.write("/etc/bullmq_exporter/redis-password", "sesame\n")
    root.must(*APT_GET, "remove", "bullmq-exporter")
    files = root.files()
    assert "/usr/bin/bullmq_exporter" not in files and CONFIG in files
    assert f"/usr/lib/systemd/system/{UNIT}" not in files

    # Purged.
    root.must(*APT_GET, "purge", "bullmq-exporter")
    named = [path for path in root.files() if "bullmq" in path]
    assert named == ["/tmp/bullmq.deb"]
    assert root.run("dpkg-query", "--show", "bullmq-exporter").returncode == 1
    root.must(*APT_GET, "autoremove")
    left = {path for path in root.files() - before if not RECORDS.match(path)}
    print(f"left after the purge: {sorted(left)}")
    assert left == set()
