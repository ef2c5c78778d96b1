"""Wrong values are refused, by the schema or by a template, with the key that is to be changed.

`python3 tests/chart/refused_test.py` prints the table with Helm's words."""

import copy
import json
import pathlib
import sys
import tempfile

import pytest
import yaml

if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from chart.helm import MINIMAL, Helm

# Beside or instead of what minimal.yaml says: what is set, and the words that the refusal has to have.
REFUSED = [
    # Keys that there are not.
    ({"replicas": 1}, ["additional properties 'replicas' not allowed"]),
    ({"redis": {"address": "redis://r"}}, ["/redis'", "'address' not allowed"]),
    ({"redis": {"password": "sesame"}}, ["/redis'", "'password' not allowed"]),
    ({"redis": {"auth": {"password": "sesame"}}}, ["/redis/auth'", "'password' not allowed"]),
    ({"livenessProbe": {"path": "/"}}, ["/livenessProbe'", "'path' not allowed"]),
    ({"serviceMonitor": {"additionalLabels": {}}}, ["/serviceMonitor'", "'additionalLabels' not allowed"]),
    ({"config": {"poll": {"intervall": "5s"}}}, ["/config/poll'", "'intervall' not allowed"]),
    ({"config": {"redis": [{"host": "r"}]}}, ["/config/redis/0'", "'host' not allowed"]),
    ({"ingress": {"hosts": [{"name": "h"}]}}, ["/ingress/hosts/0'", "'name' not allowed"]),
    # Wrong types.
    ({"replicaCount": "1"}, ["/replicaCount'", "got string, want integer"]),
    ({"image": {"tag": 1.2}}, ["/image/tag'", "got number, want string"]),
    ({"image": "bullmq_exporter"}, ["/image'", "got string, want object"]),
    ({"redis": {"prefixes": "bull"}}, ["/redis/prefixes'", "got string, want array"]),
    ({"redis": {"tls": {"enabled": "yes"}}}, ["/redis/tls/enabled'", "got string, want boolean"]),
    ({"config": {"poll": {"interval": 5}}}, ["/config/poll/interval'", "got number, want string"]),
    ({"podAnnotations": {"prometheus.io/scrape": True}}, ["/podAnnotations/prometheus.io~1scrape'", "got boolean, want string"]),
    ({"extraEnv": {"A": "b"}}, ["/extraEnv'", "got object, want array"]),
    ({"extraEnv": [{"name": "A", "value": 1}]}, ["/extraEnv/0/value'", "got number, want string"]),
    ({"prometheusRule": {"disabled": ["BullmqRedisDown"]}}, ["/prometheusRule/disabled'", "got array, want object"]),
    ({"global": {"imageRegistry": 5}}, ["/global/imageRegistry'", "got number, want string"]),
    ({"enabled": "true"}, ["/enabled'", "got string, want boolean"]),
    # Values that there are not.
    ({"replicaCount": 2}, ["/replicaCount'", "maximum: got 2, want 1"]),
    ({"image": {"pullPolicy": "always"}}, ["/image/pullPolicy'", "'Always', 'IfNotPresent', 'Never'"]),
    ({"image": {"digest": "sha256:abc"}}, ["/image/digest'", "does not match pattern"]),
    ({"redis": {"addr": "redis-master:6379"}}, ["/redis/addr'", "does not match pattern", "redis|rediss|unix"]),
    ({"redis": {"prefixes": []}}, ["/redis/prefixes'", "minItems: got 0, want 1"]),
    ({"redis": {"auth": {"passwordKey": "a/b"}}}, ["/redis/auth/passwordKey'", "does not match pattern"]),
    ({"config": {"poll": {"interval": "5 seconds"}}}, ["/config/poll/interval'", "does not match pattern"]),
    ({"config": {"log": {"level": "trace"}}}, ["/config/log/level'", "value must be one of 'debug', 'info', 'warn', 'error'"]),
    ({"config": {"web": {"listen_address": "127.0.0.1:9538"}}}, ["/config/web/listen_address'", "does not match pattern"]),
    ({"service": {"port": 70000}}, ["/service/port'", "maximum: got 70,000, want 65,535"]),
    ({"service": {"type": "ExternalName"}}, ["/service/type'", "value must be one of"]),
    ({"networkPolicy": {"redisPorts": ["redis"]}}, ["/networkPolicy/redisPorts/0'", "got string, want integer"]),
    ({"livenessProbe": {"periodSeconds": 0}}, ["/livenessProbe/periodSeconds'", "minimum: got 0, want 1"]),
    # What does not go together.
    ({"image": {"repository": ""}}, ["image.repository is empty", "no public image"]),
    ({"redis": {"addr": ""}}, ["redis.addr is empty", "redis.addr=redis://HOST:PORT"]),
    ({"redis": {"addr": "{{ .Release.Name }}:6379"}}, ["redis.addr", '"queues:6379" is no address']),
    ({"redis": {"addr": "redis://:sesame@r:6379"}}, ["redis.addr holds a password", "Secret"]),
    ({"redis": {"addr": "redis://:ses/ame@r:6379"}}, ["redis.addr holds a password"]),
    ({"redis": {"addr": ""}, "config": {"redis": [{"addr": "redis://a"}, {"addr": "redis://u:p@r"}]}}, ["config.redis[1].addr holds a password"]),
    ({"config": {"redis": [{"addr": "redis://a"}]}}, ["redis.addr and config.redis are both set"]),
    ({"redis": {"addr": "", "name": "main"}, "config": {"redis": [{"addr": "redis://a"}]}}, ["redis.name is set, but redis.addr is empty"]),
    ({"redis": {"addr": "", "auth": {"existingSecret": "s"}}, "extraEnvFrom": [{"secretRef": {"name": "s"}}]}, ["redis.auth.existingSecret is set, but redis.addr is empty"]),
    ({"redis": {"auth": {"usernameKey": "user"}}}, ["redis.auth.usernameKey is set, but redis.auth.existingSecret is empty"]),
    ({"redis": {"auth": {"existingSecret": "s", "username": "u", "usernameKey": "user"}}}, ["redis.auth.username and redis.auth.usernameKey are both set"]),
    ({"redis": {"auth": {"existingSecret": "s", "passwordKey": ""}}}, ["redis.auth.usernameKey and redis.auth.passwordKey are empty"]),
    ({"redis": {"tls": {"existingSecret": "s"}}}, ["redis.tls is set", "set redis.tls.enabled"]),
    ({"redis": {"addr": "unix:///r.sock", "tls": {"enabled": True}}}, ["redis.tls is set, but unix:///r.sock"]),
    ({"redis": {"tls": {"enabled": True, "existingSecret": "s", "certKey": "tls.crt"}}}, ["redis.tls.certKey and redis.tls.keyKey go together"]),
    ({"redis": {"tls": {"enabled": True, "certKey": "tls.crt", "keyKey": "tls.key"}}}, ["redis.tls.existingSecret, which is empty"]),
    ({"redis": {"tls": {"enabled": True, "existingSecret": "s", "caKey": ""}}}, ["redis.tls.caKey, redis.tls.certKey and redis.tls.keyKey are empty"]),
    ({"redis": {"name": "a{{ printf `%c` 10 }}b"}}, ["redis is no YAML after its template expressions were evaluated"]),
    ({"redis": {"addr": ""}, "config": {"redis": [{"name": "a{{ printf `%c` 10 }}b"}]}}, ["config is no YAML after its template expressions were evaluated"]),
    ({"api": {"enabled": True}}, ["api.enabled is true, but there are no credentials", "api.existingSecret"]),
    ({"api": {"enabled": True, "existingSecret": "s", "keysKey": ""}}, ["there are no credentials", "api.keysKey"]),
    ({"config": {"api": {"keys_file": "/k"}}}, ["config.api.keys_file", "set api.enabled"]),
    ({"config": {"api": {"keys_file": "/k"}}, "api": {"enabled": True, "existingSecret": "s"}}, ["config.api.keys_file and api.keysKey are both set"]),
    ({"ingress": {"enabled": True, "hosts": [{"host": "h"}]}}, ["ingress.enabled is true, but api.enabled is not"]),
    ({"ingress": {"enabled": True}, "api": {"enabled": True, "existingSecret": "s"}}, ["ingress.hosts is empty"]),
    ({"serviceMonitor": {"enabled": True}, "podMonitor": {"enabled": True}}, ["serviceMonitor.enabled and podMonitor.enabled"]),
    ({"redis": {"addr": ""}, "extraEnvFrom": [{"secretRef": {"name": "s"}}], "networkPolicy": {"enabled": True}}, ["networkPolicy.redisPorts is empty"]),
    ({"prometheusRule": {"enabled": True, "thresholds": {"backlog": 5}}}, ["prometheusRule.thresholds.backlog: there is no such threshold; there are "]),
    ({"prometheusRule": {"enabled": True, "thresholds": {"runbook_base_url": "x"}}}, ["prometheusRule.runbookBaseUrl"]),
    ({"prometheusRule": {"enabled": True, "thresholds": {"memory_ratio": "90%"}}}, ["prometheusRule.thresholds.memory_ratio: 90% is no number"]),
    ({"prometheusRule": {"enabled": True, "thresholds": {"redis_down_for": 5}}}, ["prometheusRule.thresholds.redis_down_for: 5 is no text such as its default, 1m"]),
    ({"prometheusRule": {"enabled": True, "disabled": {"BullmqNothing": True}}}, ["prometheusRule.disabled.BullmqNothing: there is no such alert; there are Bullmq"]),
]


def merged(base, change):
    result = copy.deepcopy(base)
    for key, value in change.items():
        result[key] = merged(result[key], value) if isinstance(value, dict) and isinstance(result.get(key), dict) else value
    return result


def refusal(helm, change):
    """What Helm says to the values, in one line; empty where it takes them."""
    done = helm.template(merged(yaml.safe_load(MINIMAL.read_text()), change), check=False)
    if done.returncode == 0:
        return ""
    lines = [line.strip() for line in done.stderr.splitlines() if "symbolic link" not in line and "--debug" not in line]
    return " ".join(line for line in lines if line)


@pytest.mark.parametrize(("change", "words"), REFUSED, ids=[json.dumps(change) for change, _ in REFUSED])
def test_refused(helm, change, words):
    said = refusal(helm, change)
    assert said, "it is taken"
    for word in words:
        assert word in said, said
    assert "sesame" not in said, "a password is repeated"


def test_an_older_kubernetes_is_refused(helm):
    done = helm.template(MINIMAL, kubernetes="1.28.9", check=False)
    assert done.returncode != 0 and "chart requires kubeVersion: >=1.29.0-0" in done.stderr


# What is close to a value of the table, and right.
TAKEN = [
    {},
    {"enabled": False},
    {"global": {"anything": {"of": ["others"]}}},
    {"replicaCount": 0},
    {"redis": {"addr": "redis://user@r:6379/1"}},
    {"redis": {"addr": "unix:///run/a:b@c.sock"}},
    {"redis": {"addr": ""}, "extraEnv": [{"name": "REDIS_HOST", "value": "r"}]},
    {"redis": {"tls": {"enabled": True, "existingSecret": "s"}}},
    {"config": {"poll": {"interval": "{{ .Values.global.interval }}"}}, "global": {"interval": "1m30s"}},
    {"config": {"web": {"listen_address": "[::]:1"}}},
    {"resources": {"limits": {"memory": "1Gi", "example/device": 1}}},
    {"prometheusRule": {"enabled": True, "thresholds": {"memory_ratio": 0.95, "redis_down_for": "5m"}, "disabled": {"BullmqRedisDown": False}}},
]


@pytest.mark.parametrize("change", TAKEN, ids=json.dumps)
def test_taken(helm, change):
    assert refusal(helm, change) == ""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="bullmq_exporter_helm_") as folder:
        print("| values | refused with |\n| --- | --- |")
        for change, _ in REFUSED:
            print(f"| `{json.dumps(change)}` | {refusal(Helm(folder), change).split(': ', 1)[-1]} |")
