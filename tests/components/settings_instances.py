"""Settings of groups of instances that need others beside them (`test_settings_count.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.config.containersfile import STACK as SHOP
from tests.config.leaves import GONE

if TYPE_CHECKING:
    from collections.abc import Mapping

_GROUP: Final = "instances.render"
_CHANGES: Final[Mapping[str, Mapping[str, Any]]] = {
    "instances.*.image.id": {f"{_GROUP}.image.id": "ami-0fedcba9876543210"},
    "instances.*.instance_types.*": {f"{_GROUP}.instance_types": ["c5.xlarge", "c6i.xlarge"]},
    "instances.*.images.*": {f"{_GROUP}.images.APPLICATION": "public.ecr.aws/nginx/nginx:1.29.1"},
    "instances.*.reaches.*": {f"{_GROUP}.reaches": ["postgres", "redis", "streaming"]},
    "instances.*.refresh.alarms.*": {f"{_GROUP}.refresh.alarms": ["failing-targets"]},
    "instances.*.root_volume.type": {
        f"{_GROUP}.root_volume.type": "io2",
        f"{_GROUP}.root_volume.throughput_mibps": GONE,
    },
    "instances.*.secrets.*.of": {
        f"{_GROUP}.secrets.DATABASE_SECRET.of": "redis",
    },
    "instances.*.start.*": {f"{_GROUP}.start": ["dnf install -y docker", "reboot"]},
    "instances.*.target.hosts.*": {f"{_GROUP}.target.hosts": ["live.phoenix.example"]},
    "instances.*.target.ping_seconds": {f"{_GROUP}.target.ping_seconds": 20},
    "instances.*.tier": {f"{_GROUP}.tier": "private"},
    "instances.*.zones.*": {f"{_GROUP}.zones": ["b", "c"]},
    "instances.*.role.inference.models.*": {f"{_GROUP}.role.inference.models": ["wise"]},
}
INSTANCES: Final = {kind: (SHOP, changes) for kind, changes in _CHANGES.items()}
"""Kind of setting -> the stack, and what is changed there, the setting first."""
