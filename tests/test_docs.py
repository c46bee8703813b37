"""What the documents for newcomers name is there: files, headings, commands; their lines can be read."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from config import ConfigError, load_file

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
GUIDES: Final = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/extending.md")
"""Documents whose commands and paths are checked; links are checked in all."""
WIDTH: Final = 120
LINK: Final = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")
CODE: Final = re.compile(r"`[^`\n]+`(?!\])")
MODULE: Final = re.compile(r"python -m ([a-z_]+(?:\.[a-z_]+)*)")
MADE: Final = re.compile(r"`?make ([a-z-]+)[ `]")
PLACE: Final = re.compile(
    r"`((?:bases|components|config|docs|facts|policy|preflight|review|sandbox|standins|tests)/[\w./-]*)`"
)


def documents() -> list[str]:
    """Return every document of the project."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose(name: str) -> Iterator[tuple[int, str]]:
    """Yield the lines outside of blocks of code and of tables, with their numbers."""
    code = False
    for number, line in enumerate(text(name).splitlines(), 1):
        code ^= line.startswith("```")
        if not code and not line.startswith(("|", "```")):
            yield number, line


def anchors(name: str) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", text(name), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", documents())
def test_links_lead_to_files_and_headings(name: str) -> None:
    for link in LINK.findall(CODE.sub("", text(name))):
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), f"{name}: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(str(target.resolve().relative_to(ROOT.resolve()))), f"{name}: {link}"


@pytest.mark.parametrize("name", GUIDES)
def test_commands_exist(name: str) -> None:
    modules, targets = set(MODULE.findall(text(name))), set(MADE.findall(text(name)))
    known = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    assert sorted(targets - known) == []
    assert [module for module in sorted(modules) if importlib.util.find_spec(module) is None] == []
    assert targets, "else nothing was looked at"


@pytest.mark.parametrize("name", GUIDES)
def test_paths_exist(name: str) -> None:
    named = set(PLACE.findall(text(name)))
    assert sorted(place for place in named if not (ROOT / place).exists()) == []


def test_the_readme_begins_with_the_small_stack_as_it_is() -> None:
    shown = re.search(r"```yaml\n(.*?)```", text("README.md"), re.DOTALL)
    assert shown is not None
    assert text("Pulumi.small.yaml").endswith(shown[1])


def test_the_errors_that_the_readme_shows_are_those_of_the_small_stack(tmp_path: Path) -> None:
    spoilt = text("Pulumi.small.yaml")
    for right, wrong in (("[a, b]", "[a, g]"), ('"17.10"', '"12.22"'), ("retention_days: 7\n", "retention_days: 60\n")):
        assert spoilt.count(right) == 1
        spoilt = spoilt.replace(right, wrong)
    path = tmp_path / "Pulumi.small.yaml"
    path.write_text(spoilt, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_file(path)
    said = [str(problem).replace(f"{tmp_path}/", "") for problem in raised.value.problems]
    assert "$ make review STACK=small\n" + "\n".join(said) + "\n```" in text("README.md")


@pytest.mark.parametrize("name", GUIDES)
def test_lines_of_prose_are_short_enough_to_be_read(name: str) -> None:
    assert [number for number, line in prose(name) if len(line) > WIDTH] == []
