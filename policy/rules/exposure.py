"""Policies of resources: whatever has one, nobody may come whom it does not name.

One question, asked of every policy of every resource. Where a public catalogue has an id for a service, its types have
a rule of their own name; all others share one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from policy.reading.accounts import shared_with
from policy.reading.documents import statements
from policy.reading.logic import sift
from policy.reading.patterns import WILDCARDS, texts
from policy.rule import Facts, Rule, Severity, WhenUnknown, build, resource_rule
from policy.table import check, not_be
from policy.tokens import (
    BUCKET_ACLS,
    BUCKET_POLICIES,
    BUCKETS,
    EVERY_AWS,
    FUNCTION_PERMISSIONS,
    FUNCTION_URLS,
    KEY_POLICIES,
    KEYS,
    QUEUE_POLICIES,
    QUEUES,
    RESOURCE_SHARES,
    SERVERLESS_POLICIES,
    SHARED_BY_LIST,
    SHARED_BY_NAME,
    TOPIC_POLICIES,
    TOPICS,
)
from policy.values import UnknownValueError, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.resources import Resource
    from policy.rule import Settings

_SERVICE: Final = ".amazonaws.com"
_BOUND_BY: Final = ("sourceArn", "sourceAccount", "principalOrgId")
_GROUPS: Final = "http://acs.amazonaws.com/groups/global"
_EVERYBODY: Final = (f"{_GROUPS}/AllUsers", f"{_GROUPS}/AuthenticatedUsers")
_NARROW: Final = "named principals or a narrowing condition"
_GUARDS: Final = ("policy", "policyDocument", "accessPolicy", "accessPolicies", "resourcePolicy", "principal")
_REMEDIATION: Final = "name the principals, or add a condition on the organization, the account or the source"
_WHY: Final = (
    "A condition narrows only if it is false for requests without its key, and says whose: an account, an"
    " organization, a network, without a wildcard in that part."
)
_ELSEWHERE: Final = (
    "aws:iam/role:Role",  # iam-trust-not-public
    "aws:ec2/vpcEndpoint:VpcEndpoint",  # its policy only takes away from what principals may do
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
    "aws:organizations/policy:Policy",  # so do service and resource control policies
    "aws:organizations/organization:Organization",
    "aws:cloudformation/stack:Stack",  # a stack policy says what an update may change
)


def _is_exempt(type_: str) -> bool:
    return type_ in _ELSEWHERE or any(type_ in rule.on for rule in _OF_SERVICES)


def _public(holder: Resource) -> Iterator[str]:
    for statement in sift(statements(holder), lambda each: each.is_public):
        yield f"{statement.where}: {statement.label} allows everyone; allowed: {_NARROW}"


def _of_service(name: str, title: str, *, on: Sequence[str], severity: Severity, controls: Sequence[str]) -> Rule:
    facts: Facts = {
        "on": on,
        "severity": severity,
        "controls": controls,
        "when_unknown": WhenUnknown.DEFER,
        "remediation": _REMEDIATION,
        "guards": _GUARDS,
    }
    return build(name, (title, _WHY), facts, judge=lambda holder, _settings: _public(holder))


_OF_SERVICES: Final = (
    _of_service(
        "kms-policy-no-public", "Key policies and grants let nobody in whom they do not name",
        on=(*KEYS, *KEY_POLICIES), severity=Severity.CRITICAL, controls=("KMS.5", "CKV_AWS_33"),
    ),
    _of_service(
        "s3-policy-no-any-principal", "Bucket policies let nobody in whom they do not name",
        on=(*BUCKET_POLICIES, *BUCKETS), severity=Severity.CRITICAL, controls=("S3.2", "S3.3", "CKV_AWS_70"),
    ),
    _of_service(
        "message-policy-not-public", "Topics and queues are used by whom their policies name",
        on=(*TOPIC_POLICIES, *QUEUE_POLICIES, *TOPICS, *QUEUES), severity=Severity.HIGH,
        controls=("CKV_AWS_387", "SNS.4", "SQS.3", "CKV_AWS_169", "CKV_AWS_168"),
    ),
)  # fmt: skip


@resource_rule(
    "resource-policy-not-public",
    on=EVERY_AWS,
    severity=Severity.CRITICAL,
    controls=("Lambda.1", "CKV_AWS_32", "CKV_AWS_167", "CKV_AWS_283", "CKV_AWS_301", "AWS-0032"),
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html",
    when_unknown=WhenUnknown.DEFER,
    remediation=_REMEDIATION,
    guards=_GUARDS,
)
def not_public(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Policies of resources let nobody in whom they do not name.

    Secrets, repositories of images, functions, vaults, file systems, access points, event buses, search domains and
    whatever else has a policy, written as a document or by inputs. Keys, buckets, topics, queues and roles have rules
    of their own. Policies that only take away are exempt: those of VPC endpoints, of organizations, and of stacks.
    """
    if not _is_exempt(holder.type):
        yield from _public(holder)


_SHARED: Final = (
    "group", "accountId", "sharedAccounts", "permissions.account_ids", "permissions.accountIds",
    "distributions.amiDistributionConfiguration.launchPermission.userGroups",
)  # fmt: skip


@resource_rule(
    "not-shared-with-everyone",
    on=(*SHARED_BY_LIST, *SHARED_BY_NAME),
    severity=Severity.CRITICAL,
    controls=("CKV_AWS_205", "CKV_AWS_302", "CKV_AWS_303", "RDS.1", "EC2.1", "SSM.4"),
    remediation="name the accounts",
    guards=("group", "accountId", "sharedAccounts", "permissions", "distributions"),
    reads=_SHARED,
)
def not_shared(shared: Resource, _settings: Settings) -> Iterator[str]:
    """Images, snapshots and documents are shared with named accounts, or with nobody."""
    unknown = ""
    for where, whom in shared_with(shared, _SHARED):
        if whom is None:
            unknown = unknown or where
        elif whom.lower() == "all":
            yield f"{where} is {whom}; allowed: numbers of accounts"
    if unknown:
        raise UnknownValueError(unknown)


@resource_rule(
    "lambda-permission-bound",
    on=FUNCTION_PERMISSIONS,
    severity=Severity.HIGH,
    controls=("Lambda.1", "CKV_AWS_364", "AWS-0067"),
    remediation="set source_arn, or source_account",
    guards=("principal", "sourceArn", "sourceAccount"),
)
def invoker_bound(permission: Resource, _settings: Settings) -> Iterator[str]:
    """A service of AWS invokes functions for named resources or accounts only.

    Whoever can make the service call, from any account, invokes the function otherwise.
    """
    if str(permission.get("principal")).endswith(_SERVICE) and not any(map(permission.has, _BOUND_BY)):
        yield f"principal is {show(permission.get('principal'))} without a source; allowed: sourceArn, sourceAccount"


@resource_rule(
    "opensearch-serverless-not-public",
    on=SERVERLESS_POLICIES,
    severity=Severity.HIGH,
    controls=("NIST-SC-7",),
    url="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html",
    when_unknown=WhenUnknown.DEFER,
    remediation="set AllowFromPublic=false with SourceVPCEs, and name the principals of data access",
    guards=("policy",),
)
def collection_private(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Collections of OpenSearch Serverless are reached from the VPC, by named principals."""
    written = holder.get("policy")
    parsed = json.loads(written) if isinstance(written, str) else written
    for one in parsed if isinstance(parsed, list | tuple) else (parsed,):
        if not isinstance(one, Mapping):
            continue
        if same(one.get("AllowFromPublic"), wanted=True):
            yield "policy: AllowFromPublic is true; allowed: false"
        if any(WILDCARDS & set(str(who)) for who in texts(one.get("Principal"))):
            yield "policy: Principal has a wildcard; allowed: named principals"


RULES: Final[tuple[Rule, ...]] = (
    *_OF_SERVICES,
    not_public,
    invoker_bound,
    collection_private,
    check(
        "s3-no-public-grants", "No grant of an access list lets the public in",
        ("accessControlPolicy.grants.grantee.uri", "grants.uri"), not_be(*_EVERYBODY),
        on=(*BUCKET_ACLS, *BUCKETS), severity=Severity.CRITICAL,
        controls=("S3.2", "S3.3", "CKV_AWS_20", "CKV_AWS_57", "CKV_AWS_375", "CKV2_AWS_43", "AWS-0092"),
        remediation="leave the grants out, and name principals in the bucket's policy",
    ),
    check(
        "ram-own-organization", "Resources are shared inside the organization", "allowExternalPrincipals", not_be(True),
        on=RESOURCE_SHARES, severity=Severity.MEDIUM, controls=("NIST-AC-3",),
        url="https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html",
        remediation="leave allow_external_principals out",
    ),
    check(
        "function-url-authenticated", "Function URLs ask who comes", "authorizationType", not_be("NONE"),
        why="Without it everyone who learns the URL runs the function.",
        on=FUNCTION_URLS, severity=Severity.HIGH, controls=("CKV_AWS_258",),
        url="https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
        remediation="set authorization_type='AWS_IAM'",
    ),
    not_shared,
)  # fmt: skip
