"""The versions of the toolchain agree with each other and with the locked sources."""

import re
from importlib.metadata import version

import pytest

from standins.toolchain import gobuild, versions

PROGRAMS = (gobuild.CLI, gobuild.BRIDGE_PROGRAM)


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def module_file(program: gobuild.Program) -> str:
    return (program.source / "go.mod").read_text(encoding="utf-8")


def test_the_engine_is_of_the_sdk_s_major_line_and_not_older() -> None:
    engine, sdk = numbers(versions.ENGINE), numbers(versions.SDK)
    assert engine[0] == sdk[0], "another protocol"
    assert engine >= sdk, "an SDK asks a newer engine's features only of an engine that has them"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.part)
def test_the_locked_sources_are_of_the_version_that_the_user_is_told(program: gobuild.Program) -> None:
    module = program.package[: program.package.index("/v3/")] + "/v3"
    assert re.findall(rf"^require {module} v(\S+)", module_file(program), re.MULTILINE) == [program.version]
    sums = (program.source / "go.sum").read_text(encoding="utf-8")
    assert f"{module} v{program.version} h1:" in sums, "go.sum is of the same version"


def test_the_oldest_go_is_the_one_that_the_modules_ask_for() -> None:
    asked = [re.findall(r"^go (\d+)\.(\d+)", module_file(program), re.MULTILINE) for program in PROGRAMS]
    assert max((int(major), int(minor)) for [(major, minor)] in asked) == versions.GO_MINIMUM


@pytest.mark.parametrize("name", versions.PLUGINS)
def test_official_plugins_are_of_the_versions_of_their_sdks(name: str) -> None:
    assert versions.PLUGINS[name] == version(f"pulumi-{name}"), "the engine asks for that one"
