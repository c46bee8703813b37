"""Names whose grammar is more than a pattern: domains with what is derived of them, labels, mail, namespaces, ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.allowed import nearest
from config.base import present
from config.facts.firewall import COUNTRIES, MANAGED_RULES, STANDARDS
from config.facts.limits import CERTIFICATE_NAME_LENGTH
from config.problems import Path, refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from config.cluster import NodeGroup
    from config.karpenter import NodePool
    from config.problems import Problem
    from config.stack import StackConfig

ORIGIN: Final = "origin"
"""Label that the program puts before the domain, for the name of the region that serves."""
_LABEL_PREFIX: Final = 253
"""Characters of the domain before a label's name (Kubernetes, "Labels and selectors")."""
_LOCAL_PART: Final = 64
"""Characters before the @ of a mail address (RFC 5321, 4.5.3.1.1)."""
_LARGEST_PORT: Final = 65535


def domain(config: StackConfig) -> Iterator[Problem]:
    """Every name that is the first of a certificate is one that ACM takes, and that a certificate's subject holds."""
    if config.edge is None:
        return
    name = f"{ORIGIN}.{config.edge.domain}"
    if len(name) > CERTIFICATE_NAME_LENGTH:
        most = CERTIFICATE_NAME_LENGTH - len(ORIGIN) - 1
        what = f"makes {ORIGIN}.<domain> a name of {len(name)} characters, and ACM takes {CERTIFICATE_NAME_LENGTH}"
        allowed = f"{most} characters at most"
        yield refuse(("edge", "domain"), what, got=config.edge.domain, allowed=allowed, fix="choose a shorter name")


def countries(config: StackConfig) -> Iterator[Problem]:
    """Blocked countries exist."""
    for at, code in enumerate(config.edge.firewall.blocked_countries if config.edge else ()):
        if code not in COUNTRIES:
            what, allowed = "no country that a firewall knows", "codes of ISO 3166, such as CU, KP"
            path: Path = ("edge", "firewall", "blocked_countries", at)
            yield refuse(path, what, got=code, allowed=allowed, fix=_fix(code, COUNTRIES))


def counted_rules(config: StackConfig) -> Iterator[Problem]:
    """Rules that only count are ones of their managed group."""
    for group, names in config.edge.firewall.counted_rules.items() if config.edge else ():
        known = MANAGED_RULES[group]
        for at, name in enumerate(names):
            if name not in known:
                path: Path = ("edge", "firewall", "counted_rules", group, at)
                allowed = f"rules of {group}, such as {min(known)}"
                yield refuse(path, "no rule of the group", got=name, allowed=allowed, fix=_fix(name, known))


def standards(config: StackConfig) -> Iterator[Problem]:
    """Standards of Security Hub have the version that is asked for."""
    for name, version in config.audit.posture.standards.items() if config.audit else ():
        if version not in STANDARDS[name]:
            path: Path = ("audit", "posture", "standards", name)
            allowed = ", ".join(sorted(STANDARDS[name]))
            yield refuse(path, "no version of this standard", got=version, allowed=allowed, fix="name one of these")


def label_domains(config: StackConfig) -> Iterator[Problem]:
    """What stands before the slash of a label or taint is no longer than a domain name."""
    keys: dict[Path, str] = {}
    path: Path
    nodes: dict[Path, NodeGroup | NodePool] = {}
    nodes |= {("cluster", "node_groups", name): one for name, one in present(config.cluster).node_groups.items()}
    nodes |= {("kubernetes", "karpenter", "pools", name): one for name, one in config.pools.items()}
    for path, group in nodes.items():
        keys |= {(*path, "labels", key): key for key in group.labels}
        keys |= {(*path, "taints", at, "key"): taint.key for at, taint in enumerate(group.taints)}
    if config.kubernetes is not None and config.kubernetes.application is not None:
        keys |= {("kubernetes", "application", "selector", key): key for key in config.kubernetes.application.selector}
    for path, key in keys.items():
        if len(key.rpartition("/")[0]) > _LABEL_PREFIX:
            allowed = f"{_LABEL_PREFIX} characters before the slash"
            yield refuse(path, "the domain is too long", got=key, allowed=allowed, fix="shorten it")


def mail(config: StackConfig) -> Iterator[Problem]:
    """No part of a mail address is longer than mail servers take."""
    addresses: dict[Path, str] = {("identity", "owner"): config.identity.owner}
    if config.cost is not None:
        addresses |= {("cost", "recipients", at): one for at, one in enumerate(config.cost.recipients)}
    if config.observability is not None:
        addresses |= {("observability", "channels", "mail", one): one for one in config.observability.channels.mail}
    for path, address in addresses.items():
        if len(address.rpartition("@")[0]) > _LOCAL_PART:
            allowed = f"{_LOCAL_PART} characters before the @"
            yield refuse(path, "no mail server takes it", got=address, allowed=allowed, fix="correct it")


def namespaces_of_metrics(config: StackConfig) -> Iterator[Problem]:
    """Pods publish outside of what CloudWatch keeps for AWS."""
    for name, group in config.observability.custom_metrics.items() if config.observability else ():
        if group.namespace.startswith("AWS/"):
            path: Path = ("observability", "custom_metrics", name, "namespace")
            what, allowed = "kept for AWS's own metrics", "a namespace that does not begin with AWS/"
            yield refuse(path, what, got=group.namespace, allowed=allowed, fix="choose another")


def priorities(config: StackConfig) -> Iterator[Problem]:
    """Priority classes are not named as Kubernetes's own are."""
    for name, value in config.kubernetes.priorities.items() if config.kubernetes else ():
        if name.startswith("system-"):
            path: Path = ("kubernetes", "priorities", name)
            allowed = "names that do not begin with system-"
            yield refuse(path, "kept for Kubernetes's own classes", got=value, allowed=allowed, fix="rename it")


def registries(config: StackConfig) -> Iterator[Problem]:
    """The port of an image's registry is one."""
    layer = config.kubernetes
    for name in ("cluster_autoscaler", "load_balancer_controller", "device_plugin", "pgbouncer") if layer else ():
        part = getattr(layer, name)
        port = part.image.partition("/")[0].partition(":")[2] if part is not None else ""
        if port and not 1 <= int(port) <= _LARGEST_PORT:
            path: Path = ("kubernetes", name, "image")
            allowed = f"ports 1 to {_LARGEST_PORT}"
            yield refuse(path, "no port of a registry", got=part.image, allowed=allowed, fix="correct it")


def _fix(got: str, known: Collection[str]) -> str:
    close = nearest(got, sorted(known))
    return f"did you mean {close[0]}?" if close else "correct it, or leave it out"


RULES: Final = (
    domain,
    countries,
    counted_rules,
    standards,
    label_domains,
    mail,
    namespaces_of_metrics,
    priorities,
    registries,
)
