"""Flags, environment, file, exit codes and sub-commands of the real program."""

import json
import re
import signal
import subprocess
import time

import pytest
import yaml

from support.exporter import PROGRAM, Exporter, clean_environment, run
from support.redis_server import RedisServer, free_port

NO_REDIS = "redis://127.0.0.1:1/0"  # nobody listens there


@pytest.fixture
def config(tmp_path):
    def write(text, name="exporter.yaml"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


@pytest.fixture(scope="module")
def queues():
    """A Redis with two queues under `bull` and one under `other`."""
    with RedisServer() as server:
        client = server.client()
        for prefix, name, failed in (("bull", "mail", 2), ("bull", "import", 0), ("other", "mail", 1)):
            client.hset(f"{prefix}:{name}:meta", mapping={"opts.maxLenEvents": 10000, "version": "bullmq:5.0.0"})
            client.set(f"{prefix}:{name}:id", 5)
            for job in range(failed):
                client.zadd(f"{prefix}:{name}:failed", {str(job): 1700000000000 + job})
        yield server


# --- exit codes and messages ---


@pytest.mark.parametrize(
    "words, message",
    [
        (["--poll.intervall=5s"], 'unknown flag "--poll.intervall"; did you mean --poll.interval?'),
        (["--web.config.file=x"], 'unknown flag "--web.config.file"'),
        (["--web.enable-lifecycle"], 'unknown flag "--web.enable-lifecycle"'),
        (["--poll.interval"], "flag --poll.interval needs a value"),
        (["--poll.interval=5"], '--poll.interval: "5" is not a duration; write for example 500ms, 5s'),
        (["--poll.timeout=0s"], "--poll.timeout: 0s is not from 10ms"),
        (["--log.level=loud"], '--log.level: "loud" is not one of debug, info, warn, error'),
        (["--web.listen-address=9538"], '--web.listen-address: "9538" is not a listen address'),
        (["--redis.addr=http://h"], "--redis.addr: "),
        (["--redis.addr=redis://:sesame@h"], "--redis.addr: a password in a flag"),
        (["--redis.prefix="], "--redis.prefix: needs at least one prefix"),
        (["--redis.prefix=a,a"], '--redis.prefix: "a" stands twice'),
        (["--api.keys-file=/nonexistent"], "--api.keys-file: /nonexistent: cannot be read: No such file"),
        (["--redis.password-file=/nonexistent"], "--redis.password-file: /nonexistent: cannot be read"),
        (["--redis.addr=rediss://h", "--redis.tls-ca-file=/proc"], "--redis.tls-ca-file: /proc: cannot be read: Is a"),
        (["--api.jwt-secret-file=/dev/null"], "credentials of the API: /dev/null: is not a regular file"),
        (["queues", "--redis.password-file=/nonexistent"], "--redis.password-file: /nonexistent: cannot be read"),
        (["--config.file=/nonexistent.yaml"], "--config.file: /nonexistent.yaml: cannot be read"),
        (["serve"], 'unknown sub-command "serve"; there are check-config'),
        (["queue"], 'unknown sub-command "queue"; did you mean "queues"?'),
        (["queues", "mail"], 'queues takes no argument "mail"'),
        (["check-config"], "check-config needs a file"),
        (["new-key"], "new-key needs to know who the key is for: --name NAME"),
        (["healthcheck", "--web.listen-address=:0"], "say --url"),
    ],
)
def test_wrong_usage_is_exit_2_and_one_line(words, message):
    done = run(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert done.stderr.count("\n") == 1 and done.stderr.endswith("\n")
    assert "sesame" not in done.stderr


@pytest.mark.parametrize(
    "environment, message",
    [
        ({"BULLMQ_EXPORTER_POLL_INTERVAL": "soon"}, 'BULLMQ_EXPORTER_POLL_INTERVAL: "soon" is not a duration'),
        ({"BULLMQ_EXPORTER_REDIS_ADDR": "redis://:sesame@"}, "BULLMQ_EXPORTER_REDIS_ADDR: "),
        ({"BULLMQ_EXPORTER_NO_DISCOVERY": "perhaps"}, 'BULLMQ_EXPORTER_NO_DISCOVERY: "perhaps" is not true or false'),
        ({"REDIS_HOST": "h", "REDIS_PORT": "port"}, 'REDIS_PORT: "port" is not a port'),
    ],
)
def test_a_wrong_variable_is_exit_2_and_one_line(environment, message):
    done = run(environment=environment)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert "sesame" not in done.stderr


def test_a_wrong_file_is_exit_2_and_a_line_for_each_fault(config):
    path = config("poll: {interval: 5, intervall: 1}\nevents: {enabled: true}\nlog: {level: 0123}\n")
    done = run(f"--config.file={path}")
    assert done.returncode == 2
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == [
        f"{path}:1:18", f"{path}:1:21", f"{path}:2:1", f"{path}:3:14"]
    assert 'unknown key "intervall" in poll; did you mean "interval"?' in done.stderr


def test_wrong_keys_are_exit_2_and_a_line_for_each_fault(config):
    path = config("keys: [{name: a}]\n", "keys.yaml")
    done = run(f"--api.keys-file={path}", "--web.listen-address=127.0.0.1:0")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"{path}:1:8: keys[0].sha256: is missing", f"{path}:1:8: keys[0].permissions: is missing"]


def test_a_port_that_is_taken_is_exit_1_and_says_so():
    with Exporter(f"--redis.addr={NO_REDIS}") as first:
        done = run(f"--redis.addr={NO_REDIS}", f"--web.listen-address={first.telemetry}")
        assert done.returncode == 1
        assert first.telemetry in done.stderr


def test_help_has_every_flag_once():
    done = run("--help")
    assert done.returncode == 0 and done.stderr == ""
    flags = re.findall(r"^  (--[a-z.-]+)", done.stdout, re.MULTILINE)
    assert len(flags) == len(set(flags))
    assert {"--config.file", "--redis.addr", "--queues", "--no-discovery", "--api.keys-file"} <= set(flags)
    assert run("queues", "-h").stdout == done.stdout


def test_version_looks_like_that_of_prometheus_programs():
    done = run("--version")
    assert done.returncode == 0
    assert re.match(r"bullmq_exporter, version \d+\.\d+\.\d+ \(revision: \S+\)\n", done.stdout)


def test_a_closed_standard_output_is_no_crash():
    process = subprocess.Popen([PROGRAM, "--help"], stdout=subprocess.PIPE, env=clean_environment())
    process.stdout.close()
    assert process.wait(20) in (0, 1, -signal.SIGPIPE)


def test_what_cannot_be_written_is_exit_1(queues, config):
    for words in (["--version"], ["check-config", config("")], ["new-key", "--name=a"],
                  ["queues", f"--redis.addr={queues.url}"], ["queues", "--json", f"--redis.addr={queues.url}"]):
        with open("/dev/full", "w") as full:
            assert subprocess.run([PROGRAM, *map(str, words)], stdout=full, stderr=subprocess.DEVNULL,
                                  env=clean_environment(), timeout=20).returncode == 1, words


# --- precedence ---


def interval(exporter):
    text = exporter.metrics()
    return float(re.search(r"^bullmq_exporter_poll_interval_seconds (\S+)$", text, re.MULTILINE).group(1))


def test_flag_before_environment_before_file_before_default(config):
    path = config("poll: {interval: 1s}\n")
    redis = f"--redis.addr={NO_REDIS}"
    with Exporter(redis) as exporter:
        assert interval(exporter) == 5
    with Exporter(redis, f"--config.file={path}") as exporter:
        assert interval(exporter) == 1
    environment = {"BULLMQ_EXPORTER_POLL_INTERVAL": "2s", "BULLMQ_EXPORTER_CONFIG_FILE": str(path)}
    with Exporter(redis, environment=environment) as exporter:
        assert interval(exporter) == 2
    with Exporter(redis, "--poll.interval=9s", "--poll.interval", "3s", environment=environment) as exporter:
        assert interval(exporter) == 3


@pytest.mark.parametrize("flag", ["--redis.addr=redis://h", "--redis.prefix=x", "--queues=x", "--no-discovery"])
def test_targets_come_from_one_place(config, flag):
    path = config("redis: [{}]\n")
    done = run(f"--config.file={path}", flag)
    assert done.returncode == 2
    assert done.stderr.startswith(flag.split("=")[0] + ": the file ")
    variable = "BULLMQ_EXPORTER_" + flag.split("=")[0][2:].upper().replace(".", "_").replace("-", "_")
    value = flag.split("=")[1] if "=" in flag else "true"
    done = run(f"--config.file={path}", environment={variable: value})
    assert done.returncode == 2
    assert done.stderr.startswith(variable + ": the file ")


def test_open_archivers_variables(queues):
    environment = {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(queues.port), "REDIS_TLS_ENABLED": "false"}
    with Exporter(environment=environment) as exporter:
        exporter.wait_for_metrics(lambda text: 'bullmq_up{redis="default"} 1' in text)
        assert any("REDIS_HOST" in line for line in exporter.log)


def test_lists_by_commas_and_repeats(queues):
    words = [f"--redis.addr={queues.url}", "--redis.prefix", "bull,other", "--no-discovery"]
    with Exporter(*words, "--queues=b,a", "--queues=c") as exporter:
        text = exporter.wait_for_metrics(lambda text: 'bullmq_up{redis="default"} 1' in text)
    names = re.findall(r'^bullmq_queue_up\{redis="default",prefix="bull",queue="(\w+)"\} 1$', text, re.MULTILINE)
    assert names == ["b", "a", "c"]


def test_the_password_is_in_no_list_of_processes_and_no_log():
    environment = {"BULLMQ_EXPORTER_REDIS_ADDR": "redis://user:sesame@127.0.0.1:1/0"}
    with Exporter("--log.level=debug", environment=environment) as exporter:
        exporter.wait_for_metrics(lambda text: 'bullmq_up{redis="default"} 0' in text)
        with open(f"/proc/{exporter.pid}/cmdline") as cmdline:
            assert "sesame" not in cmdline.read()
        text = exporter.metrics()
    assert "sesame" not in text
    assert not [line for line in exporter.log if line and "sesame" in line]


def test_polls_are_logged_for_those_who_debug(queues):
    redis = f"--redis.addr={queues.url}"
    with Exporter(redis, "--log.level=debug") as exporter:
        exporter.wait_for_log(r' level=debug msg="polled" redis=default up=1 queues=\d+ seconds=\d')
    with Exporter(redis, "--poll.interval=50ms") as exporter:
        exporter.wait_for_metrics(lambda text: 'bullmq_exporter_poll_duration_seconds_count{redis="default"} 3' in text)
        assert not [line for line in exporter.log if line and "level=debug" in line]


def test_job_names_are_capped_by_the_file(config):
    path = config("metrics: {names_per_queue: 2}\n")
    with RedisServer() as server:
        client = server.client()
        client.hset("bull:mail:meta", "opts.maxLenEvents", 10000)
        now = int(time.time() * 1000)
        for job, name in enumerate(["a", "b", "c", "d", "a"]):
            client.hset(f"bull:mail:{job}", mapping={"name": name, "failedReason": "boom", "finishedOn": now})
            client.zadd("bull:mail:failed", {str(job): now})
        with Exporter(f"--config.file={path}", f"--redis.addr={server.url}") as exporter:
            text = exporter.wait_for_metrics(lambda text: "bullmq_queue_recent_failures{" in text)
    series = re.findall(r'^bullmq_queue_recent_failures\{.*name="(\w+)",reason="boom"\} (\d+)$', text, re.MULTILINE)
    assert len(series) == 3
    assert sum(int(count) for _, count in series) == 5
    assert "__other__" in dict(series)
    assert 'bullmq_exporter_capped{redis="default",limit="names"} 2' in text


# --- signals ---


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_with_0(number):
    exporter = Exporter(f"--redis.addr={NO_REDIS}")
    assert exporter.stop(number, timeout=5) == 0


def test_sighup_is_ignored_with_a_line():
    with Exporter(f"--redis.addr={NO_REDIS}") as exporter:
        exporter.send(signal.SIGHUP)
        exporter.wait_for_log("SIGHUP")
        assert exporter.get("/-/healthy")[0] == 200


def test_the_log_as_json():
    words = [PROGRAM, f"--redis.addr={NO_REDIS}", "--log.format=json", "--web.listen-address=127.0.0.1:0"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=clean_environment())
    try:
        for line in process.stderr:
            entry = json.loads(line)
            if entry["msg"] == "listening":
                break
        assert re.fullmatch(r"127\.0\.0\.1:\d+", entry["telemetry"])
        assert entry["api"] == "off" and entry["level"] == "info"
    finally:
        process.terminate()
        process.stderr.close()
        assert process.wait(10) == 0


# --- sub-commands ---


def test_check_config(config):
    good = config("poll: {interval: 2s}\n", "good.yaml")
    bad = config("redis: [{prefixes: [a, a]}, {prefixes: []}]\nweb: {listen_address: x}\n", "bad.yaml")
    done = run("check-config", good)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{good}: ok\n", "")
    done = run("check-config", bad, good, "/nonexistent.yaml")
    assert done.returncode == 1
    assert done.stdout == f"{good}: ok\n"
    lines = done.stderr.splitlines()
    assert lines[0] == f'{bad}:1:24: redis[0].prefixes[1]: "a" stands twice'
    assert lines[1].startswith(f"{bad}:1:29: redis[1].name: ")
    assert lines[2] == f"{bad}:1:40: redis[1].prefixes: needs at least one prefix"
    assert lines[3].startswith(f'{bad}:2:23: web.listen_address: "x" is not a listen address')
    assert lines[4] == "/nonexistent.yaml: cannot be read: No such file or directory"
    assert len(lines) == 5


def test_new_key_opens_the_api(tmp_path):
    file = tmp_path / "keys.yaml"
    done = run("new-key", "--name", "oncall", f"--keys-file={file}", "--expires=90d")
    assert done.returncode == 0
    key = done.stdout.rstrip("\n")
    assert key and "\n" not in key
    (entry,) = yaml.safe_load(done.stderr)
    assert entry["name"] == "oncall" and len(entry["sha256"]) == 64
    assert entry["permissions"] == ["manage:all"]
    assert key not in file.read_text()
    assert run("new-key", "--name", "oncall", f"--keys-file={file}").returncode == 2
    with Exporter(f"--redis.addr={NO_REDIS}", f"--api.keys-file={file}") as exporter:
        assert exporter.get("/v1/jobs/queues", exporter.api)[0] == 401
        assert exporter.get("/v1/jobs/queues", exporter.api, {"X-API-KEY": key})[0] == 503


def test_healthcheck():
    with Exporter(f"--redis.addr={NO_REDIS}") as exporter:
        done = run("healthcheck", f"--web.listen-address={exporter.telemetry}")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        done = run("healthcheck", environment={"BULLMQ_EXPORTER_WEB_LISTEN_ADDRESS": exporter.telemetry})
        assert done.returncode == 0
        done = run("healthcheck", "--url", f"http://{exporter.telemetry}/nothing")
        assert done.returncode == 1
        assert done.stderr.rstrip("\n").endswith("answers 404")
    done = run("healthcheck", f"--web.listen-address=127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_queues_as_a_table(queues):
    done = run("queues", f"--redis.addr={queues.url}")
    assert done.returncode == 0, done.stderr
    heading, *rows = [line.split() for line in done.stdout.splitlines()]
    assert heading[0] == "QUEUE" and heading[-2:] == ["FAILED", "WORKERS"]
    assert [(row[0], row[heading.index("FAILED")]) for row in rows] == [("import", "0"), ("mail", "2")]
    done = run("--redis.prefix=bull,other", "queues", f"--redis.addr={queues.url}")
    heading, *rows = [line.split() for line in done.stdout.splitlines()]
    assert [(row[0], row[1]) for row in rows] == [("bull", "import"), ("bull", "mail"), ("other", "mail")]


def test_queues_as_json(queues):
    done = run("queues", "--json", f"--redis.addr={queues.url}")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert [queue["name"] for queue in answer["queues"]] == ["import", "mail"]
    assert answer["queues"][1]["counts"]["failed"] == 2


def test_queues_where_nothing_answers_or_nothing_is_there(queues):
    for words in (["queues"], ["queues", "--json"]):
        done = run(*words, f"--redis.addr={NO_REDIS}")
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr == (
            "bullmq_exporter: redis default: 127.0.0.1:1: Connection refused (127.0.0.1)\n")
    done = run("queues", f"--redis.addr={queues.url}", "--redis.prefix=nobody")
    assert done.returncode == 0
    assert "no queue" in done.stderr


def test_queues_says_where_not_all_were_found(queues):
    queues.client().execute_command("ACL", "SETUSER", "blind", "on", ">sesame", "~*", "+@all", "-scan")
    environment = {"BULLMQ_EXPORTER_REDIS_ADDR": f"redis://blind:sesame@127.0.0.1:{queues.port}"}
    done = run("queues", "--queues=mail", environment=environment)
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["QUEUE", "mail"]
    assert re.fullmatch("bullmq_exporter: redis default: not all queues were found: .*NOPERM.*\n", done.stderr)
    done = run("queues", "--json", environment=environment)
    assert (done.returncode, done.stdout) == (1, "")


def test_queues_warns_of_what_the_configuration_does_not_say(queues):
    redis = f"--redis.addr={queues.url}"
    done = run("queues", redis, "--no-discovery", environment={"BULLMQ_EXPORTER_QUEUE": "mail"})
    assert (done.returncode, done.stdout) == (0, "")
    assert [line.split(";")[0] for line in done.stderr.splitlines()] == [
        "bullmq_exporter: BULLMQ_EXPORTER_QUEUE is no variable of this program",
        "bullmq_exporter: discovery is off and no queue is named for redis default: nothing of it will be shown"]
