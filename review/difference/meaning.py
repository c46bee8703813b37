"""What of a change a reviewer has to look at, in the words of who is concerned: exposure, rights, keys, protection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from review.difference.flags import FLAGS, of_type
from review.difference.forcing import pattern
from review.difference.rights import rights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.difference.compare import Changed
    from review.difference.flags import Concern
    from review.difference.values import Differs

_EVERYBODY: Final = frozenset({"0.0.0.0/0", "::/0", "*"})
_SHOWN: Final = 3
"""Rights that are named; more are counted."""


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """One thing that a change means."""

    concern: Concern
    """Whom it concerns."""
    worse: bool
    """True where it opens, allows, uncovers or unprotects."""
    text: str
    """What it means, one sentence without the resource's name."""
    path: str = ""
    """The input that says so."""


def meanings(changed: Changed) -> Iterator[Meaning]:
    """Yield what a change means; nothing for one that concerns nobody."""
    yield from _of_rights(changed)
    before = changed.before.inputs if changed.before is not None and changed.operation != "delete" else {}
    if changed.operation == "delete":
        yield from _of_what_goes(changed)
        return
    for name, flag in FLAGS.items():
        was, now = before.get(name), changed.resource.inputs.get(name)
        if was != now and (said := flag.said(was, now)) is not None:
            yield Meaning(concern=flag.concern, worse=said.worse, text=said.text, path=name)
    yield from _reached(changed)
    yield from _of_protection(changed)


def _of_rights(changed: Changed) -> Iterator[Meaning]:
    found = rights(changed)
    for gained, some in ((True, found.gained), (False, found.lost)):
        plain, denied = ([one for one in some if one.denied is deny] for deny in (False, True))
        for worse, ones, verb in (
            (gained, plain, "may now" if gained else "may no longer"),
            (not gained, denied, "is now" if gained else "is no longer"),
        ):
            if ones:
                named = "; ".join(map(str, ones[:_SHOWN]))
                more = f"; and {len(ones) - _SHOWN} more" if len(ones) > _SHOWN else ""
                yield Meaning(concern="rights", worse=worse, text=f"{verb}: {named}{more}", path="policy")


def _of_what_goes(changed: Changed) -> Iterator[Meaning]:
    if (guard := of_type(changed.resource.type)) is not None:
        yield Meaning(concern=guard.concern, worse=True, text=guard.text)


def _reached(changed: Changed) -> Iterator[Meaning]:
    """Yield blocks of addresses that reach it now, or no longer, where one means everybody."""
    before = changed.before.inputs if changed.before is not None else {}
    for name in ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks", "publicAccessCidrs", "ingresses"):
        was, now = _blocks(before.get(name)), _blocks(changed.resource.inputs.get(name))
        if "Egress" in changed.resource.type or was == now:
            continue
        if _EVERYBODY & (now - was):
            yield Meaning(concern="exposure", worse=True, text=f"everybody reaches it now{_ports(changed)}", path=name)
        elif _EVERYBODY & (was - now):
            yield Meaning(concern="exposure", worse=False, text="not everybody reaches it any more", path=name)
        elif now - was:
            text = f"{', '.join(sorted(now - was))} reach it now{_ports(changed)}"
            yield Meaning(concern="exposure", worse=True, text=text, path=name)


def _ports(changed: Changed) -> str:
    low, high = (changed.resource.inputs.get(name) for name in ("fromPort", "toPort"))
    if low is None:
        return ""
    return f" on port {low}" if low == high else f" on ports {low} to {high}"


def _blocks(value: Any) -> frozenset[str]:  # noqa: ANN401  what programs give
    if isinstance(value, str):
        return frozenset({value})
    if isinstance(value, dict):
        return frozenset().union(*map(_blocks, (one for key, one in value.items() if "cidr" in key.lower())))
    return frozenset().union(*map(_blocks, value)) if isinstance(value, list) else frozenset()


def _of_protection(changed: Changed) -> Iterator[Meaning]:
    """Yield what the engine no longer refuses to delete, and what is kept for a shorter time."""
    if changed.before is None:
        return
    for name, words in (
        ("protect", "the engine deletes it when asked"),
        ("retain_on_delete", "deleting it deletes it in AWS"),
    ):
        was, now = getattr(changed.before, name), getattr(changed.resource, name)
        if was and not now:
            yield Meaning(concern="protection", worse=True, text=words, path=name)
    for one in changed.differs:
        if (found := _shorter(one)) is not None:
            yield found


def _shorter(differs: Differs) -> Meaning | None:
    name = pattern(differs.path)
    last = name.rpartition(".")[2].lower()
    was, now = differs.before, differs.after
    if not any(word in last for word in ("retention", "recoverywindow", "deleteafter")):
        return None
    if not isinstance(was, int) or not isinstance(now, int):
        return None
    return Meaning(concern="protection", worse=now < was, text=f"kept for {now} in place of {was}", path=name)
