"""The experiments of a stack, and the log of what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import cloudwatch

from components.base import child, named
from components.containers import ContainersOutputs
from components.data import DataOutputs
from components.experiments.outputs import ExperimentsOutputs
from components.experiments.template import Surroundings, build_template
from components.functions import FunctionsOutputs
from components.keys import KeysOutputs
from components.naming import physical
from components.network import NetworkOutputs
from components.observability import ObservabilityOutputs
from components.providers import default_tags
from components.streaming import StreamingOutputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from components.outputs import Outputs
    from components.platform import Platform
    from config.experiments import Experiments as Settings


class Experiments(pulumi.ComponentResource):
    """Templates of the stack."""

    outputs: ExperimentsOutputs
    """What is known of them."""

    def __init__(
        self, name: str, settings: Settings, platform: Platform, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("platform:experiments:Experiments", name, None, opts)
        identity = platform.identity
        log = cloudwatch.LogGroup(
            named(name, "log"),
            name=physical("log-group", identity.system, identity.environment, "experiments"),
            retention_in_days=settings.log_retention_days,
            kms_key_id=platform.needed(KeysOutputs).arn("logs"),
            opts=child(self),
        )
        containers, data = platform.get(ContainersOutputs), platform.get(DataOutputs)
        postgres = data.postgres if data else None
        alarms = platform.needed(ObservabilityOutputs).alarm_names
        around = Surroundings(
            settings=platform.settings,
            tags=default_tags(identity),
            log_group_arn=log.arn,
            alarm_names=alarms,
            cluster_name=containers.cluster_name if containers else None,
            database_arn=postgres.arn if postgres else None,
            network=platform.get(NetworkOutputs),
            arns=_arns(platform),
        )
        templates = {
            short: build_template(self, named(name, short), short, around, experiment)
            for short, experiment in settings.templates.items()
        }
        self.outputs = ExperimentsOutputs(
            template_ids={short: template.id for short, template in templates.items()},
            steady_alarms={
                short: _flat({row: alarms[row] for row in experiment.steady_state.alarms})
                for short, experiment in settings.templates.items()
            },
        )
        self.register_outputs({"templates": self.outputs.template_ids})


def _arns(platform: Platform) -> dict[str, pulumi.Output[str]]:
    """Return what a runbook can be done to, by its place in the stack file."""
    keys, identity = platform.needed(KeysOutputs), platform.identity
    functions, streaming = platform.get(FunctionsOutputs), platform.get(StreamingOutputs)
    place = f"arn:aws:lambda:{identity.region}:{identity.account_id}:function:"
    names = functions.names if functions else {}
    return {
        **{f"keys.domains.{domain}": keys.arn(domain) for domain in platform.settings.keys.domains},
        **{f"functions.{name}": pulumi.Output.concat(place, physical_name) for name, physical_name in names.items()},
        **({"streaming": streaming.arn} if streaming else {}),
    }


def _flat(rows: Mapping[str, Mapping[str, pulumi.Output[str]]]) -> dict[str, pulumi.Output[str]]:
    return {
        f"{row}-{subject}" if subject else row: name for row, found in rows.items() for subject, name in found.items()
    }


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the experiments, where the stack file has some."""
    settings = platform.settings.experiments
    if settings is not None:
        yield Experiments("experiments", settings, platform, platform.options).outputs
