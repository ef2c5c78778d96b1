import pathlib

import pytest

from lint import arrows

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_the_program_draws_no_arrow_beside_the_table():
    report = arrows.check(ROOT, arrows.load_table())
    assert report.faults == []
    assert report.files > 0 and report.arrows > report.files / 2, "the check sees no includes"


def test_the_table_has_no_circle():
    modules = arrows.load_table()["modules"]
    done = []
    while len(done) < len(modules):
        ready = [m for m, uses in modules.items() if m not in done and set(uses) <= set(done)]
        assert ready, f"a circle among {sorted(set(modules) - set(done))}"
        done += ready


# What must be found: a file with one line, and the words of the fault that it makes.
WRONG = [
    ("exporter/base/a.h", '#include "exporter/config/config.h"', "base may not use config"),
    ("exporter/poll/a.cc", '#include "exporter/redis/redis_client.h"', "poll may not use redis"),
    ("exporter/main.cc", '#include "exporter/http/server.h"', "main may not use http"),
    ("exporter/base/a.cc", '  #  include "exporter/surprise/a.h"', "not in the table"),
    ("exporter/surprise/a.cc", "", "not in the table"),
    ("exporter/base/a.cc", '#include "b.h"', "not spelled from the repository's root"),
    ("exporter/redis/client.h", "#include <hiredis/hiredis.h>", "may not know hiredis"),
    ("exporter/poll/a.cc", "#include <hiredis.h>", "may not know hiredis"),
    ("exporter/config/loader.cc", "#include <yaml-cpp/yaml.h>", "may not know yaml-cpp"),
    ("exporter/config/yaml_document.h", "#include <yaml-cpp/yaml.h>", "may not know yaml-cpp"),
    ("exporter/http/server.h", "#include <httplib.h>", "may not know cpp-httplib"),
    ("exporter/poll/a.h", "#include <prometheus/counter.h>", "may not know prometheus-cpp"),
    ("exporter/model/CMakeLists.txt", "bullmq_module(model PRIVATE module_redis)", "model may not link redis"),
]


@pytest.mark.parametrize("path, line, fault", WRONG)
def test_a_wrong_arrow_is_found(tmp_path, path, line, fault):
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(line + "\n")
    faults = arrows.check(tmp_path, arrows.load_table()).faults
    assert len(faults) == 1 and fault in faults[0]


def test_a_second_file_that_knows_hiredis_is_found(tmp_path):
    folder = tmp_path / "exporter/redis"
    folder.mkdir(parents=True)
    for name in ("a.cc", "b.cc"):
        (folder / name).write_text("#include <hiredis/hiredis.h>\n")
    faults = arrows.check(tmp_path, arrows.load_table()).faults
    assert len(faults) == 1 and "too many" in faults[0]
