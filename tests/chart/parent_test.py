"""Through a parent chart, as most people install a chart that is one of many."""

from chart.helm import VALUES


def template(helm, *values, **named):
    return helm.template(VALUES / "parent.yaml", *values, chart=helm.parent(), **named)


def test_its_condition_turns_all_of_it_off(helm):
    assert "kind:" in template(helm).stdout
    assert "kind:" not in template(helm, {"bullmq-exporter": {"enabled": False}}).stdout


def test_wrong_values_are_refused_there_too(helm):
    done = template(helm, {"bullmq-exporter": {"redis": {"host": "r"}}}, check=False)
    assert done.returncode != 0
    assert "bullmq-exporter" in done.stderr and "'/redis'" in done.stderr and "'host' not allowed" in done.stderr


def test_what_the_parent_leaves_out_is_missed(helm):
    done = template(helm, {"bullmq-exporter": {"image": {"repository": ""}}}, check=False)
    assert done.returncode != 0 and "image.repository is empty" in done.stderr
