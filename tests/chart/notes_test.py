"""What Helm prints after an installation."""

import pytest

from chart.helm import MINIMAL, the

# `helm template` prints no notes, and a dry run asks for a cluster; but the file is a template as any other.
OBJECT = """
apiVersion: v1
kind: Secret
metadata: {name: notes}
stringData: {notes: {{ include "bullmq-exporter/templates/NOTES.txt" . | toJson }}}
"""


@pytest.fixture
def notes(helm):
    return lambda values: the(helm.objects(MINIMAL, values, {"extraObjects": [OBJECT]}), "Secret")["stringData"]["notes"]


def test_they_say_how_to_see_the_first_numbers(notes):
    said = notes({"service": {"port": 80}})
    assert "kubectl --namespace monitoring port-forward service/queues-bullmq-exporter 9538:80 &" in said
    assert "curl --silent http://127.0.0.1:9538/metrics | grep -E '^bullmq_(up|queue_jobs)'" in said
    assert "{{" not in said


API = {"enabled": True, "existingSecret": "s"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"replicaCount": 0}, "replicaCount is 0: nothing runs."),
        ({"serviceMonitor": {"enabled": False}}, "No Prometheus scrapes it yet"),
        ({"serviceMonitor": {"enabled": True}}, "The monitor has no labels of its own"),
        ({"podMonitor": {"enabled": True}, "serviceMonitor": {}}, "The monitor has no labels of its own"),
        ({"api": API}, "http://127.0.0.1:9539/v1/jobs/queues"),
        ({"api": API}, "X-API-KEY"),
        ({"api": {**API, "keysKey": "", "jwtSecretKey": "jwt"}}, "Authorization: Bearer"),
        ({"api": API, "ingress": {"enabled": True, "hosts": [{"host": "a"}, {"host": ""}]}}, "Its Ingress is for a, every host."),
    ],
)
def test_they_say_what_is_so_here_alone(notes, values, words):
    usual = {"serviceMonitor": {"enabled": True, "labels": {"release": "stack"}}}
    assert words in notes({**usual, **values})
    assert words not in notes(usual)


@pytest.mark.parametrize(
    ("values", "absent"),
    [
        ({"replicaCount": 0, "api": API}, "port-forward"),
        ({"api": {**API, "keysKey": "", "jwtSecretKey": "jwt"}}, "X-API-KEY"),
        ({"podAnnotations": {"prometheus.io/scrape": "true"}}, "No Prometheus"),
        ({"service": {"annotations": {"prometheus.io/scrape": "true"}}}, "No Prometheus"),
    ],
)
def test_they_do_not_say_what_is_not_so(notes, values, absent):
    assert absent not in notes(values)
    assert absent in notes({"api": API})
