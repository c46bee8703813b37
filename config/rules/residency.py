"""Residency: nothing leaves the stack's region but to a place where its class may be, or by an exception in force."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from config.base import present
from config.outlets import OUTLETS, departures
from config.problems import NOTHING, Path, dotted, refuse
from config.residency import BASES, LONGEST_DAYS, REGIONS
from config.walk import ABSENT, plain, value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from config.problems import Problem
    from config.residency import Residency, Transfer
    from config.stack import StackConfig

RESIDENCY: Final[Path] = ("residency",)
_OF_STANDBY: Final = frozenset(outlet.pattern for outlet in OUTLETS if outlet.data)


def excuse(residency: Residency, path: str, place: str, day: date) -> Transfer | None:
    """Return the exception by which data at a dotted path may go to a place on a day, if any does."""
    for one in residency.exceptions.values():
        if (path == one.of or path.startswith(f"{one.of}.")) and place in one.to and day <= one.until:
            return one
    return None


def unexcused(residency: Residency, data: str, path: str, places: tuple[str, ...], day: date) -> list[str]:
    """Return those of some places where data may not go.

    Args:
        residency: Where data may be.
        data: Dotted path of the data, which decides its class.
        path: Dotted path of the setting that sends it.
        places: Where it is sent.
        day: Day on which exceptions are judged.
    """
    may = residency.places(data)
    return [one for one in places if one not in may and excuse(residency, path, one, day) is None]


def called(residency: Residency, data: str) -> str:
    """Return what the class of data is called in a message."""
    name = residency.class_of(data)
    return f"class {name}" if name else "no class of its own, so of every class"


def stays(config: StackConfig) -> Iterator[Problem]:
    """Data goes where its class may be, or by an exception."""
    residency, region = present(config.residency), config.identity.region
    for one in departures(config):
        path = dotted(one.path)
        left = unexcused(residency, path, path, one.places, config.as_of)
        if left:
            may = sorted(residency.places(path))
            what = f"{one.outlet.what}: leaves {region} for {', '.join(left)}, data of {called(residency, path)}"
            fix = f"leave it out, or write an exception with `of: {path}` and a basis: {', '.join(BASES)}"
            yield refuse(one.path, what, got=plain(one.value), allowed=", ".join([region, *may]), fix=fix)


def exceptions(config: StackConfig) -> Iterator[Problem]:
    """An exception is of something that leaves, and where to; it holds on the day of the file, for a year at most."""
    residency, latest = present(config.residency), config.as_of + timedelta(days=LONGEST_DAYS)
    leaving = {dotted(one.path): one.places for one in departures(config)}
    for name, one in residency.exceptions.items():
        path: Path = (*RESIDENCY, "exceptions", name)
        below = {at: places for at, places in leaving.items() if at == one.of or at.startswith(f"{one.of}.")}
        if one.until < config.as_of:
            what, fix = "has ended, and excuses nothing", "end what it excuses, or have its owner ask again"
            yield refuse((*path, "until"), what, got=one.until, allowed=f"{config.as_of} or later", fix=fix)
        elif one.until > latest:
            what, fix = f"more than {LONGEST_DAYS} days after as_of", "ask again when it runs out"
            yield refuse((*path, "until"), what, got=one.until, allowed=f"{latest} or sooner", fix=fix)
        if one.of in _OF_STANDBY:
            continue  # of a standby, which is judged beside this file
        if not below:
            fix = "leave it out, or name the setting as the message that refuses it does"
            what, allowed = "nothing leaves by this setting", ", ".join(leaving)
            yield refuse((*path, "of"), what, got=one.of, allowed=allowed, fix=fix)
        reached = {place for places in below.values() for place in places}
        for at, place in enumerate(one.to if below else ()):
            if place not in reached:
                what, allowed = "nothing goes there by this setting", ", ".join(sorted(reached))
                yield refuse((*path, "to", at), what, got=place, allowed=allowed, fix="leave it out")


def classes(config: StackConfig) -> Iterator[Problem]:
    """A setting is of one class, and is there."""
    seen: dict[str, str] = {}
    for name, one in present(config.residency).classes.items():
        for place, at in enumerate(one.at):
            path: Path = (*RESIDENCY, "classes", name, "at", place)
            if at in seen:
                what, fix = f"of class {seen[at]} already", "name it once"
                yield refuse(path, what, got=at, allowed="each setting in one class", fix=fix)
            elif not _is_there(config, at):
                what, fix = "no such setting in this file", "correct it, or leave it out"
                yield refuse(path, what, got=at, allowed="the path of a setting that is there", fix=fix)
            seen.setdefault(at, name)


def _is_there(config: StackConfig, at: str) -> bool:
    try:
        return value(config, tuple(at.split("."))) not in (ABSENT, None)
    except LookupError:
        return False


def prevails(config: StackConfig) -> Iterator[Problem]:
    """Where data may be in no other region, the file says why residency prevails over recovery."""
    residency, region = present(config.residency), config.identity.region
    others = sorted(residency.places("") & REGIONS - {region})
    path: Path = (*RESIDENCY, "prevails")
    if not others and residency.prevails is None:
        what = f"data may be in {region} alone: nothing is left when that is lost, and nobody says why"
        fix = "write the reason why residency prevails over recovery, or name a region in every class"
        yield refuse(path, what, got=NOTHING, allowed="a reason", fix=fix)
    if others and residency.prevails is not None:
        what, fix = f"data may be in {', '.join(others)} too, where a standby can stand", "leave it out"
        yield refuse(path, what, got=residency.prevails, allowed="nothing", fix=fix)


RULES: Final = (stays, exceptions, classes, prevails)
