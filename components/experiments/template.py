"""One experiment as a template of AWS FIS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import fis

from components.base import child, named
from components.experiments.plan import IDENTIFYING, WATCH, duration, hits, lasts
from components.experiments.role import RoleArgs, build_role
from components.experiments.runbook import arn_of, build_runbook, disable, hold_back, reboot
from config.facts.experiments import (
    ACTIONS,
    AUTOMATED,
    AUTOMATION,
    CACHE_POWER,
    DISCONNECT,
    REBOOT,
    STOP_ALARMS,
    STOP_TASK,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.experiments.plan import Hit
    from components.experiments.runbook import Deed
    from components.network import NetworkOutputs
    from config.experiments import Experiment
    from config.identity import Identity
    from config.stack import StackConfig


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What of the stack experiments are done to."""

    settings: StackConfig
    """The stack file."""
    tags: Mapping[str, str]
    """Its default tags."""
    log_group_arn: pulumi.Output[str]
    """Log group of records."""
    alarm_names: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """Row of the alarm table -> subject -> name."""
    cluster_name: str | None
    """ECS cluster; None where there is none."""
    database_arn: pulumi.Output[str] | None
    """Primary of the database; None where there is none."""
    network: NetworkOutputs | None
    """The workload's VPC; None where there is none."""
    arns: Mapping[str, pulumi.Output[str]]
    """Part of the stack file that a runbook can be done to -> its ARN."""

    @property
    def identity(self) -> Identity:
        """The stack file's `identity`."""
        return self.settings.identity


def build_template(
    parent: pulumi.Resource, name: str, short: str, around: Surroundings, experiment: Experiment
) -> fis.ExperimentTemplate:
    """Make a template with its role.

    Raises:
        ValueError: Its stop alarms are more than FIS takes.
    """
    settings = around.settings
    found = hits(
        experiment,
        settings.network,
        database=settings.postgres is not None and settings.postgres.multi_az,
        cache=settings.redis is not None and settings.redis.replicas_per_shard > 0,
    )
    runbook, wanted = None, []
    if experiment.action in AUTOMATED:
        made, by, may = build_runbook(parent, name, around.identity, experiment, _deed(around, experiment))
        runbook, wanted = (made, by), [may]
    role_args = RoleArgs(
        identity=around.identity, found=found, database=around.database_arn, tags=around.tags, runbook=runbook
    )
    role, rights = build_role(parent, name, role_args)
    return fis.ExperimentTemplate(
        named(name, "template"),
        description=experiment.hypothesis,
        role_arn=role.arn,
        stop_conditions=_stops(short, around, experiment),
        actions=[
            *(_action(one, arn_of(around.identity, runbook[0]) if runbook else None) for one in found),
            *_watch(found, experiment),
        ],
        targets=[_target(one, around) for one in found if one.resource_type],
        experiment_options={"account_targeting": "single-account", "empty_target_resolution_mode": "fail"},
        log_configuration={
            "log_schema_version": 2,
            "cloudwatch_logs_configuration": {"log_group_arn": pulumi.Output.concat(around.log_group_arn, ":*")},
        },
        tags={"Name": f"{around.identity.system}-{around.identity.environment}-{short}"},
        opts=child(parent, depends_on=[rights, *wanted]),  # FIS tries the role when it sets up the delivery of records
    )


def _stops(
    short: str, around: Surroundings, experiment: Experiment
) -> list[fis.ExperimentTemplateStopConditionArgsDict]:
    place = f"arn:aws:cloudwatch:{around.identity.region}:{around.identity.account_id}:alarm:"
    names = [name for row in experiment.stop_alarms for name in around.alarm_names[row].values()]
    if len(names) > STOP_ALARMS:
        where = f"experiments.templates.{short}.stop_alarms"
        raise ValueError(f"{where}: {len(names)} alarms, one for each subject; FIS watches {STOP_ALARMS} at most")
    return [{"source": "aws:cloudwatch:alarm", "value": pulumi.Output.concat(place, name)} for name in names]


def _deed(around: Surroundings, experiment: Experiment) -> Deed:
    of = experiment.target.of
    match experiment.action:
        case "reboot_broker":
            return reboot(around.arns[of])
        case "stop_consumer":
            return hold_back(around.arns[of], around.settings.functions[of.rpartition(".")[2]])
        case _:
            return disable(around.arns[of])


def _action(hit: Hit, runbook: pulumi.Output[str] | None) -> fis.ExperimentTemplateActionArgsDict:
    given: dict[str, pulumi.Input[str]] = {**hit.parameters}
    if hit.action == AUTOMATION and runbook is not None:
        given = {"documentArn": runbook, **given}
    action: fis.ExperimentTemplateActionArgsDict = {
        "name": hit.name,
        "action_id": hit.action,
        "parameters": [{"key": key, "value": value} for key, value in given.items()],
    }
    if not hit.resource_type:
        return action
    return {**action, "target": {"key": ACTIONS[hit.action].key, "value": hit.name}}


def _watch(found: Sequence[Hit], experiment: Experiment) -> list[fis.ExperimentTemplateActionArgsDict]:
    """Return an action that lasts, where no other does: without it nothing would watch what comes of the rest."""
    if lasts(tuple(found)):
        return []
    lasting = duration(experiment.duration_minutes)
    return [{"name": "watch", "action_id": WATCH, "parameters": [{"key": "duration", "value": lasting}]}]


def _target(hit: Hit, around: Surroundings) -> fis.ExperimentTemplateTargetArgsDict:
    target: fis.ExperimentTemplateTargetArgsDict = {
        "name": hit.name,
        "resource_type": hit.resource_type,
        "selection_mode": hit.mode,
    }
    if hit.action == REBOOT and around.database_arn is not None:
        return {**target, "resource_arns": [around.database_arn]}
    tags = {key: around.tags[key] for key in IDENTIFYING} | ({"Tier": hit.tier} if hit.tier else {})
    return {
        **target,
        "resource_tags": [{"key": key, "value": value} for key, value in tags.items()],
        "parameters": _narrowed(hit, around),
    }


def _narrowed(hit: Hit, around: Surroundings) -> dict[str, pulumi.Input[str]]:
    """Return what tells targets from others of the stack."""
    if hit.action == STOP_TASK and around.cluster_name and hit.service:
        return {"cluster": around.cluster_name, "service": hit.service}
    if around.network is None or hit.zone is None:
        return {}
    zone = {"availabilityZoneIdentifier": around.network.zone_names[hit.zone]}
    if hit.action == CACHE_POWER:
        return {**zone}
    return {**zone, "vpc": around.network.vpc_id} if hit.action == DISCONNECT else {}
