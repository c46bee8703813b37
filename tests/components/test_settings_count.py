"""Every setting counts: another valid value makes another plan, or the setting is on a short list with its reason."""

from __future__ import annotations

from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pulumi
import pytest

from components.recovery.primary import SETTINGS
from components.stack import deploy
from config import ConfigError
from config.base import Section
from config.examine import examine
from review.graph import ROOT_TYPE
from review.record import record
from tests.components.recording import settings_of
from tests.components.settings_streaming import with_streaming
from tests.components.settings_tables import BOUND, TOGETHER, UNPLANNED
from tests.components.settings_without_effect import WITHOUT_EFFECT
from tests.config.containersfile import STACK as SHOP
from tests.config.leaves import Leaf, Path, changed, leaves, others, schemas
from tests.config.optional import OPTIONAL, all_but, followed, there

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.stack import StackConfig
    from review.graph import Graph

pytestmark = [pytest.mark.rehearsal, pytest.mark.timeout(300)]

PLACES: Final = 3
"""Places of a stack file in which one setting is tried; a quota of one namespace is the quota of another."""

PLANS: Final = 3
"""Valid values that may change nothing before the setting is said to do nothing."""

STACKS: Final = ("prod", "dr", SHOP)

Ground: TypeAlias = tuple[str, tuple[Path, ...]]
"""A stack, and the parts that it leaves out: what a change is made to."""


def test_every_setting_of_the_schema_is_tried() -> None:
    absent = sorted(set(schemas()) - set(places()) - set(TOGETHER) - set(BOUND))
    assert absent == [], "say in TOGETHER how a stack file would have them"
    assert sorted({*WITHOUT_EFFECT, *BOUND, *TOGETHER} - set(schemas())) == [], "no longer in the schema"


def optional_parts(stack: str) -> list[str]:
    """Return the dotted paths of the sections that a stack has and may leave out."""

    def within(section: Section, above: str) -> Iterator[str]:
        for name, field in type(section).model_fields.items():
            value = getattr(section, name)
            if isinstance(value, Section):
                yield from () if field.is_required() else (f"{above}{name}",)
                yield from within(value, f"{above}{name}.")

    return [path for path in within(settings_of(stack), "") if path not in UNPLANNED]


@pytest.mark.parametrize("kind", sorted(BOUND))
def test_what_is_bound_has_no_other_valid_value(kind: str) -> None:
    made = [plan(on[0], settings) for on, _, settings in islice(variants(kind, whole=True), PLANS)]
    assert made == [None] * len(made), "it has one: take it off the list"


@pytest.mark.parametrize("kind", sorted(set(schemas()) - set(BOUND)))
def test_another_value_makes_another_plan(kind: str) -> None:
    """In a stack of the setting's part and what that needs, which is quick; else in the whole one."""
    tried = 0
    whole = 1 if kind in WITHOUT_EFFECT else PLANS
    tries = (islice(variants(kind, whole=False), PLANS), islice(variants(kind, whole=True), whole))
    for on, base, settings in chain.from_iterable(tries):
        made = plan(on[0], settings)
        tried += made is not None
        if made not in (None, plan(on[0], base) if base else before(on)):
            assert kind not in WITHOUT_EFFECT, "it has an effect: take it off the list"
            return
    assert tried, "no other value is valid by itself: say in TOGETHER what else has to change"
    assert kind in WITHOUT_EFFECT, "the program does the same, whatever the stack file says"


@pytest.mark.parametrize("path", sorted({path for stack in STACKS for path in optional_parts(stack)}))
def test_a_stack_without_an_optional_section_has_another_plan(path: str) -> None:
    """Alone where the file is valid without it, else without what needs it."""
    stack = next(stack for stack in STACKS if path in optional_parts(stack))
    small = (stack, beside(stack, path_of(path)))
    on = small if there(document(small), path_of(path)) == path_of(path) else (stack, ())
    held = (path_of("recovery.tier"),) if path.startswith("recovery.standby.") else ()  # to which the tier holds it
    less = plan(stack, followed(stack, *on[1], *held, path_of(path)))
    assert less != before(on), "the program does the same, whether the section is there or not"


def variants(kind: str, *, whole: bool) -> Iterator[tuple[Ground, StackConfig | None, StackConfig]]:
    """Yield a ground, what to hold it against, and valid settings in which one value of a kind is another.

    Held against are the settings of the ground (None); or the same settings but for that value, where those are valid.
    """
    if kind in TOGETHER:
        stack, changes = TOGETHER[kind]
        paths: dict[Path, Any] = {path_of(dotted): value for dotted, value in changes.items()}
        own, *_ = paths
        rest = {path: value for path, value in paths.items() if path != own}
        on = (stack, ()) if whole else (stack, beside(stack, *paths))
        made = valid(on, paths)
        assert made is not None or not whole, problems(on, paths)
        if made is not None:
            yield on, valid(on, rest) if rest else None, made
        return
    found = places().get(kind, [])
    elsewhere = [leaf.value for _, leaf in found]
    for stack, leaf in found[:PLACES]:
        on = (stack, ()) if whole else (stack, beside(stack, leaf.path))
        settings = (valid(on, {leaf.path: value}) for value in others(leaf, kind, elsewhere))
        yield from ((on, None, one) for one in settings if one is not None)


@cache
def beside(stack: str, *paths: Path) -> tuple[Path, ...]:
    """Return what a stack may leave out where paths in it matter; a standby leaves out nothing."""
    if stack == "dr":
        return ()
    own = {max((part for part in OPTIONAL if path[: len(part)] == part), key=len, default=None) for path in paths}
    return all_but(stack, *(part for part in own if part))


def path_of(dotted: str) -> Path:
    return tuple(int(key) if key.isdigit() else key for key in dotted.split("."))


@cache
def standing(on: Ground) -> StackConfig:
    stack, left_out = on
    return followed(stack, *left_out) if left_out else settings_of(stack)


@cache
def document(on: Ground) -> dict[str, Any]:
    dumped: dict[str, Any] = standing(on).model_dump(mode="json", by_alias=True, exclude_none=True)
    return dumped


@cache
def places() -> dict[str, list[tuple[str, Leaf]]]:
    """Return kind -> where prod has it, then where dr has it, then where prod with containers does."""
    found: dict[str, list[tuple[str, Leaf]]] = {}
    for stack in STACKS:
        for kind, ones in leaves(standing((stack, ()))).items():
            found.setdefault(kind, []).extend((stack, leaf) for leaf in ones)
    return found


def valid(on: Ground, changes: Mapping[Path, Any]) -> StackConfig | None:
    try:
        return examined(on, changes)
    except (ConfigError, LookupError):  # refused, or what is changed is not there
        return None


def problems(on: Ground, changes: Mapping[Path, Any]) -> str:
    try:
        examined(on, changes)
    except ConfigError as error:
        return str(error)
    return ""


def examined(on: Ground, changes: Mapping[Path, Any]) -> StackConfig:
    return examine(changed(document(on), dict(changes)), None, f"Pulumi.{on[0]}.yaml", stack=on[0])


@cache
def references(*, streaming: bool) -> dict[str, Any]:
    """Return what dr reads of prod; with topics, which prod does not have, only where dr follows some."""
    whole = record_alone("prod", standing(("prod", ()))).resources
    own = next(one.outputs for one in whole if one.type == ROOT_TYPE)
    outputs = with_streaming(own) if streaming else own
    return {"prod": outputs, "dr": {"primary": outputs}}


def record_alone(stack: str, settings: StackConfig) -> Graph:
    read = references(streaming=settings.streaming is not None) if stack == "dr" else {}
    return record(lambda: deploy(settings).publish(), stack, read)


@cache
def before(on: Ground) -> dict[str, Any] | None:
    """Return what is asked for as the settings of a ground stand."""
    return plan(on[0], standing(on))


def plan(stack: str, settings: StackConfig) -> dict[str, Any] | None:
    """Return what the engine would be asked for, with the exports, of which one only repeats the stack file.

    None where the program refuses the settings beside those of its primary, or knows no primary of that name.
    """
    try:
        resources = record_alone(stack, settings).resources
    except (pulumi.RunError, LookupError):
        return None
    said = {
        one.urn: (one.inputs, one.protect, one.retain_on_delete, one.provider, one.ignore_changes) for one in resources
    }
    exports = next(one.outputs for one in resources if one.type == ROOT_TYPE)
    return {**said, "exports": {name: value for name, value in exports.items() if name != SETTINGS}}
