"""The image, built as everybody builds it, over a minimal Debian in place of the one from a registry; then its file system runs."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path

import pytest

from support.debian_root import enter
from support.redis_server import free_port
from support.watched_exporter import wait_until

ROOT = Path(__file__).resolve().parents[2]
SUITE = os.environ["IMAGE_SUITE"]
BASE = f"debian:{SUITE}-slim"
LIMIT = 20_000_000  # bytes above the base

pytestmark = pytest.mark.timeout(3600)


class Buildah:
    """buildah with a store of its own."""

    def __init__(self):
        assert os.geteuid() == 0, "the image is built as root"
        self.folder = Path(tempfile.mkdtemp(prefix="bullmq_exporter_store_"))

    def __call__(self, *words, **options):
        done = subprocess.run(
            ["buildah", "--storage-driver", "vfs", "--root", self.folder / "root", "--runroot", self.folder / "run",
             *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
        assert done.returncode == 0, f"buildah {words}: {done.stdout[-5000:]}"
        return done.stdout.strip()

    def mount(self, image):
        """The folder of a container of the image, which it pulls from nowhere."""
        container = self("from", "--pull-never", image).splitlines()[-1]
        return Path(self("mount", container).splitlines()[-1])

    def close(self):
        subprocess.run(["buildah", "--storage-driver", "vfs", "--root", self.folder / "root", "--runroot",
                        self.folder / "run", "umount", "--all"], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def buildah():
    buildah = Buildah()
    try:
        container = buildah("from", "scratch")
        buildah("add", container, Path(os.environ["TEST_ROOTS"]) / f"debian-{SUITE}-slim.tar", "/")
        buildah("commit", "--format", "docker", container, BASE)
        # Newer versions want a million open files and processes unless told otherwise, which not everybody may have.
        buildah("bud", "--isolation", "chroot", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096", "--pull-never",
                "--format", "docker", "--build-arg", "REVISION=of-the-test", "--tag", "bullmq_exporter", ROOT)
        yield buildah
    finally:
        buildah.close()


@pytest.fixture(scope="module")
def config(buildah):
    return json.loads(buildah("inspect", "--type", "image", "bullmq_exporter"))["Docker"]["config"]


@pytest.fixture(scope="module")
def root(buildah):
    return buildah.mount("bullmq_exporter")


def size(folder):
    words = ["du", "--summarize", "--apparent-size", "--block-size=1", str(folder)]
    return int(subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()[0])


def test_it_is_built_on_the_release_that_is_tested():
    assert set(re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)) == {BASE}


def test_it_is_nobody_and_knows_its_health(config):
    user, group = config["User"].split(":")
    assert int(user) > 1000 and int(group) > 1000
    assert config["Entrypoint"] == ["/usr/bin/bullmq_exporter"] and not config.get("Cmd")
    assert config["Healthcheck"]["Test"] == ["CMD", "/usr/bin/bullmq_exporter", "healthcheck"]
    assert set(config["ExposedPorts"]) == {"9538/tcp", "9539/tcp"}


def test_it_is_small(buildah, root):
    above = size(root) - size(buildah.mount(BASE))
    print(f"{above / 1e6:.1f} MB above {BASE}")
    assert 0 < above <= LIMIT


def run(root, *words):
    return subprocess.run(enter(root, words), stdin=subprocess.DEVNULL, capture_output=True, text=True)


def test_it_has_what_running_needs_and_nothing_of_building(root):
    linked = run(root, "ldd", "/usr/bin/bullmq_exporter").stdout
    assert "libssl" in linked and "not found" not in linked
    assert (root / "etc/ssl/certs/ca-certificates.crt").stat().st_size > 0
    packages = run(root, "dpkg-query", "--show", "--showformat", "${Package}\n").stdout.split()
    assert "bullmq-exporter" in packages
    assert [name for name in packages if name.endswith("-dev") or name in ("g++", "cmake", "git", "dpkg-dev", "python3")] == []
    assert list((root / "var/lib/apt/lists").iterdir()) == []
    for folder in ("src", "package", "root/.cache", "root/.ccache"):
        assert not (root / folder).exists()
    writable = run(root, "find", "/", "-xdev", "-user", "65532").stdout
    assert writable == ""


def test_the_revision_is_in_it(root):
    assert "revision: of-the-test" in run(root, "bullmq_exporter", "--version").stdout


def test_it_runs(root, config, redis, running):
    redis.client().hset("bull:mail:meta", mapping={"version": "bullmq:5.0.0"})
    redis.client().rpush("bull:mail:wait", "1", "2")
    user, group = config["User"].split(":")
    address = f"127.0.0.1:{free_port()}"
    settings = ["env", f"BULLMQ_EXPORTER_REDIS_ADDR={redis.url}", f"BULLMQ_EXPORTER_WEB_LISTEN_ADDRESS={address}"]

    def as_container(words):
        return enter(root, ["setpriv", "--reuid", user, "--regid", group, "--clear-groups", "--no-new-privs",
                            "--bounding-set", "-all", *settings, *words])

    def health():
        return subprocess.run(as_container(config["Healthcheck"]["Test"][1:]), capture_output=True).returncode

    assert health() == 1
    process = subprocess.Popen(as_container(config["Entrypoint"]), stdin=subprocess.DEVNULL)

    def stop():
        if process.poll() is None:
            process.kill()
        process.wait()

    running.callback(stop)
    wait_until(lambda: health() == 0, "the container is healthy")

    def metrics():
        return urllib.request.urlopen(f"http://{address}/metrics", timeout=10).read().decode()

    wait_until(lambda: 'bullmq_up{redis="default"} 1' in metrics(), "Redis is read")
    assert re.search(r'^bullmq_queue_jobs\{.*queue="mail",state="waiting"\} 2$', metrics(), re.MULTILINE)
    assert re.search(r"^process_resident_memory_bytes [1-9]", metrics(), re.MULTILINE)
    stop()
    wait_until(lambda: health() == 1, "the container is not healthy any more")
