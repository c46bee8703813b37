"""What is installed by `pip install ./standins` is what is tested here."""

from __future__ import annotations

import fnmatch
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml

from standins.awsproxy import held, overrides, tokens
from standins.paths import IMPORT_ROOT, module_path
from standins.toolchain import versions

HERE = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text())
PINS = dict(entry.split("==") for entry in PROJECT["project"]["dependencies"] if "==" in entry)
NOT_INSTALLED = {"tests", "build", "README.md", "pyproject.toml"}


def files() -> list[Path]:
    """Files of the package, relative to it."""
    found = (path.relative_to(HERE) for path in HERE.rglob("*") if path.is_file())
    return [
        path
        for path in found
        if not NOT_INSTALLED & {path.parts[0], path.name}
        and not any(part.startswith(".") or part == "__pycache__" or part.endswith(".egg-info") for part in path.parts)
    ]


def test_every_folder_with_modules_is_a_package_that_is_installed() -> None:
    folders = {path.parent for path in files() if path.suffix == ".py"}
    assert {".".join(("standins", *folder.parts)) for folder in folders} == set(
        PROJECT["tool"]["setuptools"]["packages"]
    )
    assert all((HERE / folder / "__init__.py").is_file() for folder in folders)


def test_every_other_file_is_installed_as_data() -> None:
    packages = {Path(*name.split(".")[1:]) for name in PROJECT["tool"]["setuptools"]["packages"]}
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    data = [path for path in files() if path.suffix != ".py"]
    assert len(data) >= 9, "tables and locked Go modules"
    for path in data:
        within = [path.relative_to(package) for package in packages if path.is_relative_to(package)]
        assert any(fnmatch.fnmatch(str(part), pattern) for part in within for pattern in patterns), path


@pytest.mark.parametrize(("name", "version"), PINS.items())
def test_what_is_pinned_is_what_is_tested(name: str, version: str) -> None:
    assert metadata.version(name) == version


def test_the_versions_of_the_toolchain_are_those_of_the_packages() -> None:
    assert PINS["pulumi"] == versions.SDK
    own = {name: PINS[f"pulumi-{name}"] for name in versions.PLUGINS}
    assert own == versions.PLUGINS, "the plugins that are official where they can be had"


def test_the_readme_names_the_versions_that_are_tested() -> None:
    text = (HERE / "README.md").read_text()
    assert {name for name, version in PINS.items() if name.startswith("pulumi") and version not in text} == set()
    assert versions.BRIDGE in text
    assert f"Go {versions.GO_MINIMUM[0]}.{versions.GO_MINIMUM[1]} or newer" in text


def test_the_tables_can_be_read_where_they_are_installed() -> None:
    for table in (held.DATA, overrides.DATA, tokens.DATA):
        assert yaml.safe_load(table.read_text()), table.name


def test_plugins_are_found_by_path_here_and_without_one_where_they_are_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert module_path() == str(IMPORT_ROOT)
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(IMPORT_ROOT))
    assert module_path() == "", "a path in front of everything would let other packages hide the standard library's"
