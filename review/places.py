"""The line of a stack file, or of a base, to show a finding at.

A logical name begins with its area and goes on with the keys of the stack file that the resource was made from:
`data-postgres-reader-c` is made from `data.postgres.replicas.reader-c`. Below these keys, and beside them on the way
up, stands the setting whose name and value are those of the input, if one does. Where none does, the place is the
nearest key around: the program and not a setting gave the value.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

from config.explain import leaves
from config.problems import dotted
from policy.evidence.place import Place, input_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.files import StackFile
    from config.problems import Path
    from policy.evaluate import Finding
    from review.graph import Graph, Resource

_SECTIONS: Final = {"agents": "observability", "front": "edge", "writers": "recovery"}
"""Components that are made from another section than the one they are called after."""
_WORD: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_INDEX: Final = re.compile(r"\[\d+\]")
_SHORT: Final = 3
"""Letters of a word that is no plural, such as `dns`."""
_UNITS: Final = frozenset({"day", "gib", "second", "minute", "percent", "in", "of", "utc", "period"})
"""Words that two names share without meaning the same."""


class Places:
    """Leads from the findings on a graph to the lines of its stack file and bases."""

    def __init__(self, file: StackFile, graph: Graph) -> None:
        """Args: the stack file that the graph was made from; the graph."""
        self._graph = graph
        self._file = file

    def of(self, finding: Finding) -> Place:
        """Return the line to show a finding at; those on the whole stack stand at the settings' beginning."""
        return self.at(finding.urn, input_of(finding))

    def at(self, urn: str, path: str) -> Place:
        """Return the line that a resource, or one of its inputs, comes from."""
        resource = self._graph.by_urn.get(urn)
        if resource is None:
            return self._place(())
        node = self._node(resource)
        return self._place(self._setting(node, path, resource) if path else node)

    def _place(self, path: Path) -> Place:
        file, line = self._file.layers.place(path)
        return Place(file=file, line=line or 1, setting=dotted(path) if path else "")

    def _node(self, resource: Resource) -> Path:
        """Return the deepest key whose names, from its section on, stand in the resource's logical name."""
        section = self._section(resource)
        words = _words(resource.name)
        ranked = [(_covered(path[1:], words), -len(path), path) for path in self._nodes if path[:1] == (section,)]
        best = max(ranked, key=lambda one: one[:2], default=(0, 0, ()))
        return best[2] if best[0] else best[2][:1]

    def _section(self, resource: Resource) -> str:
        area = self._graph.area(resource)
        names = (area, area.partition("-")[0])
        top = next((one.type for one in self._graph.resources if one.name == area and not one.custom), "")
        known = {str(path[0]) for path in self._nodes}
        said = (*names, _SECTIONS.get(area, ""), top.split(":")[1] if top.count(":") > 1 else "")
        return next((name for name in said if name in known), "")

    @cached_property
    def _settings(self) -> Mapping[Path, object]:
        return dict(leaves(self._file.settings))

    @cached_property
    def _nodes(self) -> Sequence[Path]:
        """Paths of all keys that hold something, and of the settings, once each and in order."""
        return tuple(dict.fromkeys(path[:n] for path in self._settings for n in range(1, len(path) + 1)))

    def _setting(self, node: Path, path: str, resource: Resource) -> Path:
        """Return the setting behind an input: below the node, else one that stands beside it on the way up."""
        value, about = _value(resource.inputs, path), _words(f"{resource.type} {resource.name}")
        ranked = [
            (_alike(one[length:], path, about, _same(said, value)), length, one)
            for length in range(len(node), 0, -1)
            for one, said in self._settings.items()
            if one[:length] == node[:length] and (length == len(node) or len(one) == length + 1)
        ]
        score, _, best = max(ranked, key=lambda one: one[:2], default=(0, 0, ()))
        return best if score else node


@cache
def _words(name: object) -> frozenset[str]:
    """Return the words of a name in any spelling, in lower case and the singular."""
    words = (word.lower() for word in _WORD.findall(str(name)))
    return frozenset(word.removesuffix("s") if len(word) > _SHORT else word for word in words)


def _covered(steps: Path, name: frozenset[str]) -> int:
    """Return how many words of a name the steps of a path hold, the last of them among these; 0 = not its path."""
    if not steps or isinstance(steps[-1], int) or not _words(steps[-1]) <= name:
        return 0
    return len(frozenset().union(*(_words(step) for step in steps if _words(step) <= name)))


def _alike(steps: Path, asked: str, about: frozenset[str], equal: bool) -> int:  # noqa: FBT001 whether the values are the same
    """Return how well a setting's name says what an input's does; 0 where it says something else.

    Names that share two words are about the same, or one word and the value; units are no such words. A word of the
    setting that neither input nor resource has (`backup`, of a log group) speaks against it.
    """
    wanted = _words(_INDEX.sub("", asked))
    meant = wanted & _words(steps[-1]) - _UNITS if steps else frozenset()
    whole = all(_words(step) <= wanted for step in steps)
    if not meant or not (equal or whole or len(meant) > 1):
        return 0
    strange = _words(steps[-1]) - wanted - about - _UNITS
    return max(4 * len(meant) + 2 * equal + whole - 2 * len(strange), 1)


def _same(setting: object, value: object) -> bool:
    """Tell whether a setting and an input have the same value; both may spell a number or a boolean as text."""
    return setting is not None and str(setting).lower() == str(value).lower()


def _value(inputs: Any, path: str) -> object:  # noqa: ANN401 what a program gives
    """Return the value of an input at a dotted path; None where nothing stands there."""
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(inputs, list) and step.isdigit() and int(step) < len(inputs):
            inputs = inputs[int(step)]
        elif hasattr(inputs, "get"):
            inputs = inputs.get(step)
        else:
            return None
    return inputs
