"""PagerDuty: a function that turns messages of a topic into events of PagerDuty."""

from components.observability.pagerduty.forwarder import Forwarder, ForwarderArgs

__all__ = ["Forwarder", "ForwarderArgs"]
