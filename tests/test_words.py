"""Names, messages and documents use the words of AWS, Pulumi and Kubernetes: those below were this project's own.

What was written down once stays as it was: the changelog and the decision records are not read.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
READ: Final = (
    "config",
    "components",
    "policy",
    "review",
    "preflight",
    "sandbox",
    "docs",
    "README.md",
    "CONTRIBUTING.md",
)
HISTORY: Final = "docs/adr/"

NAMES: Final = {
    "told": "reported, or what the function does",
    "sole": "singleton",
    "former": "previous",
    "followed": "what it is: in_global_datastore, a standby's primary",
    "front": "cdn",
    "way": "direction, path, default_route",
    "ways": "directions, paths",
    "sound": "until_incomplete",
    "cure": "fix, remediation",
    "cures": "patches",
}
"""Word that is no part of a name in code -> what to write instead."""
TEXTS: Final = {
    r"told": "reported, notified, given",
    r"cure[sd]?": "fix, remediation",
    r"sole": "singleton, only",
    r"(?:an?|the|its|primary's) front": "CloudFront, `edge.cdn`",
    r"edge\.front": "edge.cdn",
    r"redis\.followed": "redis.in_global_datastore",
    r"postgres\.former": "postgres.previous_generations",
    r"peers\.[a-z*]+\.tables": "route_tables",
    r"lets? go of": "remove from the stack",
    r"asks nobody's leave": "can be changed at any time",
    r"takes? its word back": "/standby-active returns 404 again",
    r"cannot be built as written": "asks for something AWS no longer offers",
    r"tell nobody": "are not delivered",
    r"one type is held": "one resource type is only simulated",
    r"is dr fit": "a healthy standby",
    r"seed 00\d": "reference 00x, which docs/architecture.md describes",
    r"the seed's": "reference 004's",
    r"what does not fit is refused": "invalid settings are rejected",
}
"""Pattern of whole words that stands in no text, of code or of a document -> what to write instead."""


def anywhere(pattern: str) -> str:
    """Return the pattern of words with any break of a line between them."""
    return pattern.replace(" ", r"\s+(?:#\s+)?")


ANY_TEXT: Final = re.compile("|".join(map(anywhere, TEXTS)), re.IGNORECASE)
"""What stands in a file that has to be looked at pattern by pattern; most have none of it."""
PHRASES: Final = re.compile(r"under_way")
"""Names in which a word means what everybody means by it."""
DEPLOYED: Final = {
    "components/observability/pagerduty/handler.py": "its text is the function's code: a changed word deploys",
    "components/observability/slack.py": "the description of a role that stands",
    "components/recovery/promotion/function/order.py": "its text is the function's code",
}
"""File whose texts are inputs of resources that stand -> which."""
OLD_KEYS: Final = {
    "config/renamed.py": "the table of old keys",
    "sandbox/emulator/server.py": "the key of states that an earlier version saved",
}
"""File that has to know an old word -> why."""


def files() -> list[str]:
    """Return the files that are read, by their paths in the project."""
    found = [one for part in READ for one in ([ROOT / part] if (ROOT / part).is_file() else (ROOT / part).rglob("*.*"))]
    listed = sorted(str(one.relative_to(ROOT)) for one in found if one.suffix in (".py", ".md"))
    return [name for name in listed if not name.startswith(HISTORY)]


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every name that code gives or takes, with its line."""
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname"):
            found = getattr(node, field, None)
            if isinstance(found, str):
                yield getattr(node, "lineno", 0), found


def parts(name: str) -> list[str]:
    """Return the words of a name, of either spelling."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", PHRASES.sub("", name)).lower().strip("_").split("_")


def in_names(text: str) -> Iterator[str]:
    """Yield what is wrong with the names of a module; one without any of the words is not parsed."""
    if not any(word in text.lower() for word in NAMES):
        return
    for line, name in names(ast.parse(text)):
        for word in NAMES.keys() & set(parts(name)):
            yield f"{line}: name `{name}`: {word}; write {NAMES[word]}"


def in_text(text: str) -> Iterator[str]:
    """Yield what is wrong with the words of a file; its text is joined, so that no break of a line hides any."""
    if not ANY_TEXT.search(text):
        return
    for pattern, instead in TEXTS.items():
        for found in re.finditer(rf"(?<![\w-]){anywhere(pattern)}(?![\w-])", text, re.IGNORECASE):
            yield f"{text.count(chr(10), 0, found.start()) + 1}: {found[0]!r}; write {instead}"


def in_file(name: str) -> Iterator[str]:
    """Yield what is wrong with the words of a file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name not in DEPLOYED and name not in OLD_KEYS:
        yield from in_text(text)
    if name.endswith(".py") and name not in OLD_KEYS:
        yield from in_names(text)


def test_no_name_message_or_document_uses_a_word_of_our_own() -> None:
    found = [f"{name}:{one}" for name in files() for one in in_file(name)]
    assert found == [], "\n".join(found)


def test_every_part_of_the_project_is_read() -> None:
    assert {name.partition("/")[0] for name in files()} == {part for part in READ if (ROOT / part).exists()}


@pytest.mark.parametrize("name", DEPLOYED | OLD_KEYS)
def test_an_exception_is_still_needed(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [*in_text(text), *in_names(text)], f"{name}: no word of the list is in it any more; drop the exception"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def who_is_told() -> None: ...", "1: name `who_is_told`: told"),
        ("class FrontArgs: ...", "1: name `FrontArgs`: front"),
        ("front_door = frontier = untold = half_way = 0", "1: name `front_door`: front"),
        ("call(sole=1)", "1: name `sole`: sole"),
    ],
)
def test_a_word_is_found_in_a_name_of_either_spelling_and_not_inside_of_another(text: str, found: str) -> None:
    assert found in [one.partition(";")[0] for one in in_names(text)]
    assert not any("`frontier`" in one or "`untold`" in one for one in in_names(text))


def test_a_word_is_found_across_lines_and_not_inside_of_another() -> None:
    assert [one.partition(";")[0] for one in in_text("untold\ncured it\nlet\n  # go of")] == [
        "2: 'cured'",
        "3: 'let\\n  # go of'",
    ]
