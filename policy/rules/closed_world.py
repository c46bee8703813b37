"""The closed world: what the pack cannot see into is a finding, not silence.

Three kinds. A door makes or changes resources that the pack never sees. A type that holds data, or opens something, has
to be judged by a rule of its own. The rest is counted in one line of advice, so that the pack serves any program.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy.deciding import listed
from policy.rule import Breach, Level, Rule, Severity, resource_rule, stack_rule
from policy.tokens import KUBERNETES_PODS
from policy.unguarded import holds_by_hand, needs_no_rule
from policy.values import is_list, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_DOORS: Final = Path(__file__).resolve().parent.parent / "doors.txt"
_PAGE: Final = "https://www.pulumi.com/docs/iac/using-pulumi/crossguard/core-concepts/"
_EVERY: Final = ("*",)
_GROUPS: Final = (
    "admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|"
    "discovery|events|flowcontrol.apiserver|networking|node|rbac.authorization|resource|scheduling|storage"
)
_BUILT_IN: Final = re.compile(rf"kubernetes:(core|apps|batch|autoscaling|policy|extensions|({_GROUPS})\.k8s\.io)/v\w+:")
_KINDS: Final = tuple(sorted({token.rpartition(":")[2] for token in KUBERNETES_PODS}))
_FROM_PROGRAM: Final = ("pulumi:", "aws:", "eks:")
_COMMANDS: Final = {
    "aws:ssm/association:Association": (
        "AWS-RunShellScript", "AWS-RunPowerShellScript", "AWS-RunRemoteScript", "AWS-ApplyAnsiblePlaybooks",
        "AWS-RunAnsiblePlaybook", "AWS-ApplyChefRecipes", "AWS-RunSaltState", "AWS-InstallApplication",
    )
}  # fmt: skip
"""Type -> documents of AWS that run whatever their parameters say on instances."""
_DEEPEST: Final = 8
"""Levels of a custom resource that are looked through for containers."""


@cache
def doors() -> Mapping[str, str]:
    """Return what goes through a door, by glob over type tokens."""
    lines = (line for line in _DOORS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return {glob: what.strip() for glob, _, what in (line.partition("  ") for line in lines)}


@cache
def door(type_: str) -> str:
    """Return what goes through a type that is a door; empty for any other."""
    return next((what for glob, what in doors().items() if fnmatchcase(type_, glob)), "")


@resource_rule(
    "no-doors",
    on=_EVERY,
    severity=Severity.CRITICAL,
    controls=("NIST-CM-7", "ISO-A.8.9"),
    url=_PAGE,
    remediation="register what goes through it as resources, or grant the one resource a waiver by its name",
)
def no_doors(resource: Resource, _settings: Settings) -> Iterator[str]:
    """Nothing makes resources that the pack does not see.

    Templates, commands, charts, dynamic providers and patches do whatever the account lets them (policy/doors.txt). So
    do objects of Kubernetes that carry pods and are of a kind that no rule on pods reads, custom resources first.
    """
    if what := door(resource.type):
        yield f"{resource.type} is a door: through it comes {what}; allowed: types that the pack sees into"
    elif resource.type in _COMMANDS and resource.get("name") in _COMMANDS[resource.type]:
        yield f"name is {resource.get('name')}, a door: through it comes any command; allowed: documents of one purpose"
    elif _may_carry_pods(resource.type) and (where := _containers(resource.inputs, "", _DEEPEST)):
        yield f"{where} holds containers that no rule on pods reads; allowed: {', '.join(_KINDS)}"


def _may_carry_pods(type_: str) -> bool:
    return type_.startswith("kubernetes:") and type_ not in KUBERNETES_PODS


def _containers(value: object, path: str, deepest: int) -> str:
    """Return where a list of containers stands below a value; empty where none does."""
    value = plain(value)
    if deepest and isinstance(value, Mapping):
        for key, below in value.items():
            here = f"{path}.{key}" if path else str(key)
            if key in {"containers", "initContainers"} and below:
                return here
            if found := _containers(below, here, deepest - 1):
                return found
    elif deepest and is_list(value):
        below_each = (_containers(each, f"{path}[{at}]", deepest - 1) for at, each in enumerate(value))
        return next((found for found in below_each if found), "")
    return ""


def holds_or_opens(type_: str) -> str:
    """Return why a type of AWS has to be judged by a rule of its own; empty where it need not."""
    if needs_no_rule(type_):
        return ""
    if said := holds_by_hand(type_):
        return said
    decides = listed().get(type_, ())
    opens = next((one.path for one in decides if one.kind == "exposure"), "")
    holds = next(
        (one.path for one in decides if one.kind == "loss" or (one.kind, one.type) == ("encryption", "bool")), ""
    )
    return f"holds data ({holds})" if holds else f"can be opened ({opens})" if opens else ""


def rules_beside(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules on types that none of `rules` names."""
    named = frozenset(token for rule in rules for token in rule.on if not token.endswith("*"))
    begun = tuple(
        token[:-1] for rule in rules for token in rule.on if token.endswith("*") and token not in ("aws:*", "*")
    )

    def is_named(type_: str) -> bool:
        return type_ in named or type_.startswith(begun)

    @resource_rule(
        "holding-type-judged",
        on=("aws:*",),
        severity=Severity.HIGH,
        controls=("NIST-CM-7", "ISO-A.8.9"),
        url=_PAGE,
        remediation="write a rule for the type (policy/rules/stores.py), or grant the resource a waiver by its name",
    )
    def holding(resource: Resource, _settings: Settings) -> Iterator[str]:
        """What holds data, or opens something, is of a type that a rule judges.

        Such types are recognized by their inputs (policy/deciding.txt), or by hand (policy/unguarded.txt).
        """
        if not is_named(resource.type) and (why := holds_or_opens(resource.type)):
            yield f"{resource.type} {why}, and no rule of the pack judges it; allowed: types that one judges"

    @stack_rule(
        "types-judged",
        on=_EVERY,
        severity=Severity.LOW,
        level=Level.ADVISORY,
        controls=("NIST-CM-7",),
        url=_PAGE,
        remediation="look at them yourself, or write rules for them",
    )
    def counted(stack: Stack, _settings: Settings) -> Iterable[Breach]:
        """Every resource is of a type that the pack knows.

        Types of AWS without an input that decides anything need no rule. Components are judged by what they contain.
        """
        left = Counter(
            type_
            for type_, alike in stack.by_type.items()
            for each in alike
            if each.provider is not None and not is_named(type_) and not door(type_) and not _is_known(type_)
        )
        if left:
            listed_ = ", ".join(f"{type_} ({number})" for type_, number in left.most_common(5))
            more = f" and {len(left) - 5} more types" if len(left) > 5 else ""  # noqa: PLR2004 as many as a line holds
            yield Breach(None, f"{left.total()} resources of {len(left)} types are not judged: {listed_}{more}")

    return no_doors, holding, counted


def _is_known(type_: str) -> bool:
    return type_.startswith(_FROM_PROGRAM) or bool(_BUILT_IN.match(type_)) or bool(needs_no_rule(type_))
