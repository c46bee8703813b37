"""Actions and resources as IAM matches them: `*` for any characters, `?` for one, and nothing else is special."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from policy.reading.actions import by_service, of_service
from policy.reading.logic import some
from policy.values import Mark, UnknownValueError, is_list, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

WILDCARDS: Final = frozenset("*?")
_ARN_PARTS: Final = 6
_KIND: Final = re.compile(r"[a-z-]+[/:][*?]+")
"""Every resource of one kind, such as `key/*` or `function:*`."""
_WITHOUT_KINDS: Final = "s3"
"""A service of which the ARNs begin with a name: there `name/*` is what one of them holds."""
NEARLY_ALL: Final = 0.9
"""Share of a service's actions from which those allowed count as all: one that is left out makes no policy narrow."""


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    text = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(re.sub(r"(\.\*)+", ".*", text), re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern covers a text; case counts."""
    start = pattern[:-1]
    if "*" not in start and "?" not in start:
        if pattern[-1:] == "*":
            return text.startswith(start)
        return pattern == text if pattern[-1:] != "?" else len(text) == len(pattern) and text.startswith(start)
    return _compiled(pattern).fullmatch(text) is not None


def texts(value: object) -> list[object]:
    """Return a text or a list of texts as a list, which IAM takes alike; unknown ones stay `Mark.UNKNOWN`."""
    value = plain(value)
    if value is Mark.ABSENT:
        return []
    items = [plain(item) for item in value] if is_list(value) else [value]
    return [item if item is Mark.UNKNOWN else _text(item) for item in items]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Patterns:
    """The actions or the resources of a statement."""

    items: Sequence[object]
    """Texts, and `Mark.UNKNOWN`."""
    inverted: bool
    """Whether they are what is left out (`NotAction`, `NotResource`)."""
    where: str
    """Path, for an unknown one."""

    @property
    def known(self) -> list[str]:
        """The patterns that are known."""
        return [item for item in self.items if isinstance(item, str)]

    def known_or_raise(self, item: object) -> str:
        """Return a pattern, or raise that it is not known."""
        if not isinstance(item, str):
            raise UnknownValueError(self.where)
        return item

    @property
    def shown(self) -> str:
        """The patterns for a message."""
        return ("all but " if self.inverted else "") + ", ".join(self.known)


class Actions(Patterns):
    """The actions of a statement; case does not count."""

    def cover(self, action: str) -> bool:
        """Tell whether an action is among them.

        Raises:
            UnknownValueError: the answer hangs on a pattern that is not known.
        """
        found = some(self.items, lambda item: matches(self.known_or_raise(item).lower(), action.lower()))
        return found is not self.inverted

    def all_of(self, service: str, *, share: float = 1) -> bool:
        """Tell whether all actions of a service are among them, or a share of all; of an unknown service, `service:*`.

        Raises:
            UnknownValueError: the answer hangs on a pattern that is not known.
        """
        if not self.inverted:
            if any(item.lower() in ("*", f"{service}:*") for item in self.known):
                return True
            if not any(self._may_reach(item, service) for item in self.items):
                return False
        known = of_service(service) or (f"{service}:any",)
        return sum(map(self.cover, known)) >= share * len(known)

    def _may_reach(self, item: object, service: str) -> bool:
        """Tell whether a pattern with a wildcard is about a service: names without one are never all of them."""
        if not isinstance(item, str):
            return True
        named, _, action = item.lower().partition(":")
        return matches(named, service) and bool(WILDCARDS & set(action or named))

    @property
    def services(self) -> list[str]:
        """The services whose actions may all be among them; of those that a wildcard or `NotAction` names, each."""
        if self.inverted:
            return list(by_service())
        found: dict[str, None] = {}
        for item in self.known:
            named, _, action = item.lower().partition(":")
            if WILDCARDS & set(named):
                return list(by_service())
            if WILDCARDS & set(action):
                found[named] = None
        return list(found)


class Resources(Patterns):
    """The resources of a statement."""

    def cover(self, arn: str) -> bool:
        """Tell whether an ARN is among them.

        Raises:
            UnknownValueError: the answer hangs on a pattern that is not known.
        """
        return some(self.items, lambda item: matches(self.known_or_raise(item), arn)) is not self.inverted

    def cover_all(self, service: str, kind: str = "") -> bool:
        """Tell whether every resource of a service, or every one of a kind such as `role/`, is among them.

        A policy works in its own account, so an account that an ARN names makes it no narrower, nor does a region.

        Raises:
            UnknownValueError: the answer hangs on a pattern that is not known.
        """
        if self.inverted:
            return not some(self.items, lambda item: self._all(self.known_or_raise(item), service, kind))
        return some(self.items, lambda item: self._all(self.known_or_raise(item), service, kind))

    def _all(self, pattern: str, service: str, kind: str) -> bool:
        parts = pattern.split(":", _ARN_PARTS - 1)
        if pattern and not set(pattern) - WILDCARDS:
            return True
        if len(parts) < _ARN_PARTS:
            return matches(pattern, f"arn:aws:{service}:us-east-1:100000000000:{kind}{_ANY}")
        every_kind = not kind and service != _WITHOUT_KINDS and _KIND.fullmatch(parts[5]) is not None
        return matches(parts[2], service) and (every_kind or matches(parts[5], f"{kind}{_ANY}"))

    @property
    def services(self) -> list[str]:
        """The services that the ARNs name; empty where one of them may be of any."""
        if self.inverted:
            return []
        named = [parts[2] if len(parts := item.split(":")) > 2 else "*" for item in self.known]  # noqa: PLR2004 ARN
        return [] if any(WILDCARDS & set(one) for one in named) else sorted(set(named))


_ANY: Final = "\ufffd7/\ufffd8:\ufffd9"
"""What no pattern names by chance: one that covers it covers everything."""
