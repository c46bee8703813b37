"""Rules that need no function of their own: a value check is a row, and so is "every X has a Y"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Unpack

from policy.rule import Breach, Facts, Rule, Settings, build
from policy.values import Mark, UnknownValueError, number, same, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from policy.resources import Resource, Stack

_EMPTY: Final[tuple[object, ...]] = ("", [], (), {})


@dataclass(frozen=True)
class Must:
    """What a guarded value has to be."""

    allowed: str
    """Words for the message, such as `true` or `at least 7`."""
    test: Callable[[object], bool]
    """Tells whether a known value is allowed."""
    absent_is_fine: bool = False
    """True where AWS's own default is allowed."""
    unknown_is_fine: bool = False
    """True where presence is all that is asked: a value that is not known yet will be there."""


def be(value: object, *, by_default: bool = False) -> Must:
    """Ask for one value; `by_default` says that AWS's default is that value."""
    return Must(show(value), lambda found: same(found, value), absent_is_fine=by_default)


def be_one_of(*values: str) -> Must:
    """Ask for one of several values."""
    return Must(" or ".join(values), lambda found: found in values)


def not_be(*values: object) -> Must:
    """Ask for anything but these values; not set is fine."""
    allowed = "anything but " + show(values)
    return Must(allowed, lambda found: not any(same(found, value) for value in values), absent_is_fine=True)


def be_set() -> Must:
    """Ask for any value."""
    return Must("any value", lambda found: found not in _EMPTY, unknown_is_fine=True)


def be_own_key() -> Must:
    """Ask for a KMS key that is not one of AWS's own, which nobody can share, restrict or disable."""

    def own(found: object) -> bool:
        return found not in _EMPTY and "alias/aws/" not in str(found) and not str(found).startswith("AWS_OWNED")

    return Must("a key of ours", own, unknown_is_fine=True)


def not_be_set(instead: str) -> Must:
    """Ask that the input is left out, or empty."""
    return Must(instead, lambda found: found in _EMPTY, absent_is_fine=True)


def at_least(limit: int) -> Must:
    """Ask for a number from `limit` on."""
    return Must(f"at least {limit}", lambda found: (amount := number(found)) is not None and amount >= limit)


def at_most(limit: int) -> Must:
    """Ask for a number up to `limit`."""
    return Must(f"at most {limit}", lambda found: (amount := number(found)) is not None and amount <= limit)


def check(
    name: str, title: str, path: str | Sequence[str], must: Must, *, why: str = "", **facts: Unpack[Facts]
) -> Rule:
    """Make a rule of a row: every value at `path` (or at each of several paths) must be allowed."""
    paths = (path,) if isinstance(path, str) else tuple(path)
    facts.setdefault("guards", tuple(dict.fromkeys(each.split(".")[0] for each in paths)))
    facts.setdefault("reads", paths)
    facts["allowed"] = must.allowed

    def judge(resource: Resource, _settings: Settings) -> Iterable[str]:
        unknown = ""
        for where, value in (leaf for each in paths for leaf in resource.each(each)):
            if value is Mark.UNKNOWN:
                unknown = unknown or ("" if must.unknown_is_fine else where)
            elif not (must.absent_is_fine if value is Mark.ABSENT else must.test(value)):
                yield f"{where} is {show(value)}; allowed: {must.allowed}"
        if unknown:
            raise UnknownValueError(unknown)

    return build(name, (title, why), facts, judge=judge)


def only(where: Callable[[Resource], bool], rule: Rule) -> Rule:
    """Narrow a rule on one resource to those that it is about, where their type alone does not say."""
    judge = rule.judge
    if judge is None:
        raise ValueError(f"{rule.name}: a rule on a stack chooses its resources itself")
    return replace(rule, judge=lambda resource, settings: judge(resource, settings) if where(resource) else ())


def forbidden(name: str, title: str, *, why: str = "", **facts: Unpack[Facts]) -> Rule:
    """Make a rule of a row: resources of these types are not in the program at all."""

    def judge(_resource: Resource, _settings: Settings) -> Iterable[str]:
        yield "is in the program; allowed: none of its type"

    return build(name, (title, why), facts, judge=judge)


def paired(  # noqa: PLR0913 the columns of a row
    name: str,
    title: str,
    *,
    by: Sequence[str],
    key: str,
    why: str = "",
    where: Callable[[Resource], bool] = lambda _: True,
    **facts: Unpack[Facts],
) -> Rule:
    """Make a rule of a row: every resource in `on` has a partner of a type in `by` whose input `key` names it.

    `where` narrows it to those that it is about.
    """
    kind = by[0].rpartition(":")[2]

    def judge(stack: Stack, _settings: Settings) -> Iterable[Breach]:
        partners = stack.of(by)
        for owner in stack.of(facts["on"]):
            if where(owner) and not any(partner.refers_to(owner, key) for partner in partners):
                yield Breach(owner, f"no {kind} of this stack names it by {key}")

    return build(name, (title, why), facts, judge_stack=judge)
