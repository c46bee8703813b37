"""Queues."""

from components.messaging.area import build
from components.messaging.messaging import Messaging, MessagingArgs
from components.messaging.outputs import MessagingOutputs, QueueOutputs

__all__ = ["Messaging", "MessagingArgs", "MessagingOutputs", "QueueOutputs", "build"]
