"""IAM policy documents, which travel as JSON text, as statements."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from policy.values import is_list

if TYPE_CHECKING:
    from policy.values import Block

JsonObject = Mapping[str, object]

_NARROWING: Final = frozenset(
    {
        "aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
        "aws:sourceaccount", "aws:sourcearn", "aws:sourceowner", "aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce",
        "kms:calleraccount", "s3:dataaccesspointaccount",
    }
)  # fmt: skip
"""Condition keys that say who asks, in lower case; others (such as the transport) do not narrow the circle."""
_LETS_OTHERS_IN: Final = ("not", "null", "ifexists", "forallvalues")
"""Parts of operators that hold for everyone but the named, or for requests without the key."""
_WILDCARDS: Final = frozenset("*?")
_ACCOUNT: Final = 4
"""Place of the account in an ARN; ARNs of buckets leave it empty."""


class Statement:
    """One statement; absent parts read as empty."""

    def __init__(self, body: JsonObject, at: int) -> None:
        """Args: the parsed statement and its place in the document."""
        self._body = body
        self.label = str(body.get("Sid") or f"statement {at + 1}")

    @property
    def allows(self) -> bool:
        """Whether its effect is Allow."""
        return self._body.get("Effect") == "Allow"

    @property
    def actions(self) -> Sequence[str]:
        """Actions as written; the ones left out by `NotAction` read as `*`, which is what they nearly are."""
        return ["*"] if "NotAction" in self._body else _texts(self._body.get("Action"))

    @property
    def resources(self) -> Sequence[str]:
        """Resources as written; `NotResource` reads as `*`."""
        return ["*"] if "NotResource" in self._body else _texts(self._body.get("Resource"))

    @property
    def principals(self) -> Sequence[str]:
        """Principals of every kind; `NotPrincipal` reads as `*`."""
        if "NotPrincipal" in self._body:
            return ["*"]
        named = self._body.get("Principal")
        if isinstance(named, Mapping):
            return [text for kind in named.values() for text in _texts(kind)]
        return _texts(named)

    @property
    def is_for_everyone(self) -> bool:
        """Whether any account or no account at all is a principal."""
        return any(text in ("*", "arn:aws:iam::*:root") for text in self.principals)

    @property
    def is_public(self) -> bool:
        """Whether it lets everyone in, with no condition that says who."""
        return (
            self.allows
            and self.is_for_everyone
            and not any(
                key in _NARROWING
                and values
                and all(_identifies(value) for value in values)
                and not any(part in operator for part in _LETS_OTHERS_IN)
                for (operator, key), values in self.conditions.items()
            )
        )

    @property
    def conditions(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """Values by (operator, key), both in lower case, as IAM compares them."""
        written = self._body.get("Condition")
        if not isinstance(written, Mapping):
            return {}
        return {
            (str(operator).lower(), str(key).lower()): _texts(value)
            for operator, tests in written.items()
            if isinstance(tests, Mapping)
            for key, value in tests.items()
        }


def statements(block: Block, path: str) -> list[Statement]:
    """Return the statements of the document at `path`; none where it is not set.

    Raises:
        UnknownValueError: the document is not known yet.
        ValueError: it is no JSON.
    """
    written = block.get(path)
    document = json.loads(written) if isinstance(written, str) else written
    if not isinstance(document, Mapping):
        return []
    body = document.get("Statement")
    bodies = body if is_list(body) and isinstance(body, Sequence) else [body]
    return [Statement(each, at) for at, each in enumerate(bodies) if isinstance(each, Mapping)]


def _identifies(value: str) -> bool:
    """Whether a value says whose: the account of an ARN, a bucket, or the first part of a path has no wildcard."""
    parts = value.split(":", 5)
    whose = value if len(parts) <= _ACCOUNT + 1 else parts[_ACCOUNT] or parts[-1]
    return not _WILDCARDS & set(whose.partition("/")[0])


def _texts(value: object) -> list[str]:
    """Return a text or a list of texts as a list; IAM takes either."""
    if value is None:
        return []
    return [str(item) for item in value] if is_list(value) and isinstance(value, Sequence) else [_text(value)]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
