"""Policy documents: none is longer than the service takes, which would refuse it in the middle of an update."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Rule, Severity, WhenUnknown, resource_rule, stack_rule
from policy.tokens import BUCKET_POLICIES, KEY_POLICIES, KEYS, MANAGED_POLICIES, ROLE_POLICIES, ROLES
from policy.values import Mark, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_TRUST: Final = "assumeRolePolicy"
_INLINE: Final = 10240
"""Characters of the inline policies of a role together."""
_MOST: Final = {
    **dict.fromkeys(MANAGED_POLICIES, ("policy", 6144)),
    **dict.fromkeys(ROLES, (_TRUST, 4096)),
    **dict.fromkeys(BUCKET_POLICIES, ("policy", 20480)),
    **dict.fromkeys((*KEYS, *KEY_POLICIES), ("policy", 32768)),
}
"""Type -> input and characters that its service takes (a role's trust policy: once the quota has been raised)."""
_IAM: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"


def _characters(document: object) -> int:
    """Return the characters of a document as IAM counts them: without white space."""
    written = document if isinstance(document, str) else json.dumps(document)
    return len("".join(written.split()))


@resource_rule(
    "policy-document-size",
    on=tuple(_MOST),
    severity=Severity.MEDIUM,
    controls=("NIST-CM-2",),
    url=_IAM,
    when_unknown=WhenUnknown.DEFER,
    remediation="split the policy, or name fewer resources",
    guards=("policy", _TRUST),
)
def document_fits(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Policy documents are no longer than their service takes.

    A longer one is refused when it is made, with what is built on it half done.
    """
    key, most = _MOST[holder.type]
    document = holder.get(key)
    length = _characters(document) if document is not None else 0
    if length > most:
        yield f"{key} has {length} characters; allowed: {most}"


@stack_rule(
    "iam-inline-policies-size",
    on=ROLES,
    severity=Severity.MEDIUM,
    controls=("NIST-CM-2",),
    url=_IAM,
    when_unknown=WhenUnknown.PASS,
    remediation="attach managed policies in place of some, or name fewer resources",
    guards=("inlinePolicies",),
)
def inline_fits(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """The inline policies of a role are together no longer than IAM takes.

    Policies that are not known yet count nothing: they are judged again during the update.
    """
    found: defaultdict[str, int] = defaultdict(int)
    roles = {role.urn: role for role in stack.of(ROLES)}
    for urn, role in roles.items():
        found[urn] += sum(_known(inline.inputs.get("policy")) for inline in role.blocks("inlinePolicies"))
        found[urn] += sum(
            _known(policy.inputs.get("policy")) for policy in stack.of(ROLE_POLICIES) if policy.refers_to(role, "role")
        )
    for urn, length in found.items():
        if length > _INLINE:
            yield Breach(roles[urn], f"inline policies have {length} characters together; allowed: {_INLINE}")


def _known(document: object) -> int:
    value = plain(document)
    return 0 if value is None or isinstance(value, Mark) else _characters(value)


RULES: Final[tuple[Rule, ...]] = (document_fits, inline_fits)
