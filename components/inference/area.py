"""The models of a stack, and what stands before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from components.inference.guardrail import build_guardrail
from components.inference.outputs import InferenceOutputs
from components.inference.records import build_records
from components.keys import KeysOutputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform
    from config.identity import Identity
    from config.inference import Inference as Settings


class Inference(pulumi.ComponentResource):
    """A guardrail by its number, and records of calls."""

    outputs: InferenceOutputs
    """What later areas may know."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        identity: Identity,
        keys: KeysOutputs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("platform:inference:Inference", name, None, opts)
        guardrail, version = build_guardrail(self, name, settings.guardrail, keys.arn("data"))
        if settings.account_logging == "made":
            build_records(self, name, settings, identity, keys.arn("logs"))
        self.outputs = InferenceOutputs(
            identity=identity,
            models=settings.models,
            guardrail_id=guardrail.guardrail_id,
            guardrail_arn=guardrail.guardrail_arn,
            guardrail_version=version.version,
            key_arn=keys.arn("data"),
        )
        self.register_outputs({"guardrail": guardrail.guardrail_arn, "version": version.version})


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the guardrail and the records, where the stack file has models."""
    settings = platform.settings.inference
    if settings is not None:
        keys = platform.needed(KeysOutputs)
        yield Inference("inference", settings, platform.identity, keys, platform.options).outputs
