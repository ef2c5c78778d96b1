"""`helm package`: what is in it, and that it can be installed from."""

import tarfile

import yaml

from chart.helm import CHART, MINIMAL

WANTED = {
    *(f"files/prometheus/source/{name}.yaml" for name in ("alerts", "recording", "thresholds")),
    *(f"files/grafana/{name}.json" for name in ("overview", "queue", "failures", "exporter")),
}


def test_the_package_holds_the_chart_alone(helm, tmp_path):
    helm.run("package", CHART, "--destination", tmp_path)
    (package,) = tmp_path.glob("bullmq-exporter-*.tgz")
    with tarfile.open(package) as tar:
        assert all(member.isfile() for member in tar.getmembers())
        names = {member.name.removeprefix("bullmq-exporter/") for member in tar.getmembers()}
    assert {name for name in names if name.startswith("files/")} == WANTED, "adapt .helmignore"
    own = {path.relative_to(CHART).as_posix() for path in CHART.rglob("*") if path.is_file() and "files" not in path.relative_to(CHART).parts}
    assert {name for name in names if not name.startswith("files/")} == own

    values = {"prometheusRule": {"enabled": True}, "dashboards": {"enabled": True}}
    assert helm.objects(MINIMAL, values, chart=package) == helm.objects(MINIMAL, values)


def test_no_content_is_missing_in_silence(helm, tmp_path):
    """Without the link's target, as where symbolic links do not survive, rules and dashboards are refused, the rest works."""
    bare = tmp_path / "bullmq-exporter"
    bare.mkdir()
    for name in ("Chart.yaml", "values.yaml", "values.schema.json", "templates"):
        (bare / name).symlink_to(CHART / name)
    assert list(yaml.safe_load_all(helm.template(MINIMAL, chart=bare).stdout))
    for values in ({"prometheusRule": {"enabled": True}}, {"dashboards": {"enabled": True}}):
        done = helm.template(MINIMAL, values, chart=bare, check=False)
        assert done.returncode != 0 and "the chart lacks files/" in done.stderr
