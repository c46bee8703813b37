from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from standins.awsproxy import held, overrides, records, sdk, tokens
from standins.paths import RUN_VARIABLE, RunDirectory

URN = "urn:pulumi:prod::platform::aws:ec2/vpc:Vpc::v"


def sdk_token(path: str) -> str:
    name = path.split("/")[1]
    return f"aws:{path}:{name[:1].upper()}{name[1:]}"


def test_every_type_of_the_exception_tables_exists_in_the_sdk() -> None:
    named = {*yaml.safe_load(tokens.DATA.read_text())["types"], *yaml.safe_load(overrides.DATA.read_text())}
    known = {token.split(":")[1] for token in sdk.resource_tokens()}
    assert {path for path in named if not path.startswith("index/get")} <= known


def test_every_property_of_the_overrides_is_an_input_of_its_type() -> None:
    for path, raw in yaml.safe_load(overrides.DATA.read_text()).items():
        kind = (
            sdk.function("aws:index/getRegion:getRegion")
            if path == "index/getRegion"
            else sdk.resource(sdk_token(path))
        )
        assert kind is not None, path
        for section in ("renames", "autoname", "defaults", "archive", "asset"):
            assert set(raw.get(section, {})) <= set(kind.inputs), (
                f"{path}: {section} names a property the SDK does not have"
            )
        assert set(raw.get("copies", {})) <= set(kind.outputs), f"{path}: copies fills an output the SDK does not have"


def test_the_list_of_held_types_names_types_of_the_sdk_with_a_reason_each() -> None:
    assert set(held.load()) <= sdk.resource_tokens()


@pytest.mark.parametrize(
    "text",
    [
        "- {type: 'aws:x/y:Y'}",
        "- {type: 'aws:x/y:Y', reason: ' '}",
        "- {type: 'aws:x/y:Y', reason: r, note: n}",
        "- {type: 'aws:x/y:Y', reason: r}\n- {type: 'aws:x/y:Y', reason: r}",
    ],
)
def test_an_entry_without_a_reason_or_twice_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "held.yaml"
    file.write_text(text)
    with pytest.raises(held.HeldListError):
        held.load(file)


def test_a_held_state_is_the_plan_under_the_inputs_with_a_mark() -> None:
    state = held.state(
        {"a": "planned", "arn": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "b": None}, {"a": "given"}, "why"
    )
    assert state == {"a": "given", held.MARK: "why"}
    assert held.is_held(state)
    assert held.make_id(URN) == held.make_id(URN)
    assert held.make_id(URN).startswith("held-")


def test_records_are_json_lines_without_values(tmp_path: Path) -> None:
    journal = records.Journal(RunDirectory(tmp_path))
    dropped = records.Dropped(URN, "aws:ec2/vpc:Vpc", "shiny", "newer")
    assert [journal.dropped(dropped), journal.dropped(dropped)] == [True, False], "once per resource and process"
    journal.held("prod", records.HeldOperation(URN, "aws:x/y:Y", "create", "held-1", "why"))
    lines = (tmp_path / "dropped.jsonl").read_text().splitlines()
    assert [json.loads(line)["property"] for line in lines] == ["shiny"]
    assert json.loads((tmp_path / "held" / "prod.jsonl").read_text())["action"] == "create"
    assert (tmp_path / "dropped.jsonl").stat().st_mode & 0o077 == 0, "what a stack uses is nobody else's business"


def test_the_run_directory_is_the_one_the_environment_names() -> None:
    assert records.run_directory({RUN_VARIABLE: "/x"}) == RunDirectory(Path("/x"))
    with pytest.raises(records.NoRunDirectoryError, match=RUN_VARIABLE):
        records.run_directory({})


def test_the_sdk_is_read_without_importing_it() -> None:
    cluster = sdk.resource("aws:eks/cluster:Cluster")
    assert cluster is not None
    assert cluster.outputs["certificateAuthority"].shape == "object"
    assert cluster.inputs["tags"].shape == "map"
    versioning = sdk.resource("aws:s3/bucketVersioning:BucketVersioning")
    assert versioning is not None
    assert "versioningConfiguration" in versioning.inputs, "its arguments class has another name than the rule says"
    assert sdk.resource("aws:ec2/unheardOf:UnheardOf") is None


def test_every_resource_of_the_sdk_can_be_read() -> None:
    empty = {token for token in sdk.resource_tokens() if not (sdk.resource(token) or sdk.SdkType("", {}, {})).outputs}
    assert empty == {"aws:ram/sharingWithOrganization:SharingWithOrganization"}, "the one type without any property"


def test_functions_of_the_sdk_can_be_read() -> None:
    document = sdk.function("aws:iam/getPolicyDocument:getPolicyDocument")
    assert document.inputs["statements"].shape == "list"
    assert "json" in document.outputs
    with pytest.raises(RuntimeError):
        sdk.function("aws:iam/getNothing:getNothing")
