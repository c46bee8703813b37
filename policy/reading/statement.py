"""One statement of a policy document: whom it lets do what to which resources, under what conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from policy.reading import conditions
from policy.reading.conditions import says_who
from policy.reading.logic import every, some
from policy.reading.patterns import WILDCARDS, Actions, Resources, texts
from policy.values import Mark, UnknownValueError, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

JsonObject = Mapping[str, object]

_ACCOUNT: Final = 4
_ALL_KINDS: Final = "*"


@dataclass(frozen=True)
class Principal:
    """Who: an account, a role, a service, an identity provider, or everyone."""

    kind: str
    """`AWS`, `Service`, `Federated`, `CanonicalUser`; `*` where none is written."""
    value: object
    """Text, or `Mark.UNKNOWN`."""
    where: str

    @property
    def text(self) -> str:
        """The principal as written.

        Raises:
            UnknownValueError: it is not known.
        """
        if not isinstance(self.value, str):
            raise UnknownValueError(self.where)
        return self.value

    @property
    def is_everyone(self) -> bool:
        """Whether any account, any service or nobody in particular is meant; a wildcard in an account is any."""
        return bool(WILDCARDS & set(self.account if self.text.startswith("arn:") else self.text))

    @property
    def account(self) -> str:
        """The account of an ARN, or the number itself; empty where there is none."""
        parts = self.text.split(":")
        return parts[_ACCOUNT] if len(parts) > _ACCOUNT else self.text if self.text.isdigit() else ""

    @property
    def is_account(self) -> bool:
        """Whether it is an account as a whole: everyone in it whom its own policies let."""
        return self.text.isdigit() or self.text.endswith(":root")


class Statement:
    """One statement; absent parts read as empty, names of elements in any case."""

    def __init__(self, body: JsonObject, at: int, where: str = "Statement") -> None:
        """Args: the parsed statement, its place in the document, and the path of the document."""
        self._body = {str(key).lower(): value for key, value in body.items()}
        self.where = where
        sid = plain(self._body.get("sid"))
        self.label = str(sid) if isinstance(sid, str) and sid else f"statement {at + 1}"

    def _known(self, key: str) -> object:
        value = plain(self._body.get(key))
        if value is Mark.UNKNOWN:
            raise UnknownValueError(f"{self.where}: {self.label}.{key.title()}")
        return None if value is Mark.ABSENT else value

    @property
    def allows(self) -> bool:
        """Whether its effect is Allow; one that is neither is refused by AWS.

        Raises:
            UnknownValueError: the effect is not known.
        """
        return str(self._known("effect")).lower() == "allow"

    @property
    def denies(self) -> bool:
        """Whether its effect is Deny.

        Raises:
            UnknownValueError: the effect is not known.
        """
        return str(self._known("effect")).lower() == "deny"

    @cached_property
    def actions(self) -> Actions:
        """The actions, or all but those that `NotAction` leaves out."""
        inverted = "notaction" in self._body
        return Actions(texts(self._body.get("notaction" if inverted else "action")), inverted, self.where)

    @cached_property
    def resources(self) -> Resources:
        """The resources, or all but those that `NotResource` leaves out."""
        inverted = "notresource" in self._body
        return Resources(texts(self._body.get("notresource" if inverted else "resource")), inverted, self.where)

    @property
    def has_principal(self) -> bool:
        """Whether it says to whom it applies, as policies of resources and of trust do."""
        return "principal" in self._body or "notprincipal" in self._body

    @cached_property
    def principals(self) -> Sequence[Principal]:
        """The principals; `NotPrincipal` names none of them."""
        named = plain(self._body.get("principal"))
        kinds = named if isinstance(named, Mapping) else {_ALL_KINDS: named}
        where = f"{self.where}: {self.label}.Principal"
        return [Principal(str(kind), text, where) for kind, written in kinds.items() for text in texts(written)]

    @property
    def is_for_everyone(self) -> bool:
        """Whether any account or no account at all is a principal; all but the named, too, where it allows.

        Raises:
            UnknownValueError: the answer hangs on a principal that is not known.
        """
        if "notprincipal" in self._body:
            return self.allows
        return some(self.principals, lambda one: one.is_everyone)

    @cached_property
    def conditions(self) -> list[conditions.Test]:
        """The conditions, all of which must hold.

        Raises:
            UnknownValueError: they are not known.
        """
        return conditions.tests(self._body.get("condition"), f"{self.where}: {self.label}.Condition")

    @property
    def says_who(self) -> bool:
        """Whether a condition keeps out everyone but some whom it identifies.

        Raises:
            UnknownValueError: the answer hangs on a condition that is not known.
        """
        return some(self.conditions, says_who)

    @property
    def is_public(self) -> bool:
        """Whether it lets everyone in, with no condition that says who.

        Raises:
            UnknownValueError: the answer hangs on a part that is not known.
        """
        return every(lambda: self.allows, lambda: self.is_for_everyone, lambda: not self.says_who)

    def only_if(self, *wanted: tuple[str, str, str]) -> bool:
        """Tell whether it has one condition, which is one of (operator, key, value), in lower case."""
        if len(self.conditions) != 1:
            return False
        test = self.conditions[0]
        return any((test.operator, test.key, [value]) == (one, key, list(test.values)) for one, key, value in wanted)


PLAIN_TEXT: Final = ("bool", "aws:securetransport", "false")
"""The condition that holds for requests without TLS."""
