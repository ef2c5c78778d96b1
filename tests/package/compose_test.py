"""compose.yaml, and the part for Open Archiver's own: compose takes them, and what they mount and set is right."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from support.watched_exporter import WatchedExporter

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
PACKAGES = Path(os.environ["PACKAGES"])
# What of Open Archiver's docker-compose.yml the part for it refers to.
OPEN_ARCHIVER = """
services:
  valkey:
    image: valkey/valkey:8-alpine
    command: valkey-server --requirepass ${REDIS_PASSWORD}
    networks: [open-archiver-net]
networks:
  open-archiver-net:
    driver: bridge
"""


def compose(*files, folder=ROOT, environment=None):
    """`docker-compose config`: the files through compose's own schema, put together."""
    words = ["docker-compose", *(word for file in files for word in ("-f", file)), "config"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"], "HOME": str(folder), **(environment or {})})


def test_compose_takes_it():
    done = compose("compose.yaml")
    assert done.returncode == 0, done.stderr
    assert set(yaml.safe_load(done.stdout)["services"]) == {"valkey", "workload", "exporter", "prometheus", "grafana"}


@pytest.mark.parametrize("bad", ["services: {a: {image: x, prots: []}}", "services: {a: {image: x, volumes: 3}}",
                                 "services: {a: {image: x, depends_on: [nobody]}}"])
def test_compose_would_refuse_a_mistake(tmp_path, bad):
    (tmp_path / "compose.yaml").write_text(bad)
    assert compose("compose.yaml", folder=tmp_path).returncode != 0


def mounts(service):
    """{path in the container: file of this project}."""
    return {(parts := volume.split(":"))[1]: ROOT / parts[0] for volume in COMPOSE[service].get("volumes", [])}


@pytest.mark.parametrize("service", COMPOSE)
def test_what_is_mounted_is_there(service):
    for source in mounts(service).values():
        assert source.is_file(), source
    build = COMPOSE[service].get("build")
    if build:
        folder = ROOT / build["context"]
        dockerfile = folder / build.get("dockerfile", "Dockerfile")
        assert dockerfile.is_file()
        for line in re.findall(r"^COPY (?!--)(.*) \S+$", dockerfile.read_text(), re.MULTILINE):
            assert all((folder / name).exists() for name in line.split())


@pytest.mark.parametrize("service", COMPOSE)
def test_nothing_is_open_to_other_machines(service):
    assert [port for port in COMPOSE[service].get("ports", []) if not port.startswith("127.0.0.1:")] == []


def test_every_dashboard_and_rule_is_mounted():
    mounted = set().union(*map(lambda service: mounts(service).values(), COMPOSE))
    for folder, kind in (("dashboards/grafana", "*.json"), ("dashboards/prometheus", "*.yaml")):
        files = set((ROOT / folder).glob(kind))
        assert files and files <= mounted


def test_prometheus_takes_its_configuration(tmp_path):
    config = mounts("prometheus")["/etc/prometheus/prometheus.yml"].read_text()
    rules = {path: source for path, source in mounts("prometheus").items() if path.startswith("/etc/prometheus/rules/")}
    assert len(rules) == 2
    for path, source in rules.items():
        (tmp_path / Path(path).name).write_text(source.read_text())
    assert "/etc/prometheus/rules/" in config
    (tmp_path / "prometheus.yml").write_text(config.replace("/etc/prometheus/rules/", f"{tmp_path}/"))
    promtool = Path(os.environ["BULLMQ_TEST_BIN"]) / "promtool"
    done = subprocess.run([promtool, "check", "config", tmp_path / "prometheus.yml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 rule files found" in done.stdout and done.stdout.count(" rules found") == 2, done.stdout
    (job,) = yaml.safe_load(config)["scrape_configs"]
    assert job["static_configs"] == [{"targets": ["exporter:9538"]}]


def test_grafana_finds_prometheus_and_the_dashboards():
    provisioning = {path.split("/")[4]: yaml.safe_load(source.read_text())
                    for path, source in mounts("grafana").items() if path.startswith("/etc/grafana/provisioning/")}
    (source,) = provisioning["datasources"]["datasources"]
    assert (source["type"], source["url"], source["isDefault"]) == ("prometheus", "http://prometheus:9090", True)
    interval = yaml.safe_load(mounts("prometheus")["/etc/prometheus/prometheus.yml"].read_text())["global"]["scrape_interval"]
    assert source["jsonData"]["timeInterval"] == interval
    (provider,) = provisioning["dashboards"]["providers"]
    folder = provider["options"]["path"]
    dashboards = {path: file for path, file in mounts("grafana").items() if path.startswith(folder + "/")}
    assert len(dashboards) == 4
    uids = [json.loads(file.read_text())["uid"] for file in dashboards.values()]
    assert len(set(uids)) == 4
    assert COMPOSE["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] in dashboards


def exporter_with(environment, server):
    """The program of the image with a service's environment, and the server in place of the service of Redis."""
    assert environment.get("REDIS_HOST", "redis://valkey:6379") in ("valkey", "redis://valkey:6379")
    changed = dict(environment)
    if "REDIS_HOST" in changed:
        changed |= {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(server.port)}
    else:
        changed["BULLMQ_EXPORTER_REDIS_ADDR"] = changed["BULLMQ_EXPORTER_REDIS_ADDR"].replace("valkey:6379", f"127.0.0.1:{server.port}")
    return WatchedExporter(environment=changed)


def test_the_exporter_starts_with_its_environment(redis):
    with exporter_with(COMPOSE["exporter"]["environment"], redis) as exporter:
        exporter.wait_for("bullmq_up", 1, redis="default")


@pytest.mark.parametrize("settings", [{"REDIS_PASSWORD": "sesame"},
                                      {"REDIS_PASSWORD": "sesame", "REDIS_USER": "default", "REDIS_HOST": "valkey",
                                       "REDIS_PORT": "6379", "REDIS_TLS_ENABLED": "false"}])
def test_the_part_for_open_archiver(tmp_path, start_redis, settings):
    (part,) = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs/open-archiver.md").read_text(), re.MULTILINE | re.DOTALL)
    (tmp_path / "docker-compose.yml").write_text('version: "3.8"\n' + OPEN_ARCHIVER)
    (tmp_path / "docker-compose.override.yml").write_text(part)
    done = compose("docker-compose.yml", "docker-compose.override.yml", folder=tmp_path, environment=settings)
    assert done.returncode == 0, done.stderr
    service = yaml.safe_load(done.stdout)["services"]["bullmq_exporter"]
    assert set(service["networks"]) == {"open-archiver-net"} and "env_file" not in service

    redis = start_redis("--requirepass", "sesame")
    redis.client(password="sesame").hset("bull:ingestion:meta", mapping={"version": "bullmq:5.0.0"})
    with exporter_with(service["environment"], redis) as exporter:
        exporter.wait_for("bullmq_queue_up", 1, queue="ingestion")
