"""What AWS and public checkers ask of services beside the program's, where a value alone does not say it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import yaml

from policy.rule import Level, Rule, Severity, WhenUnknown, resource_rule
from policy.rules.aspects import IN_TRANSIT, LAYERS, LOGS
from policy.table import Must, check, forbidden
from policy.tokens import PROVIDERS
from policy.values import number, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings

_OPEN_PROTOCOLS: Final = ("http", "tcp")
_WEAK: Final = ("Protocol-SSLv3", "Protocol-TLSv1", "Protocol-TLSv1.1")
_SSM_DOCUMENTS: Final = ("aws:ssm/document:Document",)
_FORCES: Final = "aws:docdb/clusterParameterGroup:ClusterParameterGroup"


@resource_rule(
    "elb-tls",
    on=("aws:elb/loadBalancer:LoadBalancer",),
    severity=Severity.HIGH,
    controls=("CKV_AWS_127", "CKV_AWS_376", "ELB.3"),
    url=IN_TRANSIT,
    remediation="set lb_protocol and instance_protocol to https or ssl, with ssl_certificate_id",
    guards=("listeners",),
)
def classic_tls(balancer: Resource, _settings: Settings) -> Iterator[str]:
    """Classic load balancers speak TLS on both sides."""
    for listener in balancer.blocks("listeners"):
        for key in ("lbProtocol", "instanceProtocol"):
            if str(listener.get(key) or "tcp").lower() in _OPEN_PROTOCOLS:
                yield f"{listener.path}.{key} is {show(listener.get(key))}; allowed: https or ssl"
        if not listener.has("sslCertificateId"):
            yield f"{listener.path}.sslCertificateId is not set; allowed: a certificate of ACM"


@resource_rule(
    "elb-tls-policy",
    on=("aws:elb/loadBalancerPolicy:LoadBalancerPolicy",),
    severity=Severity.HIGH,
    controls=("CKV_AWS_213", "ELB.8"),
    url=IN_TRANSIT,
    remediation="name ELBSecurityPolicy-TLS-1-2-2017-01 as Reference-Security-Policy",
    guards=("policyAttributes",),
)
def classic_policy(policy: Resource, _settings: Settings) -> Iterator[str]:
    """Policies of classic load balancers switch on no protocol below TLS 1.2."""
    for attribute in policy.blocks("policyAttributes"):
        name, value = attribute.get("name"), attribute.get("value")
        old = name == "Reference-Security-Policy" and value != "ELBSecurityPolicy-TLS-1-2-2017-01"
        if old or (name in _WEAK and same(value, wanted=True)):
            yield f"{attribute.path}: {name} is {show(value)}; allowed: TLS 1.2"


def _parameter(group: Resource, name: str) -> str | None:
    """Return the value of a parameter, in lower case; None where the group does not set it."""
    found = [str(one.get("value")).lower() for one in group.blocks("parameters") if one.get("name") == name]
    return found[0] if found else None


@resource_rule(
    "docdb-tls",
    on=(_FORCES,),
    severity=Severity.HIGH,
    controls=("CKV_AWS_90",),
    url=IN_TRANSIT,
    remediation="leave the parameter tls out or set it to enabled",
    guards=("parameters",),
)
def docdb_tls(group: Resource, _settings: Settings) -> Iterator[str]:
    """DocumentDB refuses clients without TLS."""
    if _parameter(group, "tls") == "disabled":
        yield "parameters: tls is disabled; allowed: enabled"


@resource_rule(
    "docdb-audited",
    on=(_FORCES,),
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    controls=("CKV_AWS_104", "DocumentDB.4"),
    url=LOGS,
    remediation="set the parameter audit_logs to enabled, ddl, dml_read, dml_write or all",
    guards=("parameters",),
)
def docdb_audited(group: Resource, _settings: Settings) -> Iterator[str]:
    """DocumentDB records who did what."""
    if _parameter(group, "audit_logs") in (None, "disabled", "none"):
        yield f"parameters: audit_logs is {_parameter(group, 'audit_logs') or 'not set'}; allowed: enabled"


@resource_rule(
    "redshift-tls",
    on=("aws:redshift/parameterGroup:ParameterGroup",),
    severity=Severity.HIGH,
    controls=("CKV_AWS_105", "Redshift.2"),
    url=IN_TRANSIT,
    remediation="set the parameter require_ssl to true",
    guards=("parameters",),
)
def redshift_tls(group: Resource, _settings: Settings) -> Iterator[str]:
    """Redshift refuses clients without TLS."""
    if _parameter(group, "require_ssl") != "true":
        yield f"parameters: require_ssl is {_parameter(group, 'require_ssl') or 'not set'}; allowed: true"


def _json(resource: Resource, key: str) -> Mapping[str, object]:
    """Return the object that an input holds as text; empty where it is left out."""
    written = resource.get(key)
    found = json.loads(written) if isinstance(written, str) else written
    return found if isinstance(found, Mapping) else {}


def _below(found: object, *path: str) -> object:
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _session(document: Resource) -> Mapping[str, object] | None:
    """Return the inputs of a document of a session, written as JSON or YAML; None where it is of another kind.

    Raises:
        ValueError: the text is neither.
    """
    if document.get("documentType") != "Session":
        return None
    written = document.get("content")
    try:
        found = yaml.safe_load(written) if isinstance(written, str) else written  # JSON is YAML
    except yaml.YAMLError as error:
        raise ValueError(f"content is no {document.get('documentFormat') or 'JSON'}") from error
    inputs = _below(found, "inputs")
    return inputs if isinstance(inputs, Mapping) else {}


@resource_rule(
    "ssm-session-encrypted",
    on=_SSM_DOCUMENTS,
    severity=Severity.MEDIUM,
    controls=("CKV_AWS_112",),
    url=IN_TRANSIT,
    remediation="set kmsKeyId",
    guards=("content",),
)
def session_encrypted(document: Resource, _settings: Settings) -> Iterator[str]:
    """Sessions of Session Manager are encrypted by a key, beside TLS."""
    inputs = _session(document)
    if inputs is not None and not inputs.get("kmsKeyId"):
        yield "content: inputs.kmsKeyId is not set; allowed: a key"


@resource_rule(
    "ssm-session-logged",
    on=_SSM_DOCUMENTS,
    severity=Severity.MEDIUM,
    controls=("CKV_AWS_113",),
    url=LOGS,
    remediation="set s3BucketName with s3EncryptionEnabled, or cloudWatchLogGroupName with cloudWatchEncryptionEnabled",
    guards=("content",),
)
def session_logged(document: Resource, _settings: Settings) -> Iterator[str]:
    """Sessions of Session Manager are logged, and the log is encrypted."""
    inputs = _session(document)
    if inputs is None:
        return
    kept = {"s3BucketName": "s3EncryptionEnabled", "cloudWatchLogGroupName": "cloudWatchEncryptionEnabled"}
    if not any(inputs.get(name) and same(inputs.get(flag), wanted=True) for name, flag in kept.items()):
        yield "content: inputs name no encrypted log; allowed: a bucket or a log group, encrypted"


@resource_rule(
    "lambda-url-origins-named",
    on=("aws:lambda/functionUrl:FunctionUrl",),
    severity=Severity.MEDIUM,
    controls=("CKV2_AWS_75",),
    url=LAYERS,
    remediation="name the origins, or the methods",
    guards=("cors",),
)
def origins_named(url: Resource, _settings: Settings) -> Iterator[str]:
    """Function URLs do not let every page call every method."""
    if "*" in url.list("cors.allowOrigins") and "*" in url.list("cors.allowMethods"):
        yield "cors lets every origin call every method; allowed: origins or methods by name"


@resource_rule(
    "codecommit-two-approvals",
    on=("aws:codecommit/approvalRuleTemplate:ApprovalRuleTemplate",),
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("CKV_AWS_257",),
    url="https://docs.aws.amazon.com/codecommit/latest/userguide/approval-rule-templates.html",
    remediation="set NumberOfApprovalsNeeded to 2 or more",
    guards=("content",),
)
def two_approvals(template: Resource, _settings: Settings) -> Iterator[str]:
    """Changes are approved by two people."""
    statements = _json(template, "content").get("Statements")
    for one in statements if isinstance(statements, Sequence) else ():
        needed = _below(one, "NumberOfApprovalsNeeded")
        if (number(needed) or 0) < 2:  # noqa: PLR2004 as the title says
            yield f"content: NumberOfApprovalsNeeded is {show(needed)}; allowed: at least 2"


_KEY_OF_AWS: Final = re.compile(r"(AKIA|ASIA|A3T[A-Z0-9])[A-Z0-9]{16}|[A-Za-z0-9/+]{40}")
"""Access keys of AWS, and the secrets that belong to them."""

_ROWS: Final = (
    forbidden(
        "iam-no-user-policies", "Policies are attached to groups and roles, not to users",
        on=("aws:iam/userPolicyAttachment:UserPolicyAttachment", "aws:iam/userPolicy:UserPolicy"),
        severity=Severity.LOW, level=Level.PRODUCTION, controls=("CKV_AWS_40", "IAM.2", "AWS-0143"),
        remediation="attach the policy to a role",
    ),
    check(
        "provider-no-keys", "Keys of an account stay out of the program", ("accessKey", "secretKey"),
        Must("credentials of the environment", lambda found: _KEY_OF_AWS.fullmatch(str(found)) is None,
             absent_is_fine=True),
        on=PROVIDERS, severity=Severity.CRITICAL, controls=("CKV_AWS_41",), url=LAYERS,
        when_unknown=WhenUnknown.PASS, remediation="leave access_key and secret_key out, and sign in by a profile",
    ),
)  # fmt: skip

RULES: Final[tuple[Rule, ...]] = (
    *_ROWS,
    classic_tls,
    classic_policy,
    docdb_tls,
    docdb_audited,
    redshift_tls,
    session_encrypted,
    session_logged,
    origins_named,
    two_approvals,
)
