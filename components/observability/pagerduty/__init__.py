"""PagerDuty: a function that turns what a topic tells into events of PagerDuty."""

from components.observability.pagerduty.forwarder import Forwarder, ForwarderArgs

__all__ = ["Forwarder", "ForwarderArgs"]
