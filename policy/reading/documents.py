"""The policy documents of a resource, wherever in its inputs they stand: as JSON text, as objects, or inside of either.

What makes a document is its form: statements with an effect. So a type that nobody has heard of is read like any other.
Where a document is not known yet its input tells, by `documents.txt`, made from the source of the provider's SDK:

    python -m policy.reading.documents
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy.reading.elsewhere import BY_INPUTS
from policy.reading.statement import Statement
from policy.values import SIGNATURE, Mark, UnknownValueError, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.resources import Resource

LIST: Final = Path(__file__).resolve().parents[1] / "documents.txt"
_CLASS: Final = re.compile(r"super\((\w+), __self__\)\.__init__\(\s*'(aws:[^']+)'")
_INPUT: Final = re.compile(
    r"^\s+(\w+): pulumi\.Input\[(?:Optional\[)?(?:_builtins\.str|Union\[_builtins\.str, )", re.MULTILINE
)
_NAMED: Final = re.compile(r"(^|_)(polic(y|ies)|policy_document)$")
_OTHERS: Final = re.compile(
    r"lifecycle|redrive|dataProtection|alpn|tls|ssl|securityPolicy|browser|scaling|capacity|retention|assignment|"
    r"notification|routing|snapshot|limitPolicy|protectionPolicy|build|termination|defaultPolicy|excess|webApp|cipher|"
    r"filter|receipt|archive|replay|deletion|propagation|sns/\w+:\w+ delivery|iot/policyAttachment|kendra|"
    r"logAccount|logIndex|networkmanager|opensearch/serverless|verifiedaccess",
    re.IGNORECASE,
)
"""Inputs that are policies in another sense than IAM's."""
_KEYS: Final = frozenset({"Statement", "statement", "Statements", "statements", "STATEMENT"})
_OPENING: Final = ("{", "[", " ", "\n", "\t", "\r")
_WALKED: Final = (str, dict, list, tuple)


@dataclass(frozen=True)
class Document:
    """One policy document."""

    where: str
    """Path of its input."""
    statements: Sequence[Statement]

    @property
    def is_of_identity(self) -> bool:
        """Whether it says what its holder may do, and not who may come."""
        return not any(statement.has_principal for statement in self.statements)


def documents(resource: Resource) -> list[Document]:
    """Return every document that is known.

    Raises:
        ValueError: an input that is a document holds text that is no JSON.
    """
    found: list[Document] = []
    known = known_inputs().get(resource.type, ())
    for key, value in resource.inputs.items():
        if isinstance(value, _WALKED):
            _within(value, key, known, found)
    made = BY_INPUTS.get(resource.type)
    return [*found, *([Document("principal", [made(resource)])] if made else [])]


def unknown_document(resource: Resource) -> str:
    """Return the path of the first document that is not known yet; empty where all are, or there is none."""
    keys = known_inputs().get(resource.type, ())
    return next((where for key in keys for where, value in resource.each(key) if value is Mark.UNKNOWN), "")


def statements(resource: Resource, *paths: str) -> Iterator[Statement]:
    """Yield the statements of the documents whose paths begin so, or of all; only then raise for one that is not known.

    Raises:
        UnknownValueError: a document is not known yet.
        ValueError: one is no JSON.
    """
    for document in resource.documents:
        if not paths or document.where.startswith(paths):
            yield from document.statements
    unknown = unknown_document(resource)
    if unknown and (not paths or unknown.startswith(paths)):
        raise UnknownValueError(unknown)


def _within(value: object, where: str, known: Sequence[str], found: list[Document]) -> None:
    """Gather the documents at or below a value."""
    if isinstance(value, str):
        if value[:1] in _OPENING or where in known:
            _in_text(value, where, known, found)
    elif isinstance(value, dict):
        if SIGNATURE in value:
            opened = plain(value)
            value = {} if opened is value or not isinstance(opened, _WALKED) else {"": opened}
        elif not _KEYS.isdisjoint(value) and (bodies := _bodies(value)):
            found.append(Document(where, [Statement(body, at, where) for at, body in enumerate(bodies)]))
        for key, below in value.items():
            if isinstance(below, _WALKED):
                _within(below, f"{where}.{key}" if key else where, known, found)
    else:
        for at, below in enumerate(value if isinstance(value, list | tuple) else ()):
            if isinstance(below, _WALKED):
                _within(below, f"{where}[{at}]", known, found)


def _in_text(text: str, where: str, known: Sequence[str], found: list[Document]) -> None:
    is_document = where in known
    if not is_document and "tatement" not in text:
        return
    if not text or plain(text) is Mark.UNKNOWN:
        return
    try:
        parsed = json.loads(text)
    except ValueError:
        if is_document:
            raise
        return
    _within(parsed, where, known, found)


def _bodies(value: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Return the statements of what may be a document: those of a firewall's rule have no effect."""
    found = plain(next(value[key] for key in _KEYS if key in value))
    bodies = [opened for each in (found if isinstance(found, list | tuple) else [found]) if (opened := _body(each))]
    return bodies if any(str(key).lower() == "effect" for body in bodies for key in body) else []


def _body(value: object) -> Mapping[str, object] | None:
    opened = plain(value)
    return opened if isinstance(opened, Mapping) else None


@cache
def known_inputs() -> Mapping[str, Sequence[str]]:
    """Return the inputs that are documents, by type."""
    found: dict[str, list[str]] = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        token, _, path = line.partition(" ")
        found.setdefault(token, []).append(path)
    return found


def scan() -> list[str]:
    """Return `token path` of every input of pulumi-aws that is a policy document by its name and its type.

    Raises:
        ModuleNotFoundError: pulumi-aws is not installed.
    """
    spec = find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pulumi_aws")
    found = {"aws:iam/role:Role inlinePolicies.policy"}
    for path in Path(spec.origin).parent.glob("*/*.py"):
        source = path.read_text(encoding="utf-8")
        for match in _CLASS.finditer(source):
            start = source.find(f"class {match[1]}Args:")
            signature = source[start : source.find("):", start)] if start >= 0 else ""
            named = [name for name in _INPUT.findall(signature) if _NAMED.search(name)]
            found |= {row for name in named if not _OTHERS.search(row := f"{match[2]} {_camel(name)}")}
    return sorted(found)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


if __name__ == "__main__":
    LIST.write_text("\n".join(scan()) + "\n", encoding="utf-8")
