"""What is said of the values in several places is the same in all of them."""

import json
import re

import pytest
import yaml

from chart.helm import CHART, ROOT, leaves

VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA = json.loads((CHART / "values.schema.json").read_text())
README = (CHART / "README.md").read_text()
METADATA = yaml.safe_load((CHART / "Chart.yaml").read_text())


def at(value, path):
    for key in path.split("."):
        value = value[key]
    return value


def rows():
    """The keys of the table with their defaults: a row may hold several keys, with one default for all or one each."""
    found = {}
    for line in re.findall(r"^\| `.*", README.split("## Values")[1], re.MULTILINE):
        names, defaults = (re.findall(r"`([^`]+)`", cell) for cell in line.split(" | ")[:2])
        assert len(defaults) in (1, len(names)), line
        for name, default in zip(names, defaults if len(defaults) > 1 else defaults * len(names)):
            assert name not in found, f"{name} has two rows"
            found[name] = yaml.safe_load(default)
    return found


def test_the_table_has_every_value_with_its_default():
    table = rows()
    assert {name: at(VALUES, name) for name in table} == table
    missing = {leaf for leaf in map(".".join, leaves(VALUES)) if not any(leaf == name or leaf.startswith(name + ".") for name in table)}
    assert missing == set()


def resolved(schema):
    """Behind references; of `allOf` the first, which has the keys."""
    if "$ref" in schema:
        return resolved(SCHEMA["definitions"][schema["$ref"].rsplit("/", 1)[1]])
    return resolved(schema["allOf"][0]) if "allOf" in schema else schema


def differences(value, schema, path=""):
    """Where the schema knows other keys than values.yaml, or would take keys that nobody has named."""
    schema = resolved(schema)
    if "properties" not in schema:
        return
    if schema.get("additionalProperties") is not False and path != ".global":
        yield f"{path} takes anything"
    if isinstance(value, dict) and value:
        known, given = set(schema["properties"]), set(value)
        if known != given:
            yield f"{path}: {sorted(known ^ given)}"
        for key in known & given:
            yield from differences(value[key], schema["properties"][key], f"{path}.{key}")


def test_the_schema_knows_the_values_and_no_others():
    # For the condition of a parent chart. `claims` of resources has no default.
    assert list(differences({**VALUES, "enabled": True, "resources": None}, SCHEMA)) == []


def test_the_schema_takes_the_defaults():
    import jsonschema

    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.validate(VALUES, SCHEMA)


def reference():
    """config/exporter.yaml with its commented keys (`#key: value`, where prose has a space after the #)."""
    return yaml.safe_load(re.sub(r"^( *)#(?=[a-z])", r"\1", (ROOT / "config/exporter.yaml").read_text(), flags=re.MULTILINE))


def shape(value):
    return {key: shape(inner) for key, inner in value.items() if key != "roles"} if isinstance(value, dict) else None


def schema_shape(schema):
    schema = resolved(schema)
    if "properties" not in schema:
        return None
    return {key: schema_shape(inner) for key, inner in schema["properties"].items() if key != "roles"}


def test_config_has_the_keys_of_the_configuration_file():
    import jsonschema

    config, schema = reference(), SCHEMA["properties"]["config"]
    redis = resolved(schema["properties"]["redis"]["items"])
    assert schema_shape(redis) == shape(config["redis"][0])
    assert {**schema_shape(schema), "redis": None} == {**shape(config), "redis": None}
    jsonschema.validate(config, {**schema, "definitions": SCHEMA["definitions"]})


def test_versions_are_those_of_the_program():
    (version,) = re.findall(r"project\(bullmq_exporter VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())
    assert METADATA["appVersion"] == version


def test_the_annotations_are_those_of_artifact_hub():
    annotations = METADATA["annotations"]
    changes = yaml.safe_load(annotations["artifacthub.io/changes"])
    assert changes and all(set(change) == {"kind", "description"} for change in changes)
    assert {change["kind"] for change in changes} <= {"added", "changed", "deprecated", "removed", "fixed", "security"}
    assert annotations["artifacthub.io/license"] in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)", README))))
def test_links_lead_somewhere(link):
    assert "://" in link or (CHART / link).exists()
