"""What pods may do with the Kubernetes API: roles of rules, bound to one service account. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.kubernetes.manifest import Manifest, manifest, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GROUP = "rbac.authorization.k8s.io"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One permission."""

    groups: Sequence[str]
    """API groups; the empty one is the core."""
    resources: Sequence[str]
    """Resources of these groups."""
    verbs: Sequence[str]
    """What may be done."""
    names: Sequence[str] = ()
    """Names that it holds for; empty = all."""

    def render(self) -> Manifest:
        """Return the rule as Kubernetes spells it."""
        return {
            "apiGroups": list(self.groups),
            "resources": list(self.resources),
            "verbs": list(self.verbs),
            **({"resourceNames": list(self.names)} if self.names else {}),
        }


def granted(name: str, namespace: str, everywhere: Sequence[Rule], here: Sequence[Rule]) -> Iterator[Manifest]:
    """Yield the roles of a service account and their bindings.

    Args:
        name: The service account's name, and that of all four objects.
        namespace: Its namespace.
        everywhere: What it may do in the whole cluster.
        here: What it may do in its own namespace.
    """
    subjects = [{"kind": "ServiceAccount", "name": name, "namespace": namespace}]
    for kind, where, rules in (("ClusterRole", None, everywhere), ("Role", namespace, here)):
        about = metadata(name, where)
        yield manifest(f"{_GROUP}/v1", kind, about, rules=[rule.render() for rule in rules])
        reference = {"apiGroup": _GROUP, "kind": kind, "name": name}
        yield manifest(f"{_GROUP}/v1", f"{kind}Binding", about, roleRef=reference, subjects=subjects)
