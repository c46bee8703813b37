"""The functions of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.access import Reached
from components.base import named
from components.data import DataOutputs
from components.functions.function import Function, FunctionArgs
from components.functions.outputs import FunctionsOutputs
from components.inference import InferenceOutputs
from components.keys import KeysOutputs
from components.messaging import MessagingOutputs
from components.network import NetworkOutputs
from components.sockets import SocketsOutputs
from components.streaming import StreamingOutputs
from config.files import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the functions, where the stack file has some."""
    settings = platform.settings.functions
    if not settings:
        return
    messaging = platform.get(MessagingOutputs)
    reached = Reached(
        identity=platform.identity,
        keys=platform.needed(KeysOutputs),
        data=platform.get(DataOutputs),
        queues=messaging.queues if messaging else {},
        sockets=platform.get(SocketsOutputs),
        inference=platform.get(InferenceOutputs),
        streaming=platform.get(StreamingOutputs),
        provider_keys=platform.settings.provider_keys,
    )
    network = platform.get(NetworkOutputs)
    made = {
        name: Function(
            named("functions", name),
            FunctionArgs(name=name, settings=one, reached=reached, network=network, root=ROOT, waits=platform.waits),
            platform.options,
        )
        for name, one in settings.items()
    }
    yield FunctionsOutputs(functions={name: one.outputs for name, one in made.items()})
