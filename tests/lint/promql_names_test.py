import pytest

from lint import promql_names

SERIES = {"jobs": {"queue", "state", "job", "instance"}, "up": {"job", "instance"}}


@pytest.mark.parametrize(
    ("expression", "faults"),
    [
        ('sum by (queue) (jobs{state="waiting"})', []),
        ("rate(joobs[5m])", ["there is no joobs"]),
        ('{state="waiting"}', ["there is no None"]),
        ('max_over_time(jobs{stat="waiting"}[5m])', ["jobs has no label stat"]),
        ('max_over_time(sum(up{queue="q"})[1h:5m])', ["up has no label queue"]),
        ("sum by (queues) (jobs)", ["there is no label queues"]),
        ("jobs and on (jobb) up", ["there is no label jobb"]),
        ("jobs * on (instance) group_left (version) up", ["there is no label version"]),
    ],
)
def test_faults(expression, faults):
    assert promql_names.faults(expression, SERIES) == faults


def test_what_is_no_promql_is_refused():
    with pytest.raises(ValueError):
        promql_names.faults("sum(", SERIES)


@pytest.mark.parametrize(
    ("expression", "labels"),
    [
        ("jobs", {"queue", "state", "job", "instance"}),
        ("-increase(jobs[5m])", {"queue", "state", "job", "instance"}),
        ("sum without (state, instance) (jobs)", {"queue", "job"}),
        ("max by (queue, name) (jobs)", {"queue"}),
        ("sum(jobs)", set()),
        ("time() - up > 5", {"job", "instance"}),
        ("up == 0 and on (job) jobs", {"job", "instance"}),
        ("(up or jobs)", {"queue", "state", "job", "instance"}),
        ("jobs > on (job) group_left () up", {"queue", "state", "job", "instance"}),
        ("up * on (job) group_left (queue) jobs", {"job", "instance", "queue"}),
        ("topk(3, sum by (queue) (jobs))", {"queue"}),
        ("jobs / on (job, instance) up", {"job", "instance"}),
        ("jobs / ignoring (queue, state) up", {"job", "instance"}),
    ],
)
def test_result_labels(expression, labels):
    assert promql_names.result_labels(expression, SERIES) == labels


def test_the_program_s_own_series_are_known():
    series = promql_names.exposed()
    assert series["bullmq_queue_jobs"] >= {"redis", "prefix", "queue", "state", "job"}
    assert "le" in series["bullmq_exporter_poll_duration_seconds_bucket"]
    assert "bullmq_exporter_poll_duration_seconds" not in series
