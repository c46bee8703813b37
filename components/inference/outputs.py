"""What later areas may know of the models: which there are, the guardrail by its number, and how a role calls them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi

from components.iam import Statement, through
from components.outputs import Outputs
from config.facts.inference import geography

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from components.iam import Conditions
    from config.identity import Identity
    from config.inference import Model
    from config.task import InferenceAccess

CALLS: Final = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
"""What Converse and InvokeModel ask for, whole and as a stream (Bedrock User Guide, "Prerequisites for running model
inference", 2026-11-30)."""


@dataclass(frozen=True, kw_only=True)
class InferenceOutputs(Outputs):
    """The models and their guardrail as other areas see them."""

    identity: Identity
    """The stack file's `identity`."""
    models: Mapping[str, Model]
    """Models by short name."""
    guardrail_id: pulumi.Output[str]
    """Id of the guardrail."""
    guardrail_arn: pulumi.Output[str]
    """Its ARN."""
    guardrail_version: pulumi.Output[str]
    """Its number."""
    key_arn: pulumi.Output[str]
    """Key that it is encrypted by."""

    def places(self) -> dict[str, pulumi.Input[str]]:
        """Return what environment variables say, by thing as `config.task.places` names it."""
        return {
            **{f"model-{short}": model.model_id for short, model in self.models.items()},
            "guardrail": self.guardrail_id,
            "guardrail-version": self.guardrail_version,
        }

    def use(self, access: InferenceAccess) -> Iterator[Statement]:
        """Yield what lets a role call models through this version of the guardrail, and not past it."""
        named = {short: self.models[short] for short in access.models}
        here = f"arn:aws:bedrock:{self.identity.region}"
        alone = [one.model_id for one in named.values() if geography(one.model_id) is None]
        if alone:
            arns = [f"{here}::foundation-model/{one}" for one in alone]
            yield self._calls("CallModels", access.reason, arns)
        for short, model in named.items():
            if geography(model.model_id) is not None:
                yield from self._profile("".join(part.capitalize() for part in short.split("-")), model, access.reason)
        yield Statement(
            sid="ApplyGuardrail",
            reason="each call goes through the guardrail",
            actions=["bedrock:ApplyGuardrail"],
            resources=[self.guardrail_arn],
        )
        yield Statement(
            sid="OpenGuardrail",
            reason="the guardrail is encrypted by the data key; only by way of Bedrock",
            actions=["kms:Decrypt"],
            resources=[self.key_arn],
            conditions=through("bedrock", self.identity.region),
        )

    def _profile(self, sid: str, model: Model, reason: str) -> Iterator[Statement]:
        """Yield what calls a model by its profile: the profile, and the model in each region, by the profile alone."""
        identity = self.identity
        profile = f"arn:aws:bedrock:{identity.region}:{identity.account_id}:inference-profile/{model.model_id}"
        yield self._calls(f"CallProfile{sid}", reason, [profile])
        regions = dict.fromkeys((identity.region, *model.regions))
        yield self._calls(
            f"CallBehind{sid}",
            "the profile hands the request to the model in one of these regions; nobody calls it there by itself",
            [f"arn:aws:bedrock:{region}::foundation-model/{model.foundation}" for region in regions],
            {"bedrock:InferenceProfileArn": profile},
        )

    def _calls(
        self, sid: str, reason: str, arns: list[str], more: Mapping[str, pulumi.Input[str]] | None = None
    ) -> Statement:
        version = pulumi.Output.concat(self.guardrail_arn, ":", self.guardrail_version)
        conditions: Conditions = {"StringEquals": {"bedrock:GuardrailIdentifier": version, **(more or {})}}
        return Statement(sid=sid, reason=reason, actions=list(CALLS), resources=arns, conditions=conditions)

    def exports(self) -> Mapping[str, pulumi.Input[str]]:
        """Return `guardrail_id` and `guardrail_version`."""
        return {"guardrail_id": self.guardrail_id, "guardrail_version": self.guardrail_version}
