"""GuardDuty in one region: the detector, and every feature switched on or off by name.

AWS switches some features on for a new detector, and adds others over the years; what the stack file does not name is
off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from pulumi_aws import guardduty

from components.base import child, named
from config.audit import RuntimeAgent, ThreatFeature

if TYPE_CHECKING:
    import pulumi

    from config.audit import Threats

_FEATURES: Final[tuple[ThreatFeature, ...]] = get_args(ThreatFeature)
_AGENTS: Final[tuple[RuntimeAgent, ...]] = get_args(RuntimeAgent)
"""In the order in which GuardDuty answers; the provider compares lists by position."""


def build_threats(parent: pulumi.Resource, name: str, threats: Threats) -> guardduty.Detector:
    """Build the detector and its features.

    Args:
        parent: The component that owns them.
        name: Its logical name.
        threats: The stack file's `audit.threats`.
    """
    detector = guardduty.Detector(
        named(name, "detector"),
        enable=True,
        finding_publishing_frequency=threats.finding_frequency,
        opts=child(parent),
    )
    previous: list[guardduty.DetectorFeature] = []
    for feature in _FEATURES:
        made = guardduty.DetectorFeature(
            named(name, f"detector-{feature.lower().replace('_', '-')}"),
            detector_id=detector.id,
            name=feature,
            status=_status(on=feature in threats.features),
            additional_configurations=_agents(threats) if feature == "RUNTIME_MONITORING" else None,
            # UpdateDetector writes all features of a detector: two calls at once would undo each other.
            opts=child(parent, depends_on=previous[-1:]),
        )
        previous.append(made)
    return detector


def _agents(threats: Threats) -> list[guardduty.DetectorFeatureAdditionalConfigurationArgs]:
    return [
        guardduty.DetectorFeatureAdditionalConfigurationArgs(
            name=agent, status=_status(on=agent in threats.runtime_agents)
        )
        for agent in _AGENTS
    ]


def _status(*, on: bool) -> str:
    return "ENABLED" if on else "DISABLED"
