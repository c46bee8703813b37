"""Route 53 registers a domain for an account at once, and tells of those that it has; no registry knows of it.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_domains_GetDomainDetail.html (2026-11)
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id, new_uuid

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError, json_service

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Action, Document

_DOMAINS = stores.of_account("registered-domains")


def _register(body: Document) -> Document:
    name = body["DomainName"].lower()
    if name in _DOMAINS:
        raise RefusedError("DuplicateRequest", f"{name} is registered already")
    _DOMAINS[name] = {"DomainName": name, "AutoRenew": body.get("AutoRenew", True), "CreationDate": time.time()}
    return {"OperationId": new_uuid()}


def _detail(body: Document) -> Document:
    name = body["DomainName"].lower()
    if name not in _DOMAINS:
        raise RefusedError("InvalidInput", f"Domain {name} not found in {get_account_id()} account")
    return {**_DOMAINS[name], "Nameservers": [{"Name": f"ns-{number}.awsdns.example"} for number in range(1, 5)]}


_ACTIONS: Final[dict[str, Action]] = {"RegisterDomain": _register, "GetDomainDetail": _detail}

PATCH = Patch(
    "registered-domains",
    "registration of domains is no service at all",
    lambda: json_service("route53domains", "Route53Domains_v20140515", _ACTIONS),
)
