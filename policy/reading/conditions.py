"""Conditions of IAM: those that say who asks, and those that only look so.

A condition narrows the circle if it is false for a request without the key, and every value says whose: an account, an
organization, a network, without a wildcard or a variable in that part.
IAM User Guide, "IAM JSON policy elements: Condition operators", read November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy.reading.addresses import are_world, network
from policy.reading.logic import every, some
from policy.reading.patterns import WILDCARDS, texts
from policy.values import Mark, UnknownValueError, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WHO: Final = frozenset(
    {
        "aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:userid",
        "aws:sourceaccount", "aws:sourcearn", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths",
        "aws:sourcevpc", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths",
        "kms:calleraccount", "s3:dataaccesspointaccount", "s3:dataaccesspointarn",
    }
)  # fmt: skip
"""Keys that say who asks, in lower case; others, such as the transport or the resource's owner, say nothing of it."""
_FROM: Final = frozenset({"aws:sourceip", "aws:vpcsourceip"})
_MOUNTED: Final = "elasticfilesystem:accessedviamounttarget"
_EQUALS: Final = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "numericequals"}
)
_ANY_VALUE: Final = "foranyvalue:"
_ALL_VALUES: Final = "forallvalues:"
_IF_EXISTS: Final = "ifexists"
_ACCOUNT: Final = 4
"""Place of the account in an ARN; ARNs of buckets leave it empty."""


@dataclass(frozen=True)
class Test:
    """One condition: an operator, a key, and the values of which one must fit."""

    operator: str
    """In lower case, without its quantifier and without `IfExists`."""
    key: str
    """In lower case, as IAM compares keys."""
    values: Sequence[object]
    """Texts, and `Mark.UNKNOWN`."""
    needs_key: bool
    """Whether it is false for a request that has no such key."""
    where: str

    def fixed(self, whose: Callable[[str], str]) -> bool:
        """Tell whether there are values, and the part of each that says whose has no wildcard and no variable."""

        def loose(value: object) -> bool:
            if not isinstance(value, str):
                raise UnknownValueError(self.where)
            part = whose(value)
            return not part or bool(WILDCARDS & set(part)) or "${" in part

        return bool(self.values) and not some(self.values, loose)

    @property
    def equals(self) -> bool:
        """Whether the operator asks that the key is one of the values."""
        return self.operator in _EQUALS


def tests(condition: object, where: str) -> list[Test]:
    """Return the conditions of a statement.

    Raises:
        UnknownValueError: they are not known yet.
    """
    condition = plain(condition)
    if condition is Mark.UNKNOWN:
        raise UnknownValueError(where)
    if not isinstance(condition, Mapping):
        return []
    found = [test for operator, asked in condition.items() for test in _of_operator(str(operator), asked, where)]
    present = {test.key for test in found if test.operator == "null" and list(test.values) == ["false"]}
    return [Test(t.operator, t.key, t.values, t.needs_key or t.key in present, t.where) for t in found]


def _of_operator(operator: str, asked: object, where: str) -> list[Test]:
    asked = plain(asked)
    if asked is Mark.UNKNOWN:
        raise UnknownValueError(where)
    written = operator.lower()
    if not isinstance(asked, Mapping):
        return []
    needs_key = not written.startswith(_ALL_VALUES) and not written.endswith(_IF_EXISTS)
    plainly = written.removeprefix(_ALL_VALUES).removeprefix(_ANY_VALUE).removesuffix(_IF_EXISTS)
    return [Test(plainly, str(key).lower(), texts(value), needs_key, where) for key, value in asked.items()]


def says_who(test: Test) -> bool:
    """Tell whether a condition keeps out everyone but some whom it identifies.

    Raises:
        UnknownValueError: the answer hangs on a value that is not known.
    """
    if not test.needs_key:
        return False
    if test.key in _FROM:
        return test.operator == "ipaddress" and bool(test.values) and not _are_anywhere(test)
    if test.key == _MOUNTED:
        return test.operator == "bool" and list(test.values) == ["true"]
    if test.key == "aws:userid":
        return every(lambda: test.equals, lambda: test.fixed(lambda value: value.partition(":")[0]))
    return test.key in WHO and test.equals and test.fixed(owner)


def _are_anywhere(test: Test) -> bool:
    """Tell whether the addresses together are the world; what is no address is read as anywhere."""
    known = [value for value in test.values if isinstance(value, str)]
    try:
        if are_world(map(network, known)):
            return True
    except ValueError:
        return True
    if len(known) < len(test.values):
        raise UnknownValueError(test.where)
    return False


def owner(value: str) -> str:
    """Return the part of a value that says whose: the account of an ARN, a bucket, or the first part of a path."""
    parts = value.split(":", _ACCOUNT + 1)
    whose = value if len(parts) <= _ACCOUNT + 1 else parts[_ACCOUNT] or parts[-1]
    return whose.partition("/")[0]
