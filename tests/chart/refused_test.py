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
    ({"podAnnotations": {"prometheus.io/scrape": True}}, ["/podAnnotations/prometheus.io~1scrape'", "got boolean, want null or string"]),
    ({"extraEnv": {"A": "b"}}, ["/extraEnv'", "got object, want array"]),
    ({"extraEnv": [{"name": "A", "value": 1}]}, ["/extraEnv/0/value'", "got number, want string"]),
    ({"prometheusRule": {"disabled": ["BullmqRedisDown"]}}, ["/prometheusRule/disabled'", "got array, want object"]),
    ({"global": {"imageRegistry": 5}}, ["/global/imageRegistry'", "got number, want string"]),
    ({"enabled": "true"}, ["/enabled'", "got string, want boolean"]),
    # Values that there are not.
    ({"replicaCount": 2}, ["/replicaCount'", "maximum: got 2, want 1"]),
    ({"image": {"pullPolicy": "always"}}, ["/image/pullPolicy'", "'Always', 'IfNotPresent', 'Never'"]),
    ({"image": {"digest": "sha256:abc"}}, ["/image/digest'", "does not match pattern"]),
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
    ({"redis": {"addr": "redis-master:6379"}}, ["redis.addr is no address such as redis://HOST:PORT"]),
    ({"redis": {"addr": "{{ .Release.Name }}:6379"}}, ["redis.addr is no address such as redis://HOST:PORT"]),
    ({"redis": {"addr": ""}, "config": {"redis": [{"addr": "r"}]}}, ["config.redis[0].addr is no address such as redis://HOST:PORT"]),
    ({"config": {"redis": [{"addr": "redis://a"}]}}, ["redis.addr and config.redis are both set"]),
    ({"redis": {"addr": "", "name": "main"}, "config": {"redis": [{"addr": "redis://a"}]}}, ["redis.name is set, but redis.addr is empty"]),
    ({"redis": {"addr": "", "auth": {"existingSecret": "s"}}, "extraEnvFrom": [{"secretRef": {"name": "s"}}]}, ["redis.auth.existingSecret is set, but redis.addr is empty"]),
    ({"redis": {"auth": {"usernameKey": "user"}}}, ["redis.auth.usernameKey is set, but redis.auth.existingSecret is empty"]),
    ({"redis": {"auth": {"existingSecret": "s", "username": "u", "usernameKey": "user"}}}, ["redis.auth.username and redis.auth.usernameKey are both set"]),
    ({"redis": {"auth": {"existingSecret": "s", "passwordKey": ""}}}, ["redis.auth.usernameKey and redis.auth.passwordKey are empty"]),
    ({"redis": {"tls": {"existingSecret": "s"}}}, ["redis.tls is set", "set redis.tls.enabled"]),
    ({"redis": {"addr": "unix:///r.sock", "tls": {"enabled": True}}}, ["redis.tls is set, but redis.addr is not reached by TLS"]),
    ({"redis": {"tls": {"enabled": True, "existingSecret": "s", "certKey": "tls.crt"}}}, ["redis.tls.certKey and redis.tls.keyKey go together"]),
    ({"redis": {"tls": {"enabled": True, "certKey": "tls.crt", "keyKey": "tls.key"}}}, ["redis.tls.existingSecret, which is empty"]),
    ({"redis": {"tls": {"enabled": True, "existingSecret": "s", "caKey": ""}}}, ["redis.tls.caKey, redis.tls.certKey and redis.tls.keyKey are empty"]),
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
    ({"prometheusRule": {"enabled": True, "thresholds": {"redis_down_for": "5 minutes"}}}, ["redis_down_for: 5 minutes is no duration such as its default, 1m"]),
    ({"prometheusRule": {"enabled": True, "thresholds": {"wait_window": "1s1m"}}}, ["wait_window: 1s1m is no duration"]),
    ({"prometheusRule": {"enabled": True, "thresholds": {"paused_margin": ""}}}, ["paused_margin:  is no duration"]),
    ({"prometheusRule": {"enabled": True, "thresholds": {"install_labels": "job) #"}}}, ["install_labels: job) # is no list of labels"]),
    ({"prometheusRule": {"enabled": True, "thresholds": {"active_long_queues": "a`b"}}}, ["active_long_queues: a`b is no regular expression without `"]),
    ({"prometheusRule": {"enabled": True, "disabled": {"BullmqNothing": True}}}, ["prometheusRule.disabled.BullmqNothing: there is no such alert; there are Bullmq"]),
    # Passwords, in every form that the exporter takes.
    ({"redis": {"addr": "redis://:sesame@r:6379"}}, ["redis.addr holds a password", "Secret"]),
    ({"redis": {"addr": "redis://:ses/ame@r:6379/sesame"}}, ["redis.addr holds a password"]),
    ({"redis": {"addr": "redis://us@er:sesame@r"}}, ["redis.addr holds a password"]),
    ({"redis": {"addr": "redis://u:ses{{ `ame` }}@r", "tls": {"existingSecret": "s"}}}, ["redis.addr holds a password"]),
    ({"redis": {"addr": "unix://:sesame@/run/r.sock"}}, ["redis.addr holds a password"]),
    ({"redis": {"addr": "unix://u:sesame@/run/r.sock", "tls": {"enabled": True}}}, ["redis.addr holds a password"]),
    ({"redis": {"addr": "u:sesame@r"}}, ["redis.addr is no address"]),
    ({"redis": {"addr": ""}, "config": {"redis": [{"addr": "redis://a"}, {"name": "b", "addr": "redis://u:sesame@r"}]}}, ["config.redis[1].addr holds a password"]),
    ({"redis": {"addr": ""}, "config": {"redis": [{"addr": "{{ print `REDIS` }}://u:sesame@r"}]}}, ["config.redis[0].addr holds a password"]),
    ({"redis": {"addr": ""}, "extraArgs": ["--redis.addr=redis://:sesame@r"]}, ["extraArgs[0] holds a password"]),
    ({"redis": {"addr": ""}, "extraArgs": ["--redis.addr", "Unix://:sesame@/r.sock"]}, ["extraArgs[1] holds a password"]),
    ({"redis": {"addr": ""}, "extraEnv": [{"name": "BULLMQ_EXPORTER_REDIS_ADDR", "value": "redis://:sesame@r"}]}, ["extraEnv: the value of BULLMQ_EXPORTER_REDIS_ADDR holds a password"]),
    # Flags and variables that the rest of the chart has to know of, or that contradict it.
    ({"extraArgs": ["--config.file=/x"]}, ["extraArgs: --config.file: set config instead"]),
    ({"extraArgs": ["--web.listen-address", ":8080"]}, ["extraArgs: --web.listen-address: set config.web.listen_address instead"]),
    ({"extraArgs": ["--api.listen-address=:8080"]}, ["extraArgs: --api.listen-address: set config.api.listen_address instead"]),
    ({"extraArgs": ["--api.keys-file=/k"]}, ["extraArgs: --api.keys-file: set config.api.keys_file instead"]),
    ({"extraArgs": ["--api.jwt-secret-file=/k"]}, ["extraArgs: --api.jwt-secret-file: set config.api.jwt_secret_file instead"]),
    ({"extraEnv": [{"name": "BULLMQ_EXPORTER_WEB_LISTEN_ADDRESS", "value": ":8080"}]}, ["extraEnv: BULLMQ_EXPORTER_WEB_LISTEN_ADDRESS: set config.web.listen_address"]),
    ({"extraEnv": [{"name": "BULLMQ_EXPORTER_REDIS_NAME", "value": "x"}]}, ["extraEnv: BULLMQ_EXPORTER_REDIS_NAME: what is read is said in redis.addr"]),
    ({"redis": {"addr": ""}, "config": {"redis": [{"addr": "redis://r"}]}, "extraArgs": ["--queues=a"]}, ["extraArgs: --queues: what is read is said in config.redis"]),
    ({"extraArgs": ["--no-discovery"]}, ["extraArgs: --no-discovery: what is read is said in redis.addr"]),
    # What would have no effect.
    *(
        ({"redis": {"addr": "", **change}, "config": {"redis": [{"addr": "redis://a"}]}}, [f"{key} is set, but redis.addr is empty"])
        for key, change in {
            "redis.auth.passwordKey": {"auth": {"passwordKey": "other"}},
            "redis.auth.usernameKey": {"auth": {"usernameKey": "user"}},
            "redis.tls.caKey": {"tls": {"caKey": "ca"}},
            "redis.tls.certKey": {"tls": {"certKey": "tls.crt"}},
            "redis.tls.keyKey": {"tls": {"keyKey": "tls.key"}},
            "redis.tls.serverName": {"tls": {"serverName": "r"}},
            "redis.tls.insecureSkipVerify": {"tls": {"insecureSkipVerify": True}},
        }.items()
    ),
    ({"api": {"enabled": True, "jwtSecretKey": "jwt"}, "config": {"api": {"keys_file": "/k"}}}, ["api.jwtSecretKey is set, but api.existingSecret is empty"]),
    ({"api": {"keysKey": "other"}}, ["api.keysKey is set, but api.existingSecret is empty"]),
    # What the exporter or Kubernetes would refuse later.
    ({"redis": {"addr": ""}, "config": {"redis": []}, "extraEnv": [{"name": "REDIS_HOST", "value": "r"}]}, ["/config/redis'", "minItems: got 0, want 1"]),
    ({"redis": {"addr": ""}, "config": {"redis": [{"name": "a"}]}}, ["/config/redis/0'", "missing property 'addr'"]),
    ({"redis": {"addr": ""}, "config": {"redis": [{"addr": "redis://a"}, {"addr": "redis://b"}]}}, ["config.redis: each Redis needs a name of its own", "default, default"]),
    ({"config": {"web": {"listen_address": ":9539"}}, "api": {"enabled": True, "existingSecret": "s"}}, ["config.web.listen_address and config.api.listen_address have the same port"]),
    ({"service": {"port": 80, "apiPort": 80}, "api": {"enabled": True, "existingSecret": "s"}}, ["service.port and service.apiPort are the same"]),
    ({"service": {"nodePort": 30000}}, ["service.nodePort and service.apiNodePort need service.type NodePort or LoadBalancer"]),
    ({"service": {"type": "NodePort", "loadBalancerClass": "a/b"}}, ["service.loadBalancerClass and service.loadBalancerSourceRanges need"]),
    ({"dnsPolicy": "None"}, ["dnsPolicy is None, but dnsConfig is empty"]),
    ({"dnsPolicy": "ClusterFirstWithHostNet"}, ["/dnsPolicy'", "value must be one of"]),
    ({"livenessProbe": {"successThreshold": 2}}, ["/livenessProbe/successThreshold'", "maximum: got 2, want 1"]),
    ({"startupProbe": {"successThreshold": 2}}, ["/startupProbe/successThreshold'", "maximum: got 2, want 1"]),
    *(({"extraVolumes": [{"name": name, "emptyDir": {}}]}, [f"extraVolumes: a volume of the chart's own is called {name}"]) for name in ("config", "redis-auth", "redis-tls", "api")),
    ({"extraEnv": [{"name": "A", "vlaue": "b"}]}, ["/extraEnv/0'", "'vlaue' not allowed"]),
    ({"fullnameOverride": "Foo_Bar"}, ['"Foo_Bar" is no name of a Service']),
    ({"fullnameOverride": "12345"}, ['"12345" is no name of a Service']),
    ({"nameOverride": "a b"}, ['nameOverride: "a b"']),
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
    {"redis": {"addr": "rediss://us%3Aer@[2001:db8::7]:6379/1"}},
    {"redis": {"addr": "REDIS://r", "tls": {"enabled": True}}},
    {"redis": {"addr": ""}, "extraArgs": ["--redis.addr=redis://user@r:6379/0", "--redis.name=a", "--queues=b"]},
    {"redis": {"addr": ""}, "config": {"redis": [{"addr": "redis://a"}, {"name": "b", "addr": "redis://b"}]}},
    {"redis": {"tls": {"enabled": True, "existingSecret": "s"}}},
    {"extraEnv": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]},
    {"podAnnotations": {"a": None}},
    {"readinessProbe": {"successThreshold": 2}},
    {"config": {"poll": {"interval": "{{ .Values.global.interval }}"}}, "global": {"interval": "1m30s"}},
    {"config": {"web": {"listen_address": "[::]:1"}}},
    {"resources": {"limits": {"memory": "1Gi", "example/device": 1}}},
    {"prometheusRule": {"enabled": True, "thresholds": {"memory_ratio": "0.95", "new_reason_jobs": -5, "redis_down_for": "1h5m", "active_long_queues": "a|b"}, "disabled": {"BullmqRedisDown": False}}},
]


@pytest.mark.parametrize("change", TAKEN, ids=json.dumps)
def test_taken(helm, change):
    assert refusal(helm, change) == ""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="bullmq_exporter_helm_") as folder:
        print("| values | refused with |\n| --- | --- |")
        for change, _ in REFUSED:
            print(f"| `{json.dumps(change)}` | {refusal(Helm(folder), change).split(': ', 1)[-1]} |")
