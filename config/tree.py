"""A YAML text as a tree of nodes with lines, built from the parser's events.

Events, since neither deep nesting nor a large file can then end the process, and since a tag, an alias or an anchor can
be refused where it stands while the rest is read on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, cast

import yaml

from config.scalar import FALSE, TRUE
from config.syntax import ESCAPE, Mistake, explain, without_bad_escapes
from config.text import REPLACEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_VALUES: Final = 20_000
"""Values that a stack file may hold, aliases counted as often as they are used; ten times what prod's has."""
_DEEPEST: Final = 50
"""Levels of nesting; the settings have nine."""
_MERGE: Final = "<<"
_MOST_ESCAPES: Final = 20
"""Lines with bad escapes that are reported."""


@dataclass(slots=True, eq=False)
class Scalar:
    """A value as it was written, without its quotes."""

    line: int
    text: str
    plain: bool
    """True outside quotes, where `5` is a number and `true` a truth value."""


@dataclass(slots=True, eq=False)
class Sequence:
    """A list."""

    line: int
    items: list[Node] = field(default_factory=list)

    def add(self, node: Node) -> None:
        """Take one more entry."""
        self.items.append(node)


@dataclass(eq=False)
class Mapping:
    """A mapping, keys in the order of the file, merge keys among them."""

    line: int
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    _key: Node | None = None

    def add(self, node: Node) -> None:
        """Take a key, or the value of the key before."""
        if self._key is None:
            self._key = node
        else:
            self.pairs.append((self._key, node))
            self._key = None

    @cached_property
    def own(self) -> dict[str, tuple[Node, Node]]:
        """Key and value by name, without what is merged in; of a key given twice the last."""
        return {key_of(key): (key, value) for key, value in self.pairs if isinstance(key, Scalar) and not is_merge(key)}


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(slots=True)
class Tree:
    """What a text holds."""

    root: Node | None
    """None where it holds nothing, or cannot be read."""
    mistakes: list[Mistake]
    """Everything that is wrong with it."""


class _Loader(Protocol):
    """What PyYAML's two parsers share."""

    line: int

    def check_event(self) -> bool: ...

    def get_event(self) -> Any: ...  # noqa: ANN401 - PyYAML's stubs say of every mark that it may be missing

    def dispose(self) -> None: ...


def key_of(node: Scalar) -> str:
    """Return a key as the engine names it; keys are text, whatever they look like."""
    return node.text.lower() if node.plain and node.text in TRUE | FALSE else node.text


def is_merge(node: Node) -> bool:
    """Tell the key whose value is merged into the mapping around it."""
    return isinstance(node, Scalar) and node.plain and node.text == _MERGE


def merged(node: Node) -> Iterator[Node]:
    """Yield the mappings that a merge key names, the strongest first."""
    if isinstance(node, Sequence):
        yield from node.items
    else:
        yield node


def parse(text: str) -> Tree:
    """Return the tree of a text; bad escapes in quotes are reported, and hide nothing else."""
    return _tree(text, libyaml=bool(yaml.__with_libyaml__))


@lru_cache(maxsize=4)
def _tree(text: str, *, libyaml: bool) -> Tree:
    """Return a tree that nobody changes: a primary's is asked for again with each of its standbys."""
    tree, reported = _parse(text, libyaml=libyaml), list[Mistake]()
    while tree.mistakes and tree.mistakes[-1].what.endswith(ESCAPE) and len(reported) < _MOST_ESCAPES:
        reported.append(tree.mistakes[-1])
        text = without_bad_escapes(text, reported[-1].line)
        tree = _parse(text, libyaml=libyaml)
    return Tree(tree.root, [*reported, *tree.mistakes])


def _parse(text: str, *, libyaml: bool) -> Tree:
    """Return the tree; by libyaml, from which the engine's parser descends, where PyYAML has it."""
    loader = cast("_Loader", (yaml.CSafeLoader if libyaml else yaml.SafeLoader)(text))
    builder = _Builder()
    try:
        while loader.check_event():
            if not builder.take(loader.get_event()):
                return Tree(None, builder.mistakes)
    except yaml.YAMLError as error:
        return Tree(None, [*builder.mistakes, explain(error, text, builder.quote)])
    except (ValueError, OverflowError):  # PyYAML's own parser meets an escape that stands for no character
        return Tree(None, [*builder.mistakes, Mistake(line=loader.line + 1, what=ESCAPE)])
    finally:
        loader.dispose()
    return Tree(builder.root, builder.mistakes)


class _Builder:
    """Puts nodes together."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.mistakes: list[Mistake] = []
        self.quote: tuple[int, int] | None = None
        """First and last line of the last text in quotes that has more than one."""
        self._open: list[Sequence | Mapping] = []
        self._anchors: dict[str, Node] = {}
        self._values = 0

    def take(self, event: Any) -> bool:  # noqa: ANN401 - one of PyYAML's events
        """Take the next event; return whether there is a use in going on."""
        line: int = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._put(self._anchored(str(event.anchor), line))
        elif isinstance(event, yaml.CollectionStartEvent):
            node = Sequence(line) if isinstance(event, yaml.SequenceStartEvent) else Mapping(line)
            self._new(event, node)
            self._open.append(node)
        elif isinstance(event, yaml.DocumentStartEvent) and self._values:
            return self._stop(line, "a second document", "remove the line `---`, or what follows it")
        if self._values > MOST_VALUES:
            return self._stop(line, f"has more than {MOST_VALUES} values", "divide the stack")
        if len(self._open) > _DEEPEST:
            return self._stop(line, "nested too deeply", "flatten it")
        return True

    def _scalar(self, event: Any, line: int) -> None:  # noqa: ANN401 - one of PyYAML's events
        last = event.end_mark.line + 1
        if event.style in ("'", '"') and last > line:
            self.quote = (line, last)
        self._new(event, Scalar(line, event.value, plain=not event.style))

    def _stop(self, line: int, what: str, fix: str) -> bool:
        self.mistakes.append(Mistake(line=line, what=what, fix=fix))
        return False

    def _new(self, event: Any, node: Node) -> None:  # noqa: ANN401 - one of PyYAML's events
        if event.tag not in (None, "!"):
            fix = "remove it; quotes make text of a value"
            self.mistakes.append(Mistake(line=node.line, what="a tag, which says of what type a value is", fix=fix))
        if event.anchor is not None:
            if event.anchor in self._anchors:
                what = "an anchor given twice"
                self.mistakes.append(Mistake(line=node.line, what=what, fix="choose another name for one of the two"))
            self._anchors[event.anchor] = node
        self._put(node)

    def _put(self, node: Node) -> None:
        self._values += 1
        if self._open:
            self._open[-1].add(node)
        else:
            self.root = node

    def _anchored(self, name: str, line: int) -> Node:
        if name not in self._anchors:
            fix = "write the value out, or correct the name; an anchor stands before its aliases"
            self.mistakes.append(Mistake(line=line, what="an alias without its anchor", fix=fix))
        return self._anchors.get(name) or Scalar(line, REPLACEMENT, plain=True)
