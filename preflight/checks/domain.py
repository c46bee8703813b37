"""The domain: its zone, and who delegates to it. Certificates are issued only once DNS proves that the names are ours.

The zone that a stack makes has name servers that nobody knows before. `up` waits at the first certificate until the
parent domain names them, and gives up after 75 minutes (ADR 0011). So what can be asked before is who holds the parent.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, Final

from preflight.account import GLOBAL_REGION
from preflight.finding import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.account import Account
    from preflight.plan import Plan

_ZONE: Final = "aws:route53/zone:Zone"
_CERTIFICATE: Final = "aws:acm/certificate:Certificate"
_PATH: Final = ("edge", "domain")


def zone(account: Account, plan: Plan) -> Iterator[Finding]:
    """A zone that the stack makes is not there; one that it only writes to is."""
    ours = {_plain(str(one.inputs["name"])) for one in plan.of(_ZONE)}
    for domain in sorted(ours):
        for there in _zones(account, domain):
            yield Finding(
                level=Level.STOPS,
                what=f"hosted zone {domain}",
                found=f"{there['Id'].rpartition('/')[2]} exists",
                needed="none, since the stack makes one, with name servers of its own",
                fix="import it (`pulumi import aws:route53/zone:Zone front-zone ID`), or delete it",
                path=_PATH,
            )
    for domain in sorted(_proven(plan)):
        known = [*_above(domain, itself=True)]
        if ours.isdisjoint(known) and not any(_zones(account, name) for name in known):
            yield Finding(
                level=Level.STOPS,
                what=f"hosted zone of {domain}",
                found="none in this account",
                needed="a zone in which the proof for its certificate stands",
                fix="deploy the stack that makes the zone first: the primary, of a standby",
                path=_PATH,
            )


def delegation(account: Account, plan: Plan) -> Iterator[Finding]:
    """The parent of a zone that the stack makes is at hand: a zone of the account, or its registration of the name."""
    for domain in sorted({_plain(str(one.inputs["name"])) for one in plan.of(_ZONE)}):
        holder = _holder(account, domain)
        yield Finding(
            level=Level.BY_HAND if holder else Level.STOPS,
            what=f"delegation of {domain}",
            found=holder or "neither its parent's zone nor its registration is in this account",
            needed="name servers of the new zone at the parent, within 75 minutes of its creation",
            fix="as soon as `up` has made the zone, write the name servers that `aws route53 get-hosted-zone` names "
            "to the parent" + ("" if holder else ": arrange with who holds it to do so within the hour"),
            path=_PATH,
        )


def resolves(_account: Account, plan: Plan) -> Iterator[Finding]:
    """By DNS, which is asked only with `--dns`: the domain does not resolve yet, so nothing is taken over unawares."""
    for domain in sorted({_plain(str(one.inputs["name"])) for one in plan.of(_ZONE)}):
        try:
            addresses = sorted({str(found[4][0]) for found in socket.getaddrinfo(domain, 443)})
        except socket.gaierror:
            continue
        yield Finding(
            level=Level.SPOILS,
            what=f"public DNS of {domain}",
            found=f"resolves to {', '.join(addresses)}",
            needed="nothing: delegating it takes it away from what answers there now",
            fix="move what answers there first, or choose another domain",
            path=_PATH,
        )


def _holder(account: Account, domain: str) -> str:
    """Say where the account itself can delegate from; nothing where it cannot."""
    for name in _above(domain, itself=False):
        for there in _zones(account, name):
            return f"zone {name} ({there['Id'].rpartition('/')[2]}) is in this account"
    unknown = ("InvalidInput", "UnsupportedTLD")  # how Route 53 says that the name is not registered with the account
    answer = account.ask("route53domains", "GetDomainDetail", GLOBAL_REGION, absent=unknown, DomainName=domain)
    return f"{domain} is registered by this account" if answer else ""


def _proven(plan: Plan) -> set[str]:
    certificates = [one for one in plan.of(_CERTIFICATE) if one.inputs.get("validationMethod") == "DNS"]
    return {_plain(str(one.inputs["domainName"])) for one in certificates}


def _above(domain: str, *, itself: bool) -> Iterator[str]:
    """Yield a domain's parents, the nearest first."""
    labels = domain.split(".")
    yield from (".".join(labels[index:]) for index in range(0 if itself else 1, len(labels)))


def _zones(account: Account, domain: str) -> list[dict[str, Any]]:
    """Return the public zones of a name."""
    answer = account.ask("route53", "ListHostedZonesByName", GLOBAL_REGION, DNSName=domain)
    zones = [zone for zone in answer["HostedZones"] if _plain(zone["Name"]) == domain]
    return [zone for zone in zones if not zone.get("Config", {}).get("PrivateZone")]


def _plain(name: str) -> str:
    return name.rstrip(".").lower()
