"""The unit of systemd: what it lets the program do is little, and enough."""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from support import exporter as programs
from support.certificates import main as write_certificates
from support.redis_server import free_port
from support.watched_exporter import API_KEY, WatchedExporter, write_keys_file

PACKAGES = Path(os.environ["PACKAGES"])
UNIT = PACKAGES / "packaging/debian/bullmq_exporter.service"
NAME = "bullmq_exporter.service"


def analyze(*words):
    return subprocess.run(["systemd-analyze", *map(str, words)], capture_output=True, text=True,
                          env={**os.environ, "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"})


def settings(name):
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.MULTILINE)


@pytest.fixture
def unit(tmp_path):
    """Writes the unit, changed, where the program of this build is started."""

    def write(change=lambda text: text):
        text = UNIT.read_text()
        assert "ExecStart=/usr/bin/bullmq_exporter " in text
        path = tmp_path / NAME
        path.write_text(change(text.replace("/usr/bin/bullmq_exporter", str(PACKAGES / "bullmq_exporter"))))
        return path

    return write


def test_systemd_understands_it(unit):
    done = analyze("verify", "--man=no", unit())
    assert (done.returncode, done.stderr) == (0, "")


def test_a_mistake_would_be_seen(unit):
    assert "Umsk" in analyze("verify", "--man=no", unit(lambda t: t.replace("UMask", "Umsk"))).stderr


def exposure(done):
    return float(re.search(r"Overall exposure level for \S+: (\d+\.\d+)", done.stdout).group(1))


def test_its_exposure_is_small(unit):
    done = analyze("security", "--offline=true", "--threshold=20", unit())
    assert done.returncode == 0 and exposure(done) <= 2.0, done.stdout
    print(f"exposure {exposure(done)}")


def test_the_threshold_can_be_missed(unit):
    bare = unit(lambda text: re.sub(r"^(CapabilityBoundingSet|SystemCallFilter|Protect\w+)=.*\n", "", text, flags=re.MULTILINE))
    assert analyze("security", "--offline=true", "--threshold=20", bare).returncode != 0


def examples():
    """The commented examples: [the drop-in, the keys of exporter.yaml]."""
    blocks, block = [], []
    for line in UNIT.read_text().splitlines() + [""]:
        if line.startswith("#   "):
            block.append(line[4:])
        elif block:
            blocks.append("\n".join(block) + "\n")
            block = []
    return blocks


def test_the_examples_of_credentials_hold(unit, tmp_path):
    drop_in, yaml = examples()
    path = unit()
    folder = tmp_path / f"{NAME}.d"
    folder.mkdir()
    (folder / "credentials.conf").write_text(drop_in)
    done = analyze("verify", "--man=no", path)
    assert (done.returncode, done.stderr) == (0, "")

    docs = (Path(__file__).resolve().parents[2] / "docs/install.md").read_text()
    assert f"```ini\n{drop_in}```" in docs
    handed_over = re.findall(r"^LoadCredential=([^:]+):/", drop_in, re.MULTILINE)
    assert len(handed_over) == 2
    (documented,) = re.findall(r"^```yaml\n(.*?)^```", docs, re.MULTILINE | re.DOTALL)
    for text in (yaml.replace("addr: ...", "addr: redis://localhost"), documented):
        config = tmp_path / "exporter.yaml"
        config.write_text(text)
        done = programs.run("check-config", config)
        assert done.returncode == 0, done.stdout + done.stderr
        assert set(re.findall(rf"/run/credentials/{NAME}/([a-z.-]+)", text)) == set(handed_over)


def calls_of(group):
    """The system calls of a group of systemd's, with those of the groups in it."""
    done = analyze("syscall-filter", group)
    assert done.returncode == 0, done.stderr
    words = [line.strip() for line in done.stdout.splitlines()[1:]]
    found = {word for word in words if re.fullmatch(r"\w+", word)}
    return found.union(*(calls_of(word) for word in words if word.startswith("@")))


def allowed_calls():
    allowed = set()
    for line in settings("SystemCallFilter"):
        calls = set().union(*map(calls_of, line.removeprefix("~").split()))
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    return allowed


@pytest.fixture
def traced(tmp_path, monkeypatch):
    """The program under strace; returns the file of the trace."""
    trace = tmp_path / "trace"
    script = tmp_path / "traced"
    # -D: strace is the child, so that signals go to the program.
    script.write_text(f'#!/bin/sh\nexec strace -D -f -qq -o {trace} {programs.PROGRAM} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setattr(programs, "PROGRAM", str(script))
    return trace


def test_it_needs_no_other_system_calls_and_sockets(traced, start_redis, tmp_path):
    write_certificates(tmp_path)
    tls_port = free_port()
    redis = start_redis("--requirepass", "sesame", "--unixsocket", tmp_path / "redis.sock", "--tls-port", tls_port,
                        "--tls-cert-file", tmp_path / "good.crt", "--tls-key-file", tmp_path / "good.key",
                        "--tls-ca-cert-file", tmp_path / "ca.crt", "--tls-auth-clients", "no")
    redis.client(password="sesame").hset("bull:mail:meta", mapping={"version": "bullmq:5.0.0"})
    (tmp_path / "password").write_text("sesame\n")
    rest = f"password_file: {tmp_path}/password"
    config = tmp_path / "exporter.yaml"
    config.write_text(f"""
redis:
  - {{name: tcp, addr: "redis://localhost:{redis.port}", {rest}}}
  - {{name: unix, addr: "unix://{tmp_path}/redis.sock", {rest}}}
  - {{name: tls, addr: "rediss://localhost:{tls_port}", {rest}, tls: {{ca_file: {tmp_path}/ca.crt}}}}
poll: {{interval: 100ms, slow_interval: 100ms}}
api: {{keys_file: {write_keys_file(tmp_path)}}}
""")
    with WatchedExporter(f"--config.file={config}", timeout=60) as exporter:
        for name in ("tcp", "unix", "tls"):
            exporter.wait_for("bullmq_queue_up", 1, redis=name)
        assert exporter.get("/metrics", headers={"Accept-Encoding": "gzip"})[0] == 200
        assert exporter.get_api("/v1/jobs/queues/mail?redis=tls")[0] == 200
        assert exporter.get_api("/v1/jobs/queues", {"X-API-KEY": API_KEY[:-1]})[0] == 401
        os.utime(tmp_path / "keys.yaml")
        assert exporter.get_api("/v1/jobs/queues")[0] == 200
        exporter.send(signal.SIGHUP)
        redis.kill()
        exporter.wait_for("bullmq_up", 0, redis="tcp")
        assert redis.start()
        redis.client(password="sesame").hset("bull:mail:meta", mapping={"version": "bullmq:5.0.0"})
        exporter.wait_for("bullmq_up", 1, redis="tcp")
        assert exporter.stop() == 0

    lines = traced.read_text().splitlines()
    calls = {match.group(1) for line in lines if (match := re.match(r"\d+ +(\w+)\(", line))}
    assert {"execve", "socket", "accept4", "sendto"} <= calls
    assert calls - allowed_calls() == set()
    assert {"mount", "ptrace", "setuid", "setpriority"} & allowed_calls() == set()

    families = {match.group(1) for line in lines if (match := re.match(r"\d+ +socket(?:pair)?\((AF_\w+)", line))}
    assert {"AF_INET", "AF_UNIX"} <= families
    # The resolver asks for the machine's addresses, and takes all for reachable where it may not.
    (known,) = settings("RestrictAddressFamilies")
    assert families - set(known.split()) <= {"AF_NETLINK"}


def test_a_mistake_in_the_configuration_does_not_start_it_again_and_again():
    assert settings("RestartPreventExitStatus") == ["2"]
    assert programs.run("--poll.interval=5").returncode == 2
