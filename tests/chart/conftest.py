import tempfile

import pytest

from chart.helm import CHART, VALUES, Helm

CASES = sorted(path.stem for path in VALUES.glob("*.yaml"))


@pytest.fixture(scope="session")
def helm():
    with tempfile.TemporaryDirectory(prefix="bullmq_exporter_helm_") as folder:
        yield Helm(folder)


@pytest.fixture(params=CASES)
def case(request):
    return request.param


@pytest.fixture
def render(helm):
    """render(case, …): `helm template` over one of the files of values, through the parent chart for `parent`."""

    def render(name, **named):
        chart = helm.parent() if name == "parent" else CHART
        return helm.template(VALUES / f"{name}.yaml", chart=chart, **named)

    return render
