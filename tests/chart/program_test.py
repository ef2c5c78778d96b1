"""The real program takes what the chart hands to it."""

import json
import re

import jsonschema
import pytest
import yaml

from chart.helm import CHART, MINIMAL, ROOT, nested, the
from support.exporter import run


def pod_spec(objects):
    return the(objects, "Deployment")["spec"]["template"]["spec"]


def container(objects):
    (container,) = pod_spec(objects)["containers"]
    return container


def config_text(objects):
    (text,) = [o["data"]["exporter.yaml"] for o in objects if o["kind"] == "ConfigMap" and "exporter.yaml" in o.get("data", {})]
    return text


def test_the_configuration_is_valid(case, render, tmp_path):
    objects = list(yaml.safe_load_all(render(case).stdout))
    file = tmp_path / "exporter.yaml"
    file.write_text(config_text(objects))
    done = run("check-config", file)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_wrong_in_it_is_found(tmp_path):
    file = tmp_path / "exporter.yaml"
    file.write_text("redis: [{addr: redis://r}, {addr: redis://r}]\n")
    assert run("check-config", file).returncode == 1


EXAMPLES = re.findall(r"```yaml\n(.*?)```", (CHART / "README.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_of_the_readme_is_valid(helm, tmp_path, number):
    """On top of the smallest values, as if one had written it below them."""
    values = yaml.safe_load(EXAMPLES[number])
    needs_address = "extraEnv" not in values and "redis" not in values.get("config", {})
    smallest = {"image": {"repository": "r"}, **({"redis": {"addr": "redis://r"}} if needs_address else {})}
    file = tmp_path / "exporter.yaml"
    file.write_text(config_text(helm.objects(smallest, values)))
    done = run("check-config", file)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_readme_has_examples():
    assert len(EXAMPLES) >= 4


# What both take is left alone, what neither takes is -, of the keys with limits.
LIMITS = {
    "poll.interval": ["10ms", "100ms", "5s", "1m30s", "1h", "7d", "1w", "1s5ms", "-", "0s", "9ms", "1s1m", "00s", "5", ""],
    "failures.window": ["1000ms", "1s", "5m", "-", "999ms", "0s", "500ms"],
    "discovery.max_queues": [1, 1000000, "-", 0, 1000001],
    "failures.classes_per_queue": [1, 100, "-", 0, 101],
    "metrics.names_per_queue": [1, 1000, "-", 0, 1001],
    "web.max_connections": [1, 65535, "-", 0, 65536],
    "api.max_connections_per_address": [1, 65535, "-", 0, 65536],
    "api.max_page_size": [1, 10000, "-", 0, 10001],
    "api.max_field_bytes": [1, 536870912, "512MiB", "1MiB", "512KiB", "64B", "1048576", "-", 0, 536870913, "513MiB", "1GiB", "1MB"],
    "api.max_response_bytes": [1, 1073741824, "1GiB", "1024MiB", "-", 0, 1073741825, "1025MiB", "2GiB"],
    "web.listen_address": [":1", ":65535", "[::]:9538", "-", ":65536", ":70000", "9538"],
    "log.level": ["debug", "-", "trace"],
    "metrics.compatibility": [["bullmq"], [], "-", ["other"]],
}


@pytest.mark.parametrize("key", LIMITS)
def test_schema_and_program_have_the_same_limits(tmp_path, key):
    schema = json.loads((CHART / "values.schema.json").read_text())
    validator = jsonschema.Draft7Validator({**schema["properties"]["config"], "definitions": schema["definitions"]})
    split = LIMITS[key].index("-")
    for place, value in enumerate(LIMITS[key]):
        if place == split:
            continue
        config = nested(key.split("."), value)
        file = tmp_path / "exporter.yaml"
        file.write_text(yaml.safe_dump(config))
        verdicts = (validator.is_valid(config), run("check-config", file).returncode == 0)
        assert verdicts == (place < split, place < split), value


def mounted_paths(objects):
    """The files that the Secrets' volumes make in the container."""
    mounts = {mount["name"]: mount["mountPath"] for mount in container(objects)["volumeMounts"]}
    for volume in pod_spec(objects)["volumes"]:
        for item in volume.get("secret", {}).get("items", ()):
            assert mounts[volume["name"]]
            yield f"{mounts[volume['name']]}/{item['path']}"


def test_files_of_the_configuration_are_those_that_are_mounted(helm):
    objects = helm.objects(MINIMAL.parent / "secrets.yaml")
    named = set(re.findall(r"/run/secrets\S+", config_text(objects)))
    assert named == set(mounted_paths(objects)) and len(named) == 7
    (flag,) = container(objects)["args"]
    config_mount = container(objects)["volumeMounts"][0]["mountPath"]
    assert flag == f"--config.file={config_mount}/exporter.yaml"


def test_secrets_are_needed_folders(helm):
    """A missing one must keep the pod from starting; what changes in a folder arrives, in a `subPath` it would not."""
    objects = helm.objects(MINIMAL.parent / "secrets.yaml")
    secrets = [volume["secret"] for volume in pod_spec(objects)["volumes"] if "secret" in volume]
    assert len(secrets) == 3 and not any("optional" in secret for secret in secrets)
    assert not any("subPath" in mount for mount in container(objects)["volumeMounts"])
    assert pod_spec(objects)["securityContext"]["fsGroup"] and {secret["defaultMode"] for secret in secrets} == {0o440}


@pytest.fixture
def started(start_exporter, helm, tmp_path):
    """The program with the configuration that the chart renders, its files below tmp_path in place of the container's root."""

    def start(values, files):
        objects = helm.objects(MINIMAL, values)
        for path, content in files.items():
            inside = tmp_path / path.lstrip("/")
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.write_text(content)
        text = config_text(objects).replace("/run/secrets", f"{tmp_path}/run/secrets")
        file = tmp_path / "exporter.yaml"
        file.write_text(text)
        return objects, start_exporter("--config.file", file)

    return start


def test_it_logs_in_as_the_secret_says(start_redis, started):
    redis = start_redis()
    admin = redis.client()
    admin.execute_command("ACL", "SETUSER", "reader", "on", ">sesame", "~*", "+@all")
    admin.execute_command("ACL", "SETUSER", "default", "off")
    folder = "/run/secrets/bullmq_exporter/redis-auth"
    values = {"redis": {"addr": f"redis://127.0.0.1:{redis.port}", "auth": {"existingSecret": "s", "usernameKey": "user"}}}
    _, exporter = started(values, {f"{folder}/username": "reader\n", f"{folder}/password": "sesame"})
    exporter.wait_for_metrics(lambda text: 'bullmq_up{redis="default"} 1' in text)


def test_probes_do_not_depend_on_redis(started, start_redis):
    """Not of one that refuses, nor of one that takes the connection and never answers."""
    redis = start_redis()
    redis.freeze()
    for port in (1, redis.port):
        objects, exporter = started({"redis": {"addr": f"redis://127.0.0.1:{port}"}, "config": {"poll": {"timeout": "200ms"}}}, {})
        exporter.wait_for_metrics(lambda text: 'bullmq_up{redis="default"} 0' in text)
        for probe in ("livenessProbe", "readinessProbe"):
            path = container(objects)[probe]["httpGet"]["path"]
            assert exporter.get(path)[0] == 200, (port, path)


def test_the_pod_of_helm_test_asks_what_is_served(helm, started):
    objects, exporter = started({"redis": {"addr": "redis://127.0.0.1:1"}}, {})
    (pod,) = [o for o in objects if o["kind"] == "Pod"]
    *words, url = pod["spec"]["containers"][0]["args"]
    service = the(objects, "Service")
    address = f"{service['metadata']['name']}.{service['metadata']['namespace']}:{service['spec']['ports'][0]['port']}"
    assert address in url
    exporter.wait_for_metrics(lambda text: "bullmq_up{" in text)
    assert run(*words, url.replace(address, exporter.telemetry)).returncode == 0
    assert run(*words, url.replace(address, exporter.telemetry).replace("ready", "absent")).returncode == 1
    selector = service["spec"]["selector"]
    assert not selector.items() <= pod["metadata"]["labels"].items(), "the Service would lead to the test"
    assert selector.items() <= the(objects, "Deployment")["spec"]["template"]["metadata"]["labels"].items()


def test_the_image_runs_the_program_for_the_same_user(helm):
    """The chart gives arguments alone, and the user's number explicitly: what the Dockerfile says must fit."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    context = pod_spec(helm.objects(MINIMAL))["securityContext"]
    assert f"USER {context['runAsUser']}:{context['runAsGroup']}" in dockerfile
    assert re.search(r'^ENTRYPOINT \["[^"]*bullmq_exporter"\]$', dockerfile, re.MULTILINE)
