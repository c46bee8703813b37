"""Writes `deciding.txt`: every input of the provider's types that decides on encryption, exposure, logs or loss.

    python -m policy.deciding

The inputs are read from the source of the installed SDK, nested ones included, so that a new version of it brings its
new inputs here. The list stands in the repository so that judging a stack does not import the whole SDK. Which inputs
those are is said by their names; what an input that is listed by mistake means, `unguarded.txt` says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

LIST: Final = Path(__file__).resolve().parent / "deciding.txt"
KINDS: Final[tuple[tuple[str, str], ...]] = (
    ("loss", r"(deletion|delete|termination)-protect|final-(snapshot|backup)|force-(destroy|delete)"),
    ("exposure", r"\bpublic\b(?!-(key|dns|suffix))|\bpublicly\b|internet-access"),
    ("transit", r"\btls\b(?!-inspection)|\bssl\b|transit-encryption|encryption-in-transit|https-only|enforce-https"),
    ("encryption", r"encrypt|\bkms\b|\bsse\b"),
    ("logs", r"\b(access|audit|query|error|slow|execution|broker|flow)-logs?\b|\blogging\b|logs?-(exports|config)"),
)
"""Kind of decision -> what the words of an input's name look like; the first that fits counts."""
_BARE: Final = frozenset(
    {
        "enabled", "enable", "type", "mode", "level", "status", "state", "option", "enforce", "keyId", "keyArn",
        "keyType", "clientBroker", "inCluster", "logGroup", "logGroupArn", "bucket", "targetBucket", "destination",
        "destinationArn",
    }
)  # fmt: skip
"""Last names that decide what the name before them says: `encryptionConfiguration.enabled`."""
_LEAVES_OPEN: Final = re.compile(
    r"-(context|prefix|suffix|format|period|seconds|interval|identifier-prefix|header-name|version|tags?|port)$"
    r"|^(additional|routing)-|log-stream|delimiter|address"
)
"""Names that look as if they decided, and say only where or how."""
_DEEPEST: Final = 6
"""Steps of a path that are followed; no deciding input of the SDK lies deeper but in recursive statements of WAF."""
_CLASS: Final = re.compile(r"^class (\w+)Args:\n    def __init__\(__self__, \*,\n(.*?)\):$", re.MULTILINE | re.DOTALL)
_FIELD: Final = re.compile(r"^ +(\w+): pulumi\.Input\[(.*)\](?: = None)?,?$", re.MULTILINE)
_NAME: Final = re.compile(r'@pulumi\.getter\(name="(\w+)"\)\n    def (\w+)\(self\)')
_TOKEN: Final = re.compile(r"super\((\w+), __self__\)\.__init__\(\s*'(aws:[^']+)'")
_BELOW: Final = re.compile(r"'(?:\w+\.)*(\w+)Args'")
_BASIC: Final = re.compile(r"_builtins\.(bool|str|int|float)")


class Input(NamedTuple):
    """One input that decides."""

    kind: str
    token: str
    path: str
    """Dotted, lists left out."""
    type: str
    """`bool`, `str`, `int`, `float` or `block`."""


@dataclass(frozen=True)
class _Field:
    name: str
    type: str
    below: str
    """Class of the object; empty for plain values."""


def scan() -> list[Input]:
    """Return the deciding inputs of every resource type of pulumi-aws, sorted.

    Raises:
        ModuleNotFoundError: pulumi-aws is not installed.
    """
    return sorted({found for type_ in _types() for found in _deciding(*type_)})


def inputs(tokens: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Return the names of the inputs of some types, in the provider's spelling, without types that it does not have.

    Raises:
        ModuleNotFoundError: pulumi-aws is not installed.
    """
    return {token: frozenset(field.name for field in fields) for token, fields, _ in _types() if token in tokens}


def _types() -> Iterator[tuple[str, Sequence[_Field], Mapping[str, Sequence[_Field]]]]:
    """Yield every resource type of pulumi-aws, with its inputs and the classes of objects in them.

    The inputs of a type are a class of its name and `Args`; where an object of that name is in the way, `InitArgs`.
    """
    spec = find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pulumi_aws")
    for folder in sorted(path.parent for path in Path(spec.origin).parent.glob("*/__init__.py")):
        nested = folder / "_inputs.py"
        classes = dict(_classes(nested.read_text(encoding="utf-8"))) if nested.is_file() else {}
        for source in folder.glob("*.py"):
            text = source.read_text(encoding="utf-8") if source.name not in ("_inputs.py", "outputs.py") else ""
            own = dict(_classes(text)) if "__self__).__init__(" in text else {}
            for match in _TOKEN.finditer(text):
                yield match[2], own.get(match[1]) or own.get(f"{match[1]}Init", ()), classes


def _classes(text: str) -> Iterator[tuple[str, Sequence[_Field]]]:
    """Yield the classes of inputs in a source, with their fields in the provider's spelling."""
    starts = list(_CLASS.finditer(text))
    for at, match in enumerate(starts):
        body = text[match.end() : starts[at + 1].start() if at + 1 < len(starts) else len(text)]
        spelled = {name: camel for camel, name in _NAME.findall(body)}
        yield match[1], [_field(spelled.get(name, camel(name)), kind) for name, kind in _FIELD.findall(match[2])]


def _field(name: str, kind: str) -> _Field:
    below, basic = _BELOW.search(kind), _BASIC.findall(kind)
    return _Field(name, basic[-1] if basic and not below else "block", below[1] if below else "")


def _deciding(token: str, fields: Sequence[_Field], classes: Mapping[str, Sequence[_Field]]) -> Iterator[Input]:
    def walk(fields: Sequence[_Field], path: tuple[str, ...], seen: frozenset[str]) -> Iterator[Input]:
        for field in fields:
            here = (*path, field.name)
            if field.below and field.below not in seen and len(here) < _DEEPEST:
                yield from walk(classes.get(field.below, ()), here, seen | {field.below})
            elif kind := kind_of(here):
                yield Input(kind, token, ".".join(here), field.type)

    yield from walk(fields, (), frozenset())


def kind_of(path: Sequence[str]) -> str:
    """Return what an input decides by its name, or by the name above a bare one; empty where it decides nothing."""
    text = words(path[-1])
    if path[-1] in _BARE and len(path) > 1:
        text = f"{words(path[-2])}-{text}"
    if _LEAVES_OPEN.search(text):
        return ""
    return next((kind for kind, pattern in KINDS if re.search(pattern, text)), "")


def camel(name: str) -> str:
    """Return a name of Python's in the provider's spelling; the SDK says so itself where this would be wrong."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def words(name: str) -> str:
    """Return a name in camel case as lower-case words: `s3KmsKeyArn` is `s3-kms-key-arn`."""
    return "-".join(re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)).lower()


@cache
def listed() -> Mapping[str, Sequence[Input]]:
    """Return the deciding inputs by type, as the list has them."""
    found: dict[str, list[Input]] = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        one = Input(*line.split())
        found.setdefault(one.token, []).append(one)
    return found


if __name__ == "__main__":
    LIST.write_text("".join(f"{' '.join(one)}\n" for one in scan()), encoding="utf-8")
