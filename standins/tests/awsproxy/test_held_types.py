"""Every held type is one that the embedded AWS really cannot serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import grpc
import pytest

from standins.awsproxy import held
from standins.paths import RUN_VARIABLE
from standins.tests.awsproxy.driver import Engine

if TYPE_CHECKING:
    from pathlib import Path

TRIED: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": ({"blockPublicAcls": True}, "request send failed"),
}
"""Type to the least that makes one, and what is said instead."""


def test_every_held_type_is_tried() -> None:
    assert set(TRIED) == set(held.load()), "an entry that nobody tries outlives its reason"


@pytest.mark.engine
@pytest.mark.parametrize("token", TRIED)
def test_without_being_held_it_cannot_be_made(token: str, environ: dict[str, str], tmp_path: Path) -> None:
    nothing = tmp_path / "held.yaml"
    nothing.write_text("[]")
    with Engine({**environ, RUN_VARIABLE: str(tmp_path)}, nothing) as running:
        plugin = running.configure()
        given, said = TRIED[token]
        inputs = plugin.inputs(token, "tried", given)
        with pytest.raises(grpc.RpcError, match=said):
            plugin.create(token, "tried", inputs)
