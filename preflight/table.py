"""All checks, in the order in which their findings are reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from preflight.account import Account
from preflight.checks import (
    backup,
    billing,
    channels,
    domain,
    engines,
    identity,
    images,
    linked_roles,
    names,
    once,
    quotas,
    versions,
    zones,
)
from preflight.finding import Finding
from preflight.plan import Plan

Run: TypeAlias = Callable[[Account, Plan], Iterable[Finding]]


@dataclass(frozen=True)
class Check:
    """One question to the account."""

    name: str
    """Its name, in kebab case."""
    run: Run
    """Asks it."""


def _kebab(words: str) -> str:
    return "-".join(words.lower().replace("_", " ").split())


FIRST: Final = Check("account", identity.account)
"""What has to be right before anything else is asked."""

CHECKS: Final = (
    Check("regions", identity.regions),
    Check("stands", identity.stands),
    *(Check(f"quotas-{service}", quotas.of_service(service)) for service in quotas.services()),
    Check("zones", zones.exist),
    Check("zones-of-eks", zones.taken_by_eks),
    Check("endpoint-services", zones.endpoints),
    Check("node-types", zones.node_types),
    Check("kubernetes-version", versions.kubernetes),
    Check("addon-builds", versions.addons),
    Check("node-images", versions.images),
    Check("database-versions", engines.database_versions),
    Check("database-classes", engines.database_classes),
    Check("cache-versions", engines.cache_versions),
    Check("cache-nodes", engines.cache_nodes),
    Check("linked-roles-made", linked_roles.made),
    Check("linked-roles-named", linked_roles.named),
    *(Check(f"once-{_kebab(row.what)}", once.of(row)) for row in once.ONCE),
    *(Check(f"name-{_kebab(row.what)}", names.of(row)) for row in names.NAMED),
    Check("buckets", names.buckets),
    Check("payer", billing.payer),
    Check("tag-keys", billing.known_keys),
    Check("backup-opt-ins", backup.opt_ins),
    Check("zone-of-domain", domain.zone),
    Check("delegation", domain.delegation),
    Check("slack-workspace", channels.workspace),
    Check("slack-channels", channels.channels),
    Check("secrets", channels.secrets),
    Check("mail", channels.mail),
    Check("images", images.tags),
)

BY_DNS: Final = Check("public-dns", domain.resolves)
"""Asked only with `--dns`: it leaves AWS."""
