"""What each component makes: types and counts, from a recording of every stack file."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from config import load_file, stack_files
from review.recording import record_stack
from review.reference.markdown import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from review.graph import Graph, Resource

ROOT: Final = Path(__file__).parents[2]
HEAD: Final = """\
# Components

What each component makes, written by `make reference` from an offline recording of every stack file.

- A number counts the resources of a type in a stack; `-` is none.
- A resource is counted for the nearest component above it.
- An EKS cluster and a node group are one each: their plugin makes more of them.

"""
_PREFIX: Final = "platform:"
_STACK: Final = "stack"


class Component(NamedTuple):
    """The class of a component."""

    file: str
    """Its module, from the root of the project."""
    name: str
    """Its name in Python."""
    what: str
    """First line of its docstring."""


def page() -> str:
    """Return the page: a chapter for each area, in it a table for each type of component."""
    made = {stack: _counted(graph) for stack, graph in graphs().items()}
    known, chapters = classes(), dict[str, list[str]]()
    for token in sorted({token for of_stack in made.values() for token in of_stack}):
        area = token.split(":")[1] if token.startswith(_PREFIX) else _STACK
        chapters.setdefault(area, []).append(_component(token, known.get(token), made))
    return HEAD + "\n".join(f"## {area}\n\n{chr(10).join(parts)}" for area, parts in chapters.items())


@cache
def graphs() -> Mapping[str, Graph]:
    """Return what every stack file registers, by stack."""
    return {stack: record_stack(stack, load_file(path)) for stack, path in sorted(stack_files().items())}


def classes() -> Mapping[str, Component]:
    """Return the components of the program by type token.

    A token outlives the name of its class, because resources that stand are known by it.
    """
    found = {}
    for path in sorted((ROOT / "components").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.ClassDef):
                continue
            for token in _tokens(node):
                what = (ast.get_docstring(node) or "").partition("\n")[0]
                found[token] = Component(str(path.relative_to(ROOT)), node.name, what)
    return found


def _tokens(node: ast.ClassDef) -> Iterator[str]:
    for call in ast.walk(node):
        match call:
            case ast.Call(func=ast.Attribute(attr="__init__"), args=[ast.Constant(value=str() as token), *_]):
                yield token


def _counted(graph: Graph) -> Mapping[str, Counter[str]]:
    """Return the number of resources of each type by the type of the component that makes them."""
    made: dict[str, Counter[str]] = {}
    for resource in graph.resources:
        if resource.custom or resource.remote:
            made.setdefault(_maker(graph, resource), Counter())[resource.type] += 1
    return made


def _maker(graph: Graph, resource: Resource) -> str:
    """Return the type token of the nearest component above a resource; `stack` where there is none."""
    above = graph.by_urn.get(resource.parent)
    while above is not None and not above.type.startswith(_PREFIX):
        above = graph.by_urn.get(above.parent)
    return above.type if above is not None else _STACK


def _component(token: str, known: Component | None, made: Mapping[str, Mapping[str, Counter[str]]]) -> str:
    types = sorted({type_ for of_stack in made.values() for type_ in of_stack.get(token, ())})
    rows = [(f"`{type_}`", *_counts(token, type_, made)) for type_ in types]
    source = f"[{known.name}](../../{known.file}): {known.what}\n\n" if known else "Made by no component.\n\n"
    title = f"### `{token}`\n\n" if token != _STACK else ""
    return f"{title}{source}{table(('type', *made), rows, right=len(made))}"


def _counts(token: str, type_: str, made: Mapping[str, Mapping[str, Counter[str]]]) -> Sequence[str]:
    return [str(of_stack.get(token, Counter())[type_] or "-") for of_stack in made.values()]
