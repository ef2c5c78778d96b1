"""docs/openapi.yaml against what the program really answers."""

import hashlib
import json
import pathlib

import jsonschema
import pytest
import yaml
from openapi_spec_validator import validate
from support.exporter import Exporter
from support.redis_server import RedisServer
from support.watched_exporter import API_KEY, write_keys_file

DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "openapi.yaml"
KEY = "a key for tests"
WEAK = "a key that grants nothing"


@pytest.fixture(scope="module")
def document():
    return yaml.safe_load(DOCUMENT.read_text())


def add_queue(redis, prefix, name):
    base = f"{prefix}:{name}:"
    redis.hset(base + "meta", mapping={"version": "bullmq:5.0.0"})
    common = {"name": "import", "timestamp": "1678886400000", "opts": "{}"}
    jobs = {
        "failed": {
            **common,
            "data": '{"ingestionSourceId":"x","n":1.50}',
            "failedReason": "Error: no",
            "stacktrace": '["at a", "at b"]',
            "processedOn": "1678886401000",
            "finishedOn": "1678886402000",
            "atm": "5",
        },
        "completed": {**common, "data": "{}", "returnvalue": '{"a":[1,2]}', "finishedOn": "1678886402000"},
        "delayed": {**common, "data": "no JSON"},
        "prioritized": {"name": "bare"},
        "waiting-children": {**common, "data": '"' + "x" * 2_000_000 + '"'},
    }
    for number, (state, fields) in enumerate(jobs.items(), 1):
        redis.hset(f"{base}{number}", mapping=fields)
        redis.zadd(base + state, {str(number): number})
    for number, key in enumerate(["wait", "active", "paused"], 10):
        redis.hset(f"{base}{number}", mapping=common)
        redis.lpush(base + key, str(number))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("openapi")
    keys = folder / "keys.yaml"

    def entry(name, key, permission):
        return {"name": name, "sha256": hashlib.sha256(key.encode()).hexdigest(), "permissions": [permission]}

    keys.write_text(yaml.safe_dump({"keys": [entry("good", KEY, "manage:all"), entry("weak", WEAK, "none")]}))
    with RedisServer() as server:
        redis = server.client()
        for prefix, name in [("bull", "ingestion"), ("bull", "a/b"), ("other", "ingestion")]:
            add_queue(redis, prefix, name)
        redis.set("bull:broken:wait", "text")
        redis.hset("bull:broken:meta", "version", "bullmq:5.0.0")
        flags = [f"--redis.addr={server.url}", f"--api.keys-file={keys}"]
        with Exporter(*flags) as one, Exporter(*flags, "--redis.prefix=bull,other") as two:
            for exporter in (one, two):
                exporter.wait_for_metrics(lambda text: "bullmq_queue_up{" in text)
            yield one, two, server


def check(document, path, method, answer):
    """The status is one that the document has, and the body is of its schema."""
    status, headers, body = answer
    responses = document["paths"][path]["get"]["responses"]
    assert str(status) in responses, (path, status, body)
    response = responses[str(status)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    for name in response.get("headers", {}):
        assert name in headers, (path, status, name)
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    schema = {**response["content"]["application/json"]["schema"], "components": document["components"]}
    if method != "HEAD":
        jsonschema.Draft202012Validator(schema).validate(json.loads(body))
    return status


def ask(document, exporter, template, path, key=KEY, method="GET", root="/v1"):
    headers = {"X-API-KEY": key} if key else {}
    answer = exporter.get(root + path, exporter.api, headers, method)
    return check(document, template, method, answer), answer[2]


def test_the_document_is_valid_and_served(document, world):
    validate(document)
    status, headers, body = world[0].get("/openapi.yaml", world[0].api)
    assert status == 200
    assert headers["Content-Type"] == "application/yaml; charset=utf-8"
    assert body.decode() == DOCUMENT.read_text()


LIST = "/jobs/queues"
QUEUE = "/jobs/queues/{queueName}"


def test_the_list_of_queues(document, world):
    one, two, _ = world
    for exporter in (one, two):
        for root in ("/v1", "/api/v1"):
            status, body = ask(document, exporter, LIST, "/jobs/queues", root=root)
            assert status == 200
            queues = json.loads(body)["queues"]
            broken = [queue for queue in queues if queue["name"] == "broken"]
            assert [queue["counts"] for queue in broken] == [None]
    assert {(queue["prefix"], queue["name"]) for queue in queues} == {
        ("bull", "a/b"), ("bull", "broken"), ("bull", "ingestion"), ("other", "ingestion")}
    assert ask(document, two, LIST, "/jobs/queues?prefix=none")[0] == 400
    assert ask(document, one, LIST, "/jobs/queues", key=None)[0] == 401
    assert ask(document, one, LIST, "/jobs/queues", key="wrong")[0] == 401
    assert ask(document, one, LIST, "/jobs/queues", key=WEAK)[0] == 403
    assert ask(document, one, LIST, "/jobs/queues", method="POST")[0] == 405
    assert ask(document, one, LIST, "/jobs/queues", method="HEAD") == (200, b"")


def test_a_queue_in_every_state(document, world):
    one, two, _ = world
    parameters = {p.get("name"): p for p in document["paths"][QUEUE]["get"]["parameters"]}
    for state in parameters["status"]["schema"]["enum"]:
        for order in parameters["order"]["schema"]["enum"]:
            status, body = ask(document, one, QUEUE, f"/jobs/queues/a%2Fb?status={state}&order={order}")
            assert status == 200
            answer = json.loads(body)
            assert len(answer["jobs"]) == 1, state
            if state == "delayed":
                assert answer["jobs"][0]["unparsed"] == ["data"]
            if state == "waiting-children":
                assert answer["jobs"][0]["truncated"] == {"data": 2_000_002}
    assert ask(document, two, QUEUE, "/jobs/queues/ingestion?prefix=other")[0] == 200
    assert ask(document, two, QUEUE, "/jobs/queues/ingestion")[0] == 409
    assert ask(document, one, QUEUE, "/jobs/queues/ingestion?limit=0")[0] == 400
    assert ask(document, one, QUEUE, "/jobs/queues/none")[0] == 404
    assert ask(document, one, QUEUE, "/jobs/queues/broken")[0] == 502
    assert ask(document, one, QUEUE, "/jobs/queues/none", key=None)[0] == 401
    assert ask(document, one, QUEUE, "/jobs/queues/none", key=WEAK)[0] == 403
    assert ask(document, one, QUEUE, "/jobs/queues/none", method="DELETE")[0] == 405


def test_where_redis_denies_every_queue(document, world, tmp_path):
    _, _, server = world
    server.client().execute_command("ACL", "SETUSER", "narrow", "on", ">pw", "~bull:*", "-@all", "+ping", "+scan", "+time")
    environment = {"BULLMQ_EXPORTER_REDIS_ADDR": f"redis://narrow:pw@127.0.0.1:{server.port}"}
    keys = write_keys_file(tmp_path)
    with Exporter("--queues=ingestion", f"--api.keys-file={keys}", environment=environment) as exporter:
        exporter.wait_for_metrics(lambda text: 'bullmq_up{redis="default"} 0' in text)
        assert ask(document, exporter, LIST, "/jobs/queues", key=API_KEY)[0] == 502
        assert ask(document, exporter, QUEUE, "/jobs/queues/ingestion", key=API_KEY)[0] == 502


def test_without_redis(document, world):
    one, _, server = world
    server.kill()
    try:
        assert ask(document, one, LIST, "/jobs/queues")[0] == 503
        assert ask(document, one, QUEUE, "/jobs/queues/ingestion")[0] == 503
    finally:
        assert server.start()
