"""The program is locked to the versions that its stand-ins are made for."""

import re
import tomllib
from importlib import metadata

import pytest

from sandbox.paths import CHECKOUT
from standins.toolchain import versions


@pytest.mark.parametrize(
    ("package", "version"),
    [("pulumi", versions.SDK), ("pulumi-aws", versions.PLUGINS["aws"]), ("pulumi-eks", versions.PLUGINS["eks"])],
)
def test_a_package_has_the_same_version_everywhere(package: str, version: str) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    assert f"{package}=={version}" in project["dependencies"], "pyproject.toml"
    assert re.findall(rf"^{package}==(\S+)", lock, re.MULTILINE) == [version], "requirements.lock"
    assert metadata.version(package) == version, "the interpreter's own; `make setup` installs it"
