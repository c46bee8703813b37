"""The account, asked by boto3 with bounded time-outs; what it refuses to answer is an error that names the action."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError, ProfileNotFound

if TYPE_CHECKING:
    from collections.abc import Collection

GLOBAL_REGION: Final = "us-east-1"
"""Region in which services without regions are asked."""
CREDENTIALS: Final = "AWS credentials: none that can be used; do: set AWS_PROFILE, or log in (`aws sso login`)"
_TIMES: Final = Config(connect_timeout=5, read_timeout=15, retries={"mode": "standard", "max_attempts": 3})
"""A call ends after a minute at most."""
_PREFIXES: Final = {
    "accessanalyzer": "access-analyzer",
    "elbv2": "elasticloadbalancing",
    "service-quotas": "servicequotas",
}
"""Services whose IAM prefix is not the name that boto3 gives them."""
_ACTIONS: Final = {
    "apigatewayv2:GetDomainNames": "apigateway:GET",
    "apigatewayv2:GetVpcLinks": "apigateway:GET",
    "budgets:DescribeBudgets": "budgets:ViewBudget",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
}
"""Calls whose IAM action has another name (Service Authorization Reference, 2026-11)."""
_UNUSABLE: Final = ("ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException")


class CredentialsError(Exception):
    """There are no credentials, or AWS does not take them; nothing can be asked."""


class CouldNotAskError(Exception):
    """The account gave no answer.

    Args:
        action: The IAM action, such as `eks:DescribeAddonVersions`.
        region: Where it was asked.
        reason: What AWS or the network said.
        code: AWS's error code; empty where it was not AWS that answered.
    """

    def __init__(self, action: str, region: str, reason: str, code: str = "") -> None:
        super().__init__(f"{action} in {region}: {reason}")
        self.action, self.region, self.reason, self.code = action, region, reason, code


def action(service: str, operation: str) -> str:
    """Return the IAM action of a call: of boto3's service and the API's operation."""
    name = f"{_PREFIXES.get(service, service)}:{operation}"
    return _ACTIONS.get(name, name)


class Account:
    """Makes the calls. Checks share it between threads.

    Args:
        session: Credentials.
        endpoint: Address of another endpoint than AWS's; None = AWS, or what `AWS_ENDPOINT_URL` says.

    Attributes:
        calls: Number of calls so far, without pages and retries.
    """

    def __init__(self, session: boto3.Session, endpoint: str | None = None) -> None:
        self.calls = 0
        self._session, self._endpoint = session, endpoint
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def ask(self, service: str, operation: str, region: str, *, absent: Collection[str] = (), **request: Any) -> Any:  # noqa: ANN401  boto3 has no types
        """Return the answer to a call, all pages together; None where the error says that there is no such thing.

        Args:
            service: boto3's name of the service.
            operation: The API's name, such as `DescribeVpcs`.
            region: Where to ask.
            absent: Error codes that mean absence.
            **request: Parameters of the call.

        Raises:
            CouldNotAskError: It was refused, or there was no answer in time.
            CredentialsError: Nothing can be asked at all.
        """
        try:
            client, method = self._client(service, region), xform_name(operation)
            if client.can_paginate(method):
                return client.get_paginator(method).paginate(**request).build_full_result()
            return getattr(client, method)(**request)
        except ClientError as error:
            said = error.response["Error"]
            if said["Code"] in absent:
                return None
            if said["Code"] in _UNUSABLE:
                raise CredentialsError(f"{CREDENTIALS}; AWS said: {said['Code']}") from None
            reason = f"{said['Code']}: {said.get('Message', '')}".strip(": ")
            raise CouldNotAskError(action(service, operation), region, reason, said["Code"]) from None
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise CredentialsError(CREDENTIALS) from error
        except (BotoCoreError, OSError) as error:
            raise CouldNotAskError(action(service, operation), region, str(error)) from None

    def has_endpoint(self, service: str, region: str) -> bool:
        """Whether a service is known to have an endpoint in a region."""
        return region in self._session.get_available_regions(service)

    def _client(self, service: str, region: str) -> Any:  # noqa: ANN401  boto3 has no types
        with self._lock:  # a session makes one client at a time
            self.calls += 1
            if (service, region) not in self._clients:
                self._clients[service, region] = self._session.client(
                    service, region_name=region, endpoint_url=self._endpoint, config=_TIMES
                )
            return self._clients[service, region]


def connect(endpoint: str | None = None) -> Account:
    """Return the account of the environment's credentials.

    Raises:
        CredentialsError: There are none, or the profile that the environment names does not exist.
    """
    try:
        session = boto3.Session()
    except ProfileNotFound as error:
        raise CredentialsError(f"AWS credentials: {error}; do: set AWS_PROFILE to one that exists") from None
    try:
        found = session.get_credentials()
    except BotoCoreError as error:  # an SSO session that has ended, a process that fails
        raise CredentialsError(f"{CREDENTIALS}; boto3 said: {error}") from None
    if found is None:
        raise CredentialsError(CREDENTIALS)
    return Account(session, endpoint)
