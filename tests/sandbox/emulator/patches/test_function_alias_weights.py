"""Calls of an alias follow its weights; what the alias is stays its first version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.released import Released

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator

pytestmark = pytest.mark.emulator


def test_calls_of_an_alias_follow_its_weights(emulator: Emulator, request: pytest.FixtureRequest) -> None:
    released = Released(emulator, session(emulator, account_of(request))).open()
    function, live = released.aws("lambda"), {"FunctionName": "answer", "Qualifier": "live"}
    assert {function.invoke(**live)["Payload"].read() for _ in range(3)} == {b"1"}
    for weight, said in ((0.5, {b"1", b"2"}), (1.0, {b"2"})):
        weights = {"AdditionalVersionWeights": {"2": weight}}
        function.update_alias(FunctionName="answer", Name="live", RoutingConfig=weights)
        assert {function.invoke(**live)["Payload"].read() for _ in range(30)} == said
        assert {function.get_function_configuration(**live)["Version"] for _ in range(10)} == {"1"}
