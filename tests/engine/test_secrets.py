"""No secret stands in plain text anywhere but in the embedded AWS, which is where a password has to be known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from review.engine_json import SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.engine.conftest import Deployed, Typed
    from tests.engine.world import Ended, World

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]

SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""The engine's mark of a secret."""


@pytest.fixture(scope="module")
def holders(world: World, secret_values: list[str]) -> list[Path]:
    """Every file of the checkout, and of the home that commands had, in which a password stands in plain text."""
    needles = [value.encode() for value in secret_values]
    return [path for path in files(world) if any(needle in path.read_bytes() for needle in needles)]


def files(world: World) -> Iterator[Path]:
    for root in (world.directory, world.home.parent):
        for path in root.rglob("*"):
            if path.is_file() and ".venv" not in path.parts:
                yield path


def kept_by_the_emulator(world: World, path: Path) -> bool:
    """Whether a file is the emulator's state, or a copy of it in a checkpoint; its log is not."""
    parts = path.relative_to(world.directory).parts
    own = parts[:2] == (".sandbox", "emulator") or (parts[:2] == (".sandbox", "checkpoints") and parts[3] == "emulator")
    return own and path.suffix != ".log"


def test_there_are_secrets_to_look_for(secret_values: list[str]) -> None:
    assert len(set(secret_values)) >= 2, "master user and token"
    assert min(map(len, secret_values)) >= 32, "too long to stand somewhere by chance"


def test_the_search_finds_what_is_there(world: World, holders: list[Path]) -> None:
    assert [path for path in holders if kept_by_the_emulator(world, path)], "the emulator's own state holds them"


def test_no_file_but_the_emulators_own_holds_a_secret(world: World, holders: list[Path]) -> None:
    elsewhere = [path.relative_to(world.directory) for path in holders if not kept_by_the_emulator(world, path)]
    assert elsewhere == []


def test_what_holds_a_secret_is_for_its_owner_only(holders: list[Path]) -> None:
    assert [path for path in holders if path.stat().st_mode & 0o077] == []


def test_no_process_was_given_a_secret_as_an_argument(
    deployed: Deployed, preview: Ended, secret_values: list[str]
) -> None:
    commands = deployed.up.watch.commands | preview.watch.commands
    assert len(commands) > 5, "engine, plugins and emulator were seen"
    assert [command for command in commands if any(value in command for value in secret_values)] == []


def test_no_command_prints_a_secret(deployed: Deployed, preview: Ended, typed: Typed, secret_values: list[str]) -> None:
    said = deployed.up.text + preview.text + typed.ended.text + typed.preview_output
    assert [value for value in secret_values if value in said] == []


def test_the_state_keeps_every_password_encrypted(typed: Typed) -> None:
    kept = {
        (entry["type"], name): entry["inputs"][name]
        for entry in typed.state["deployment"]["resources"]
        for name in ("password", "authToken", "secretString")
        if name in entry.get("inputs", {})
    }
    kinds = {
        "aws:rds/instance:Instance",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:secretsmanager/secretVersion:SecretVersion",
    }
    assert {kind for kind, _ in kept} == (kinds if typed.stack == "prod" else set()), (
        "a standby follows, and knows none"
    )
    for place, value in kept.items():
        assert is_encrypted(value), place


def is_encrypted(value: Any) -> bool:  # noqa: ANN401 a property of any kind
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET and set(value) == {SIGNATURE, "ciphertext"}


def test_the_passphrase_of_the_state_is_for_its_owner_only_and_stands_nowhere_else(
    world: World, deployed: Deployed
) -> None:
    own = world.run_directory / "passphrase"
    phrase = own.read_bytes()
    assert own.stat().st_mode & 0o077 == 0
    assert [path for path in files(world) if path != own and phrase in path.read_bytes()] == []
    assert [command for command in deployed.up.watch.commands if phrase.decode() in command] == []
