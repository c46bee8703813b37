"""What a rule is: data that every report prints, and one function that yields what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from inspect import cleandoc
from types import FunctionType
from typing import Final, Required, TypeAlias, TypedDict, Unpack

from policy.resources import Resource, Stack

FSBP_PAGES: Final = "https://docs.aws.amazon.com/securityhub/latest/userguide"
_FSBP_ID: Final = re.compile(r"^([A-Z][A-Za-z0-9]+)\.(\d+)$")
_NAME: Final = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)+$")


class Severity(Enum):
    """How bad a violation is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Profile(Enum):
    """What a stack is for; decides which rules bind it. Each profile is stricter than those before it."""

    DEV = "dev"
    """May be lost at any time."""
    PROD = "prod"
    """Holds what the business lives on. The default, so that forgetting to say it errs on the strict side."""
    REGULATED = "regulated"
    """Holds what a law or a contract protects: keys of one's own, long records."""
    FIPS = "fips"
    """Regulated, and encrypted by modules that are validated under FIPS 140-3."""


class Level(Enum):
    """Whether a violation stops a deployment."""

    MANDATORY = "mandatory"
    """Stops every stack."""
    PRODUCTION = "production"
    """Stops stacks of profile prod and stricter ones, is advice elsewhere."""
    REGULATED = "regulated"
    """Stops stacks of profiles regulated and fips, is advice elsewhere."""
    REGULATED_ONLY = "regulated-only"
    """Stops stacks of profiles regulated and fips, says nothing elsewhere."""
    FIPS = "fips"
    """Stops stacks of profile fips, says nothing elsewhere."""
    ADVISORY = "advisory"
    """Is advice everywhere."""
    OFF = "off"
    """Says nothing until a pack config gives it a level."""

    def enforcement(self, profile: Profile) -> str:
        """Return `mandatory`, `advisory` or `disabled`, in CrossGuard's words."""
        return _enforcement(self, profile)


@cache
def _enforcement(level: Level, profile: Profile) -> str:
    least = _BINDS_FROM.get(level)
    strictness = list(Profile)
    binds = least is not None and strictness.index(profile) >= strictness.index(least)
    return "mandatory" if binds else "disabled" if level in _SILENT_ELSEWHERE else "advisory"


_BINDS_FROM: Final[Mapping[Level, Profile]] = {
    Level.MANDATORY: Profile.DEV,
    Level.PRODUCTION: Profile.PROD,
    Level.REGULATED: Profile.REGULATED,
    Level.REGULATED_ONLY: Profile.REGULATED,
    Level.FIPS: Profile.FIPS,
}
"""The first profile that a level binds."""
_SILENT_ELSEWHERE: Final = frozenset({Level.REGULATED_ONLY, Level.FIPS, Level.OFF})


class WhenUnknown(Enum):
    """What to make of a value that is not known before the update."""

    FAIL = "fail"
    """It is a violation: the guarded value must stand in the program. The default."""
    DEFER = "defer"
    """Judge again during the update, when it is known and the resource is not yet made. Until then the SDK notes "can't
    run policy", which the gate counts. For documents that name resources made in the same update. Not for rules of a
    stack, which an update asks at its end."""
    PASS = "pass"  # noqa: S105 a disposition, not a password
    """Only a value that stands in the program can violate the rule."""


@dataclass(frozen=True)
class Setting:
    """A value of a rule that a pack config may change."""

    default: object
    """Used where the config says nothing."""
    schema: Mapping[str, object]
    """JSON schema of the value."""
    what: str
    """One line for the documentation, with the unit."""


class Settings:
    """A rule's settings, with defaults filled in."""

    def __init__(self, declared: Mapping[str, Setting], given: Mapping[str, object] | None = None) -> None:
        """Raise ValueError when the config names a setting that the rule does not have."""
        if given and (strange := sorted(set(given) - set(declared))):
            known = ", ".join(sorted(declared)) or "none"
            raise ValueError(f"no such setting: {', '.join(strange)}; this rule has: {known}")
        self._values = {key: (given or {}).get(key, setting.default) for key, setting in declared.items()}
        self._strings: dict[str, tuple[str, ...]] = {}

    def number(self, key: str) -> float:
        """Return a numeric setting."""
        value = self._values[key]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{key}: a number is needed, got {value!r}")
        return value

    def text(self, key: str) -> str:
        """Return a text setting."""
        return str(self._values[key])

    def strings(self, key: str) -> tuple[str, ...]:
        """Return a list of strings; every resource asks for the same."""
        if key not in self._strings:
            value = self._values[key]
            if isinstance(value, str) or not isinstance(value, Iterable):
                raise TypeError(f"{key}: a list is needed, got {value!r}")
            self._strings[key] = tuple(map(str, value))
        return self._strings[key]

    def numbers(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        return tuple(int(float(item)) for item in self.strings(key))

    def patterns(self, key: str) -> Mapping[str, str]:
        """Return an object of strings."""
        value = self._values[key]
        if not isinstance(value, Mapping):
            raise TypeError(f"{key}: an object is needed, got {value!r}")
        return {str(name): str(pattern) for name, pattern in value.items()}


@dataclass(frozen=True)
class Breach:
    """What a stack rule found: the resource to blame and what is wrong with it."""

    resource: Resource | None
    """None blames the stack."""
    problem: str


JudgeResource: TypeAlias = Callable[[Resource, Settings], Iterable[str]]
JudgeStack: TypeAlias = Callable[[Stack, Settings], Iterable[Breach]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One control. Exactly one of `judge` and `judge_stack` is set."""

    name: str
    """Unique, kebab case; waivers and pack configs use it."""
    title: str
    """The rule as a sentence that is true of a good stack."""
    why: str
    """Reason, and exceptions the rule makes."""
    on: Sequence[str]
    """Type tokens it judges; a token that ends in `*` stands for all with that beginning."""
    severity: Severity
    level: Level
    controls: Sequence[str]
    """Ids in public catalogues: FSBP (`RDS.3`), CIS AWS 5.0 (`CIS-2.2.1`), checkov, trivy (`AWS-0080`), others."""
    url: str
    """Page that explains the control."""
    remediation: str
    """What to do about a violation, in the imperative."""
    when_unknown: WhenUnknown
    settings: Mapping[str, Setting]
    guards: Sequence[str]
    """Inputs whose value decides; `ignoreChanges` must not hide them."""
    reads: Sequence[str]
    """Dotted paths of those inputs, where the rule is a row of a table; else the inputs."""
    allowed: str
    """What such a row allows, in the words of its message."""
    judge: JudgeResource | None = None
    judge_stack: JudgeStack | None = None

    def __post_init__(self) -> None:
        """Refuse a name that waivers and configs could not spell."""
        if not _NAME.match(self.name):
            raise ValueError(f"rule name {self.name!r}: kebab case of at least two words is needed")

    def covers(self, type_: str) -> bool:
        """Tell whether the rule judges resources of this type."""
        return type_ in self._exact or type_.startswith(self._beginnings)

    def among(self, types: Mapping[str, object]) -> list[str]:
        """Return those of some types that the rule covers."""
        exact = [token for token in self.on if token in types]
        if not self._beginnings:
            return exact
        return list(dict.fromkeys([*exact, *(type_ for type_ in types if type_.startswith(self._beginnings))]))

    @cached_property
    def defaults(self) -> Settings:
        """Its settings where a config says nothing."""
        return Settings(self.settings)

    @cached_property
    def _exact(self) -> frozenset[str]:
        return frozenset(self.on)

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        return tuple(token[:-1] for token in self.on if token[-1] == "*")

    def reads_input(self, path: str) -> bool:
        """Tell whether the rule judges the input at a dotted path, or the object that it is part of."""
        return any(path == read or path.startswith(f"{read}.") or read.startswith(f"{path}.") for read in self.reads)


def explain(controls: Sequence[str]) -> str:
    """Return the page of the first FSBP control.

    Raises:
        ValueError: there is none, so the rule must name its page itself.
    """
    for control in controls:
        if found := _FSBP_ID.match(control):
            service = found[1].lower()
            return f"{FSBP_PAGES}/{service}-controls.html#{service}-{found[2]}"
    raise ValueError(f"no FSBP control among {list(controls)}: give url=")


class Facts(TypedDict, total=False):
    """What a rule says about itself besides its name and its function; see `Rule` for the meaning."""

    on: Required[Sequence[str]]
    severity: Required[Severity]
    controls: Required[Sequence[str]]
    remediation: Required[str]
    url: str
    level: Level
    when_unknown: WhenUnknown
    settings: Mapping[str, Setting]
    guards: Sequence[str]
    reads: Sequence[str]
    allowed: str


def resource_rule(name: str, **facts: Unpack[Facts]) -> Callable[[JudgeResource], Rule]:
    """Make a rule of a function that yields what is wrong with one resource; its docstring is title and reason."""
    return lambda judge: build(name, _title_and_reason(judge), facts, judge=judge)


def stack_rule(name: str, **facts: Unpack[Facts]) -> Callable[[JudgeStack], Rule]:
    """Make a rule of a function that yields what is wrong across resources; its docstring is title and reason."""
    return lambda judge: build(name, _title_and_reason(judge), facts, judge_stack=judge)


def build(
    name: str,
    text: tuple[str, str],
    facts: Facts,
    *,
    judge: JudgeResource | None = None,
    judge_stack: JudgeStack | None = None,
) -> Rule:
    """Return a rule with the defaults filled in; `text` is title and reason."""
    for function in (judge, judge_stack):
        _name_in_tracebacks(function, name)
    return Rule(
        name=name,
        title=text[0],
        why=text[1],
        on=facts["on"],
        severity=facts["severity"],
        level=facts.get("level", Level.MANDATORY),
        controls=facts["controls"],
        url=facts.get("url") or explain(facts["controls"]),
        remediation=facts["remediation"],
        when_unknown=facts.get("when_unknown", WhenUnknown.FAIL),
        settings=facts.get("settings", {}),
        guards=facts.get("guards", ()),
        reads=facts.get("reads", facts.get("guards", ())),
        allowed=facts.get("allowed", ""),
        judge=judge,
        judge_stack=judge_stack,
    )


def _name_in_tracebacks(function: object, name: str) -> None:
    """Have a traceback call a rule's function by the rule's name: rows of a table share the code of one function."""
    if isinstance(function, FunctionType):
        function.__code__ = function.__code__.replace(co_name=name, co_qualname=name)


def _title_and_reason(judge: Callable[..., object]) -> tuple[str, str]:
    title, _, why = cleandoc(judge.__doc__ or "").partition("\n")
    if not title:
        raise ValueError(f"{judge.__name__}: a rule's docstring is its title and reason")
    return title.rstrip("."), " ".join(why.split())
