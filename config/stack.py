"""The stack file as one typed object."""

from __future__ import annotations

from datetime import date

from config.base import Section
from config.cluster import Cluster
from config.data import Data
from config.identity import Identity
from config.keys import Keys
from config.network import Network
from config.recovery import Recovery


class StackConfig(Section):
    """Everything that a stack file says under `platform:settings`."""

    as_of: date
    """Date (quoted) on which versions and offers were last checked; a plan depends on the file alone, on no clock."""
    identity: Identity
    """Who the stack is."""
    network: Network
    """The workload VPC."""
    keys: Keys
    """Encryption keys."""
    cluster: Cluster
    """The EKS cluster."""
    data: Data
    """Data services."""
    recovery: Recovery | None = None
    """What is promised when something is lost; a standby says here whose it is."""
