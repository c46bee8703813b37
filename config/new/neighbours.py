"""The other stack files of a project, as far as they can be read: what a new stack must keep apart from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.bases import read_bases
from config.document import SETTINGS, find, value_at
from config.files import read_document, stack_files
from config.layers import Layers
from config.new.addresses import blocks_of
from config.problems import NOTHING, ConfigError
from config.reading import project_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from ipaddress import IPv4Network
    from pathlib import Path as FilePath


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Another stack of the project."""

    stack: str
    """Its name."""
    file: str
    """Name of its file."""
    settings: object
    """What stands under `platform:settings` and in its bases, valid or not."""

    def get(self, *path: str | int) -> Any:  # noqa: ANN401 - whatever stands there
        """Return the value at a path; None where there is none."""
        found = find(self.settings, path)
        return None if found is NOTHING else found

    def entries(self, *path: str | int) -> Iterable[object]:
        """Return the values of a mapping; none where there is none."""
        found = self.get(*path)
        return found.values() if isinstance(found, dict) else ()


def neighbours(directory: FilePath) -> list[Neighbour]:
    """Return every stack of a project.

    Raises:
        ConfigError: A file cannot be read, so nobody knows which blocks are taken.
    """
    return [
        Neighbour(stack=stack, file=path.name, settings=_settings(path))
        for stack, path in stack_files(directory).items()
    ]


def taken(others: Sequence[Neighbour]) -> set[IPv4Network]:
    """Return every private block that stacks name: their VPCs, their subnets, their peers, whom they let in."""
    return set().union(*(blocks_of(one.settings) for one in others))


def _settings(path: FilePath) -> object:
    document = read_document(path)
    if document.values is None:
        raise ConfigError(document.problems)
    settings = value_at(document.values, SETTINGS)
    return Layers(settings, None, "", read_bases(settings, project_of(path))).settings
