"""Which Python module is behind an image of this project: the last element of its repository, looked up in a table.

The table is `services/images.yaml`: `<last element of the repository>: <dotted name of a module>`. The module is what
the image's ENTRYPOINT runs (`python -m <module>`); the command of a task definition is appended to it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKOUT: Final = Path(__file__).parents[3]
"""Directory that the modules of the table are found below."""
TABLE: Final = CHECKOUT / "services" / "images.yaml"

_NAME: Final = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
_MODULE: Final = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*")
_OWN: Final = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(.+)")


class TableError(ValueError):
    """The table of images cannot be used; the message says where and why."""


def table(path: Path = TABLE) -> dict[str, str]:
    """Read a table of images; one that does not exist is empty.

    Raises:
        TableError: It is no mapping of names of repositories to modules.
    """
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, yaml.YAMLError) as error:
        raise TableError(f"{path}: cannot be read: {error}") from error
    rows = read or {}
    if not isinstance(rows, dict):
        raise TableError(f"{path}: is {type(read).__name__}, not a mapping of repositories to modules")
    wrong = [
        f"{path}: {name!r}: {module!r}: a repository's last element and a dotted module are meant"
        for name, module in rows.items()
        if not (_NAME.fullmatch(str(name)) and isinstance(module, str) and _MODULE.fullmatch(module))
    ]
    if wrong:
        raise TableError("\n".join(wrong))
    return {str(name): str(module) for name, module in rows.items()}


def repository(image: str) -> str:
    """Return an image's name without tag and digest."""
    name = image.split("@", 1)[0]
    head, _, last = name.rpartition("/")
    return f"{head}/{last.split(':', 1)[0]}" if head else last.split(":", 1)[0]


def module_of(image: str, rows: Mapping[str, str]) -> str | None:
    """Return the module that an image runs; None for an image that is not of the table."""
    return rows.get(repository(image).rpartition("/")[2])


def in_registry(image: str) -> tuple[str, str, str, str] | None:
    """Return account, region, repository and tag or digest of an image of ECR; None for another registry's."""
    found = _OWN.fullmatch(repository(image))
    if found is None:
        return None
    _, at, digest = image.partition("@")
    tag = image.split("@", 1)[0].rpartition("/")[2].partition(":")[2]
    return found[1], found[2], found[3], digest if at else tag or "latest"
