"""Mail: an address subscribed to topics; whoever reads it confirms each subscription once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pulumi_aws import sns

from components.base import child, named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from config.observability import Severity

_OTHER: Final = re.compile(r"[^a-z0-9]+")


def subscribe(
    parent: pulumi.Resource,
    name: str,
    addresses: Mapping[str, Sequence[Severity]],
    topics: Mapping[Severity, pulumi.Output[str]],
    provider: pulumi.ProviderResource | None = None,
) -> None:
    """Subscribe each address to the topics of its severities; by a provider where they are in another region."""
    for address, severities in addresses.items():
        for severity in severities:
            sns.TopicSubscription(
                named(name, f"{_OTHER.sub('-', address.lower())}-{severity}"),
                topic=topics[severity],
                protocol="email",
                endpoint=address,
                opts=child(parent, provider=provider),
            )
