"""Where CloudFront asks: load balancers and HTTP APIs of the emulator, by their names or by records that lead there."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import asyncio
import http.client
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import parse_qs

import ministack.app
from ministack.core.iam_evaluator import pin_request_origin
from ministack.services import alb, cloudfront, route53

from sandbox.emulator.cut import reachable
from sandbox.emulator.patches.s3_delivery import region_of
from sandbox.emulator.traffic.balancer import Listener, send
from sandbox.emulator.traffic.messages import BrokenError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    Origin: TypeAlias = Mapping[str, Any]
    Fetched: TypeAlias = tuple[int, str, dict[str, Any], bytes]
    Fetch: TypeAlias = Callable[..., Awaitable[Fetched]]

_MOST_NAMES: Final = 10
"""How many records are followed one after another."""
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
"""Methods that an origin group fails over for."""
_HERE: Final = ("127.0.0.1", "localhost")


def _plain(name: str) -> str:
    return name.rstrip(".").lower().removeprefix("dualstack.")  # how an alias may name a load balancer


def names(name: str) -> list[str]:
    """Return a name and those that its records lead to, the first of a pair before its second."""
    found = [_plain(name)]
    for one in found:
        records = [
            record
            for zone in list(route53._records._data.values())  # of all accounts: names are everybody's
            for record in zone
            if _plain(record["Name"]) == one and record["Type"] in ("A", "CNAME")
        ]
        for record in sorted(records, key=lambda record: record.get("Failover") == "SECONDARY"):
            aliased = (record.get("AliasTarget") or {}).get("DNSName", "")
            targets = [_plain(target) for target in [aliased, *(record.get("ResourceRecords") or [])]]
            found += [target for target in targets if target and target not in found]
        if len(found) > _MOST_NAMES:
            break
    return found


def listeners(host: str, port: int) -> list[Listener]:
    """Return the listeners of load balancers at a port that a name leads to, the first of a pair before its second."""
    return [
        Listener(arn)
        for name in names(host)
        for (_, _, _), balancer in list(alb._lbs._data.items())
        if _plain(balancer["DNSName"]) == name
        for (_, _, arn), one in list(alb._listeners._data.items())
        if one["LoadBalancerArn"] == balancer["LoadBalancerArn"] and one["Port"] == port
    ]


def listener(origin: Origin, *, secure: bool) -> Listener | None:
    """Return the listener of a load balancer that an origin leads to; of those that can be reached, if there are."""
    _, port, tls = cloudfront._origin_connect_target(origin, secure)
    found = [one for one in listeners(origin["domain_name"], port) if one.secure == tls]
    return next((one for one in found if reachable(one.region)), next(iter(found), None))


def fetching(original: Fetch) -> Fetch:
    """Return what asks an origin, or those of a group one after another."""

    async def fetch(  # noqa: PLR0913, PLR0917 - the signature it replaces
        origin: Origin,
        method: str,
        uri: str,
        query: str,
        headers: dict[str, Any],
        body: bytes,
        secure: bool,  # noqa: FBT001 - same
        address: str,
        forwarded_for: str,
        arn: str,
    ) -> Fetched:
        async def one(member: Origin) -> Fetched:
            if member.get("s3_bucket"):
                if not reachable(region_of(member["s3_bucket"])):
                    raise cloudfront.OriginUnreachable("its region is cut off")
                pin_request_origin(address, secure)  # S3 is asked by the viewer's protocol: policies may demand TLS
                return await original(member, method, uri, query, headers, body, secure, address, forwarded_for, arn)
            made = cloudfront._origin_request_headers(member, headers, address, forwarded_for)
            path = (member.get("origin_path") or "") + uri
            answer = await _asked(member, method, path, query, made, body, secure=secure, address=address)
            if answer is not None:
                return answer
            if cloudfront._registered_function_url(member) is None and _plain(member["domain_name"]) not in _HERE:
                raise cloudfront.OriginUnreachable(f"{member['domain_name']} is not of this emulator")
            return await original(member, method, uri, query, headers, body, secure, address, forwarded_for, arn)

        members = origin.get("members") or [origin]
        return await _first(members if method in _SAFE else members[:1], one, origin.get("codes", ()))

    return fetch


async def _first(members: list[Origin], ask: Callable[[Origin], Awaitable[Fetched]], codes: Iterable[int]) -> Fetched:
    """Return the answer of the first member whose answer is none of the codes, else that of the last."""
    for member in members[:-1]:
        try:
            answer = await ask(member)
        except (cloudfront.OriginUnreachable, cloudfront.OriginTimeout):
            continue
        if answer[0] not in codes:
            return answer
    return await ask(members[-1])


async def _asked(  # noqa: PLR0913, PLR0917 - the parts of a request
    origin: Origin,
    method: str,
    path: str,
    query: str,
    headers: dict[str, Any],
    body: bytes,
    *,
    secure: bool,
    address: str,
) -> Fetched | None:
    """Return the answer of a load balancer or an API of the emulator, None where the origin is neither."""
    found = listener(origin, secure=secure)
    said = {name.lower(): str(value) for name, value in headers.items()}
    try:
        async with asyncio.timeout(origin.get("read_timeout", 30)):
            if found is not None:
                if not reachable(found.region):
                    raise cloudfront.OriginUnreachable(f"{found.region} is cut off")
                target = path + (f"?{query}" if query else "")
                status, pairs, data = await send(found.arn, method, target, list(said.items()), body, source=address)
                return status, http.client.responses.get(status, ""), cloudfront._multidict_from_pairs(pairs), data
            if not cloudfront._origin_connect_target(origin, secure)[2]:
                return None  # an API speaks TLS only
            host = _plain(origin["domain_name"])
            answer = await ministack.app._handle_execute_api_request(
                host, path, method, said | {"host": host}, body, parse_qs(query, keep_blank_values=True), path, query
            )
    except TimeoutError as error:
        raise cloudfront.OriginTimeout(str(error)) from error
    except BrokenError as error:
        raise cloudfront.OriginUnreachable(str(error)) from error
    if answer is None:
        return None
    status, given, data = answer
    return status, "", cloudfront._multidict_from_pairs(given.items()), data
