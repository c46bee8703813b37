"""Kafka on Amazon MSK: brokers, their configuration and storage, who may use topics, and what copies them."""

from components.streaming.area import build
from components.streaming.outputs import StreamingOutputs
from components.streaming.replicator import Replicator, ReplicatorArgs, Source

__all__ = ["Replicator", "ReplicatorArgs", "Source", "StreamingOutputs", "build"]
