"""What may stand behind the load balancer of `edge`, beside pods: services of ECS and groups of instances."""

from __future__ import annotations

from config.containers import Service
from config.instances import InstanceGroup

Balanced = Service | InstanceGroup
"""A service of ECS, or a group of instances."""
