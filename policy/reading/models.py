"""Which models of Bedrock a document lets its holder call, and whether past the guardrail.

Service Authorization Reference, "Actions, resources, and condition keys for Amazon Bedrock"; Bedrock User Guide,
"Enforce the use of specific guardrails in model inference requests"; both read 2026-11-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.harm import CALLS
from policy.reading.logic import every, sift, some
from policy.reading.patterns import WILDCARDS, matches
from policy.reading.permissions import says_which
from policy.values import UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.reading.conditions import Test
    from policy.reading.statement import Statement

ACTIONS: Final = tuple(dict.fromkeys(step.action for step in CALLS))
"""Actions that call a model; those that know no guardrail are among them."""
_KINDS: Final = (
    "foundation-model", "inference-profile", "application-inference-profile", "custom-model", "custom-model-deployment",
    "imported-model", "provisioned-model", "prompt-router", "default-prompt-router", "marketplace",
)  # fmt: skip
"""How the ARNs of what is called begin, after the account."""
_PROJECTS: Final = "bedrock-mantle"
"""A service that calls models and does not name them by ARN."""
_ANY: Final = "*"
_ARN_PARTS: Final = 6
_SERVICE: Final = 2
_PROFILE: Final = "bedrock:inferenceprofilearn"
_GUARDRAIL: Final = "bedrock:guardrailidentifier"
_OTHER: Final = frozenset(
    {"stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike"}
)


def model_of(pattern: str) -> str:
    """Return what a resource of a statement says of the model, `*` where it says nothing; empty for other resources."""
    parts = pattern.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return _ANY if matches(pattern, "arn:aws:bedrock:us-east-1:100000000000:foundation-model/a.b") else ""
    kind, _, model = parts[-1].partition("/")
    if not matches(parts[_SERVICE], "bedrock") or not any(matches(kind, one) for one in _KINDS):
        return ""
    return model or _ANY


def called(statements: Sequence[Statement]) -> Iterator[str]:
    """Yield the models that a document lets its holder call, as written, patterns among them.

    Those behind an inference profile that a condition asks for are named by the profile. Statements that say which by a
    tag are left out.

    Raises:
        UnknownValueError: a model is not known, or hangs on what is not.
    """
    found = [item for action in ACTIONS for item in _reached(statements, action)]
    known = sift(found, lambda item: bool(model_of(_known(item))))
    yield from dict.fromkeys(model_of(str(item)) for item in known)


def _reached(statements: Sequence[Statement], action: str) -> Iterator[object]:
    """Yield the resources on which an action is allowed and not denied."""
    denials = [one for one in statements if one.denies and not one.conditions and one.actions.cover(action)]

    def is_left(item: object) -> bool:
        return not some(denials, lambda one: one.resources.cover(_known(item)))

    for statement in _allowing(statements, action):
        if some(statement.conditions, lambda test: says_which(test) and test.key != _PROFILE):
            continue
        profiles = next((one.values for one in statement.conditions if one.key == _PROFILE and _asks(one)), None)
        items = [_ANY] if statement.resources.inverted else statement.resources.items
        spared = [item for one in denials if one.resources.inverted for item in one.resources.items]
        yield from filter(is_left, [*(profiles or items), *spared])


def _allowing(statements: Sequence[Statement], action: str) -> Iterator[Statement]:
    return sift(statements, lambda one: every(lambda: one.allows, lambda: one.actions.cover(action)))


def _known(item: object) -> str:
    if not isinstance(item, str):
        raise UnknownValueError("Resource")
    return item


def _asks(test: Test) -> bool:
    return test.needs_key and test.equals


def unguarded(statements: Sequence[Statement]) -> Iterator[str]:
    """Yield the actions by which a document lets its holder call a model without a guardrail that it names.

    A guardrail is asked for by the condition of what is allowed, or by a denial of calls with another one or without.

    Raises:
        UnknownValueError: the answer hangs on a part that is not known.
    """
    yield from sift(ACTIONS, lambda action: _is_open(statements, action))


def _is_open(statements: Sequence[Statement], action: str) -> bool:
    denials = [one for one in statements if one.denies and one.actions.cover(action)]

    def is_called(item: object) -> bool:
        return _is_called(_known(item), action)

    def is_open(statement: Statement) -> bool:
        return every(
            lambda: statement.resources.inverted or some(statement.resources.items, is_called),
            lambda: not some(statement.conditions, _names_guardrail),
            lambda: not some(denials, lambda denial: _guards(denial, statement)),
        )

    return some(_allowing(statements, action), is_open)


def _is_called(resource: str, action: str) -> bool:
    return bool(model_of(resource)) or (action.startswith(_PROJECTS) and _PROJECTS in resource)


def _guardrail(value: str) -> str:
    """Return the id of a guardrail from its ARN, with its number or without."""
    return value.rpartition("guardrail/")[2].partition(":")[0]


def _names_guardrail(test: Test) -> bool:
    return test.key == _GUARDRAIL and _asks(test) and test.fixed(_guardrail)


def _guards(denial: Statement, statement: Statement) -> bool:
    """Tell whether a denial takes from a statement every call without a guardrail that is named, or every call."""
    tests = denial.conditions
    refuses = all(_refuses(test) for test in tests) and len(tests) <= 1
    return refuses and not some(statement.resources.items, lambda item: not denial.resources.cover(_known(item)))


def _refuses(test: Test) -> bool:
    if test.key != _GUARDRAIL:
        return False
    absent = test.operator == "null" and list(test.values) == ["true"]
    return absent or (test.operator in _OTHER and test.fixed(_guardrail))


def wide(model: str) -> bool:
    """Tell whether a model's id is a pattern, and so more than one."""
    return bool(WILDCARDS & set(model))
