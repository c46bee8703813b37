"""Which rule of a listener takes a request, as Elastic Load Balancing compares.

Pure, on ministack's parsed rules. Condition types of the ELB user guide, 2026-11: `*` is any text, `?` one character,
a backslash takes either literally. Paths are compared by case, hosts, headers and queries are not; methods are exact.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
"""

from __future__ import annotations

import random
import re
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sandbox.emulator.traffic.messages import Request

    Document: TypeAlias = Mapping[str, Any]

_WILD: Final = re.compile(r"\\([*?\\])|([*?])|([^*?\\]+|\\)", re.DOTALL)


def like(text: str, pattern: str, *, case: bool = False) -> bool:
    """Whether a text is as a pattern says."""

    def part(found: re.Match[str]) -> str:
        literal, wild, plain = found.groups()
        return {"*": ".*", "?": "."}[wild] if wild else re.escape(literal or plain)

    return re.fullmatch(_WILD.sub(part, pattern), text, re.DOTALL | (0 if case else re.IGNORECASE)) is not None


def first(rules: Iterable[Document], request: Request) -> Document | None:
    """Return the rule of the lowest priority that takes a request; the default rule is last."""
    ordered = sorted(rules, key=lambda rule: (bool(rule.get("IsDefault")), _number(rule.get("Priority"))))
    return next((rule for rule in ordered if all(_holds(one, request) for one in rule.get("Conditions", []))), None)


def _number(priority: object) -> int:
    return int(str(priority)) if str(priority).isdigit() else 0


def _holds(condition: Document, request: Request) -> bool:
    values: list[str] = condition.get("Values", [])
    return _KINDS[condition["Field"]](condition, values, request)


def _header(condition: Document, _: list[str], request: Request) -> bool:
    config = condition["HttpHeaderConfig"]
    name = config["HttpHeaderName"].lower()
    found = [value for key, value in request.headers if key == name]
    return any(like(value, pattern) for value in found for pattern in config["Values"])


def _query(condition: Document, _: list[str], request: Request) -> bool:
    """Whether any of the pairs is there; a pair without a key is a value of any."""
    wanted = condition.get("QueryStringConfig", {}).get("Values", [])
    return any(
        like(value, one["Value"]) and ("Key" not in one or like(key, one["Key"]))
        for one in wanted
        for key, value in request.pairs
    )


def host(request: Request) -> str:
    """Return the host that a request names, without a port."""
    return re.sub(r":\d+$", "", request.header("host"))


_KINDS: Final[Mapping[str, Callable[[Document, list[str], Request], bool]]] = {
    "path-pattern": lambda _, values, request: any(like(request.path, value, case=True) for value in values),
    "host-header": lambda _, values, request: any(like(host(request), value) for value in values),
    "http-request-method": lambda _, values, request: request.method in values,
    "http-header": _header,
    "query-string": _query,
    "source-ip": lambda _, values, request: any(
        ip_address(request.source) in ip_network(value, strict=False) for value in values
    ),
}


def weights(action: Document) -> dict[str, int]:
    """Return target group -> weight of an action that forwards."""
    config = action.get("ForwardConfig") or {}
    found = {group["TargetGroupArn"]: int(group.get("Weight", 1)) for group in config.get("TargetGroups", [])}
    return found or {action["TargetGroupArn"]: 1}


def group(action: Document) -> str | None:
    """Return the target group that a request goes to, by weight; None when no group has one."""
    found = {arn: weight for arn, weight in weights(action).items() if weight > 0}
    return random.choices(list(found), list(found.values()))[0] if found else None  # noqa: S311 - shares, no secret


def location(action: Document, request: Request, protocol: str, port: int) -> str:
    """Return where an action redirects a request to.

    Args:
        action: The action.
        request: The request.
        protocol: Protocol of the listener.
        port: Port of the listener.
    """
    config = {"Protocol": "#{protocol}", "Host": "#{host}", "Port": "#{port}", "Path": "/#{path}", "Query": "#{query}"}
    config |= {key: value for key, value in action["RedirectConfig"].items() if key in config}
    said = {
        "protocol": protocol,
        "host": host(request),
        "port": str(port),
        "path": request.path.removeprefix("/"),
        "query": request.query,
    }
    filled = {key: re.sub(r"#\{(\w+)\}", lambda found: said[found[1]], value) for key, value in config.items()}
    query = f"?{filled['Query']}" if filled["Query"] else ""
    return f"{filled['Protocol'].lower()}://{filled['Host']}:{filled['Port']}{filled['Path']}{query}"
