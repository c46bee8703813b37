from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from standins.awsproxy import tables
from standins.awsproxy.tables import BridgeKind

if TYPE_CHECKING:
    from pathlib import Path


def test_shapes_are_read_back_as_the_schema_has_them(table: tables.ShapeTable) -> None:
    cluster = table.resource("aws:index/eksCluster:EksCluster")
    assert cluster.inputs["name"] == BridgeKind("scalar", type_name="string")
    authority = cluster.outputs["certificateAuthorities"]
    assert authority.shape == "list"
    assert authority.item is not None
    assert table.nested(authority.item.type_name) == {"data": BridgeKind("scalar", type_name="string")}
    assert table.config["defaultTags"].shape == "list"


def test_a_value_no_type_describes_is_opaque(table: tables.ShapeTable) -> None:
    function = table.resource("aws:index/terraformConfig:terraformConfig")
    assert function.inputs["__self__"] == BridgeKind("scalar", type_name=tables.OPAQUE)


def test_a_token_the_bridge_does_not_serve_is_an_error(table: tables.ShapeTable) -> None:
    with pytest.raises(KeyError, match="nothing"):
        table.resource("aws:index/nothing:Nothing")


def test_a_table_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        tables.write(tmp_path / "t.sqlite", {"resources": {}})
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_keyed_by_provider_version_and_format(tmp_path: Path) -> None:
    real = tmp_path / "terraform-provider-aws_v5.100.0_x5"
    real.write_text("provider")
    link = tmp_path / "terraform-provider-aws"
    link.symlink_to(real)
    bridge = tmp_path / "bridge"
    bridge.write_text("b")
    name = tables.table_path(tmp_path, link, bridge).name
    assert "5.100.0" in name, "the version stands in the name of the file a link leads to"
    assert name.endswith(f"-f{tables.FORMAT}.sqlite")
    bridge.write_text("another bridge")
    assert tables.table_path(tmp_path, link, bridge).name != name


def test_two_processes_derive_a_table_once(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    found: list[bool] = []

    def other() -> None:
        with tables.Derivation(path) as needed:
            found.append(needed)

    with tables.Derivation(path) as needed:
        assert needed
        thread = threading.Thread(target=other)
        thread.start()
        path.touch()
    thread.join(timeout=10)
    assert found == [False], "the second waits, then finds it there"
