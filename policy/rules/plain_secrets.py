"""Secrets that stand in the program: in user data, environments, arguments, parameters, contents, and as passwords."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Rule, Severity, WhenUnknown, resource_rule, stack_rule
from policy.secrets_in_text import secret_in
from policy.tokens import (
    AURORA_CLUSTERS,
    DATABASES,
    EVERY_AWS,
    EVERY_KUBERNETES,
    FUNCTIONS,
    INSTANCES,
    KUBERNETES_SECRETS,
    LAUNCH_CONFIGURATIONS,
    LAUNCH_TEMPLATES,
    PARAMETERS,
    SPOT_INSTANCES,
)
from policy.values import Mark, is_list, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_RDS: Final = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"
_BEST: Final = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html"
_USER_DATA: Final = (*INSTANCES, *SPOT_INSTANCES, *LAUNCH_TEMPLATES, *LAUNCH_CONFIGURATIONS)
_DATABASES: Final = dict.fromkeys((*DATABASES, *AURORA_CLUSTERS), ("password", "masterPassword"))
_PASSWORDS: Final[Mapping[str, Sequence[str]]] = {
    "aws:docdb/cluster:Cluster": ("masterPassword",),
    "aws:redshift/cluster:Cluster": ("masterPassword",),
    "aws:redshiftserverless/namespace:Namespace": ("adminUserPassword",),
    "aws:lightsail/database:Database": ("masterPassword",),
    "aws:dms/endpoint:Endpoint": ("password",),
    "aws:mq/broker:Broker": ("users.password",),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("authToken",),
    "aws:elasticache/user:User": ("passwords", "authenticationMode.passwords"),
    "aws:memorydb/user:User": ("authenticationMode.passwords",),
    "aws:opensearch/domain:Domain": ("advancedSecurityOptions.masterUserOptions.masterUserPassword",),
    "aws:elasticsearch/domain:Domain": ("advancedSecurityOptions.masterUserOptions.masterUserPassword",),
    "aws:quicksight/dataSource:DataSource": ("credentials.credentialPair.password",),
    "aws:directoryservice/directory:Directory": ("password",),
    "aws:fsx/windowsFileSystem:WindowsFileSystem": ("selfManagedActiveDirectory.password",),
    "aws:cloudwatch/eventConnection:EventConnection": (
        "authParameters.basic.password", "authParameters.apiKey.value",
        "authParameters.oauth.clientParameters.clientSecret",
    ),
}  # fmt: skip
"""Type -> inputs that are passwords."""
_SECRET_PLACES: Final = frozenset(
    {"secretString", "secretBinary", "privateKey", "password", "passwords", "masterPassword", "adminUserPassword",
     "masterUserPassword", "authToken", "clientSecret", "customHeaders", "tags", "tagsAll", "userData",
     "userDataBase64", "policy", "assumeRolePolicy"}
)  # fmt: skip
"""Inputs that are meant for secrets, those that other rules judge, and those that hold none."""
_BY_NAME: Final = frozenset(
    {"variables", "environment", "environmentVariables", "runtimeEnvironmentVariables", "data", "defaultArguments",
     "nonOverridableArguments", "connectionProperties", "parameters"}
)  # fmt: skip
"""Inputs that map a name to a value."""
_IN_JSON: Final = frozenset({"containerProperties", "nodeProperties", "containerDefinitions"})
_OWN_RULE: Final = {**dict.fromkeys(FUNCTIONS, "environment")}
"""Type -> the input that a rule of its own judges by names."""
_NO_TEXTS: Final = frozenset({bool, int, float, type(None)})
_DEEPEST: Final = 12


@resource_rule(
    "no-secret-in-text",
    on=(*EVERY_AWS, *EVERY_KUBERNETES),
    severity=Severity.HIGH,
    controls=("CKV_SECRET_2", "CKV_SECRET_6", "CKV_AWS_41", "NIST-IA-5"),
    url=_BEST,
    when_unknown=WhenUnknown.PASS,
    remediation="keep it in Secrets Manager, name it where it is used, and replace the value, which is burnt",
)
def no_secret_in_text(holder: Resource, _settings: Settings) -> Iterator[str]:
    """No text of a resource holds a secret.

    Access keys, private keys, tokens and addresses with a password are known by their form, whatever input they stand
    in; variables, arguments and parameters also by their names. Inputs that are meant for secrets, user data and the
    environments of functions and of tasks are judged by rules of their own.
    """
    if holder.type in KUBERNETES_SECRETS or _is_encrypted_parameter(holder):
        return
    name = str(holder.inputs.get("name") or "").rpartition("/")[2] if holder.type in PARAMETERS else ""
    for key, value in holder.inputs.items():
        if key not in _SECRET_PLACES and _OWN_RULE.get(holder.type) != key:
            named = name if key in ("value", "insecureValue") else ""
            for where, found in _secrets(value, key, key, named, _DEEPEST) if type(value) not in _NO_TEXTS else ():
                yield f"{where} holds {found}; allowed: the name of a secret"


def _is_encrypted_parameter(holder: Resource) -> bool:
    return holder.type in PARAMETERS and plain(holder.inputs.get("type")) == "SecureString"


def _secrets(value: object, key: str, where: str, name: str, deepest: int) -> Iterator[tuple[str, str]]:
    """Yield path and kind of each secret at or below a value; a name is that of the variable whose value it is."""
    if type(value) in _NO_TEXTS:
        return
    value = plain(value)
    if isinstance(value, str):
        parsed = _parsed(value) if key in _IN_JSON else None
        if parsed is not None:
            yield from _secrets(parsed, key, where, "", deepest - 1)
        elif found := secret_in(value, name):
            yield where, found
    elif deepest and isinstance(value, Mapping):
        pair = _pair(value)
        for inner, below in value.items():
            if inner in _SECRET_PLACES:
                continue
            named = pair if pair and inner == "value" else str(inner) if key in _BY_NAME and not pair else ""
            yield from _secrets(below, str(inner), f"{where}.{inner}", named, deepest - 1)
    elif deepest and is_list(value):
        for at, below in enumerate(list(value)):
            yield from _secrets(below, key, f"{where}[{at}]", "", deepest - 1)


def _pair(value: Mapping[str, object]) -> str:
    """Return the name of what is a variable: one with a value, which is no reference by its type."""
    kind = plain(value.get("type"))
    if isinstance(kind, str) and kind not in ("PLAINTEXT", "String"):
        return ""
    found = plain(value.get("name"))
    return found if isinstance(found, str) else ""


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


@resource_rule(
    "ec2-user-data-no-secrets",
    on=_USER_DATA,
    severity=Severity.CRITICAL,
    controls=("CKV_AWS_46", "AWS-0029", "AWS-0129"),
    url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
    when_unknown=WhenUnknown.DEFER,
    remediation="have the instance read it from Secrets Manager with its role",
    guards=("userData", "userDataBase64"),
)
def user_data(instance: Resource, _settings: Settings) -> Iterator[str]:
    """User data holds no secrets.

    Whoever is on the instance, and whoever may describe it, reads its user data, plain or in base64.
    """
    for key in ("userData", "userDataBase64"):
        if found := secret_in(str(instance.get(key) or "")):
            yield f"{key} holds {found}; allowed: a name by which the instance finds it"


def _plain_passwords(stack: Stack, places: Mapping[str, Sequence[str]]) -> Iterator[Breach]:
    """Yield the passwords that are texts of the program: no secret, and no other resource stands behind them."""
    for holder in stack.of(places):
        behind = holder.origin.property_dependencies or {}
        for path in places[holder.type]:
            key, _, rest = path.partition(".")
            texts = set(_texts(holder.inputs.get(key), rest)) - holder.origin.secrets
            if texts and not behind.get(key):
                yield Breach(holder, f"{path} is plain text; allowed: a secret")


def _texts(value: object, path: str) -> Iterator[str]:
    """Yield the texts at a path."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each, path)
    elif isinstance(value, Mapping) and path:
        key, _, rest = path.partition(".")
        yield from _texts(value.get(key), rest)
    elif isinstance(value, str) and value and not path and plain(value) is not Mark.UNKNOWN:
        yield value


@stack_rule(
    "rds-no-plaintext-password",
    on=tuple(_DATABASES),
    severity=Severity.HIGH,
    controls=("NIST-IA-5",),
    url=f"{_RDS}/rds-secrets-manager.html",
    when_unknown=WhenUnknown.PASS,
    remediation="set manage_master_user_password=True, password_wo, or a password from a secret",
    guards=("password", "masterPassword"),
)
def no_plain_password(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """No password of a database stands in the program.

    A value counts as the program's own where it is not marked as a secret and no other resource stands behind it. One
    that is drawn into a secret, and read from there, has the secret's version behind it.
    """
    yield from _plain_passwords(stack, _DATABASES)


@stack_rule(
    "no-plaintext-password",
    on=tuple(_PASSWORDS),
    severity=Severity.HIGH,
    controls=("NIST-IA-5", "CKV_SECRET_6"),
    url=_BEST,
    when_unknown=WhenUnknown.PASS,
    remediation="let AWS keep it where the service can, log in by IAM, or read it from a secret of the program",
    guards=tuple(dict.fromkeys(path.split(".")[0] for paths in _PASSWORDS.values() for path in paths)),
)
def no_other_password(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """No password of a store, a broker or a directory stands in the program.

    Judged as rds-no-plaintext-password judges those of databases.
    """
    yield from _plain_passwords(stack, _PASSWORDS)


RULES: Final[tuple[Rule, ...]] = (no_secret_in_text, user_data, no_plain_password, no_other_password)
