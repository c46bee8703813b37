"""Control planes that a recovery calls, each with the setting that makes it so.

What a failover update calls is what it changes; a test holds this list against two recordings of the program, before
and after (tests/components/recovery/test_failover.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from config.recovery import Standby
    from config.stack import StackConfig

Place = Literal["here", "lost", "global"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request to a control plane, without which a step does not happen."""

    service: str
    """Service, as IAM calls it."""
    action: str
    """Action of the API."""
    place: Place = "here"
    """Region of the stack itself; the lost one; or a global service, whose control plane is in us-east-1."""
    source: str
    """Setting of the stack file because of which it is made, or for lack of which."""

    @property
    def at_risk(self) -> bool:
        """Whether what was lost may take the control plane with it."""
        return self.place != "here"


WRITERS: Final = Call(service="ssm", action="PutParameter", source="recovery.standby.active")
CONTROLLER: Final = Call(service="lambda", action="Invoke", source="recovery.standby.active")
CUT_LOOSE: Final = Call(
    service="secretsmanager",
    action="StopReplicationToReplica",
    source="recovery.standby.primary",
)
SCALE: Final = Call(service="eks", action="UpdateNodegroupConfig", source="cluster.node_groups.*.active")
SILENCE: Final = Call(service="cloudwatch", action="PutMetricAlarm", source="recovery.standby.*.lag_alarm")
"""Once the standby serves, a silent lag is no alarm any more."""
FENCE: Final = Call(service="elasticloadbalancing", action="ModifyRule", source="edge")
"""The standby's load balancer says that it serves, so that users do not go back by themselves."""
PROMOTE: Final = Call(service="rds", action="PromoteReadReplica", source="recovery.standby.postgres")
REGISTER: Final = Call(service="rds", action="RegisterDBProxyTargets", source="data.postgres.proxy")
"""A proxy takes no target that follows."""
FAILOVER: Final = Call(service="elasticache", action="FailoverGlobalReplicationGroup", source="recovery.standby.redis")
RESTORE_COPY: Final = Call(service="backup", action="StartRestoreJob", source="backup.copy_from_primary")
RESTORE_DATABASE: Final = Call(
    service="rds", action="RestoreDBInstanceFromDBSnapshot", place="lost", source="recovery.standby.postgres"
)
RESTORE_CACHE: Final = Call(service="elasticache", action="CopySnapshot", place="lost", source="recovery.standby.redis")
RESTORE_OBJECTS: Final = Call(service="s3", action="GetObject", place="lost", source="recovery.standby.buckets")
RESTORE_IN_TIME: Final = Call(service="rds", action="RestoreDBInstanceToPointInTime", source="data.postgres.multi_az")
NEW_GROUP: Final = Call(service="elasticache", action="CreateReplicationGroup", source="data.redis.replicas_per_shard")
START: Final = Call(service="ecs", action="RunTask", source="containers.services")
LAUNCH: Final = Call(service="ec2", action="RunInstances", source="cluster.node_groups")
LAUNCH_INSTANCES: Final = Call(service="ec2", action="RunInstances", source="instances")
LAUNCH_BEANSTALK: Final = Call(service="ec2", action="RunInstances", source="beanstalk.scaling")


def of_update(config: StackConfig, standby: Standby) -> tuple[Call, ...]:
    """Return what a failover update calls beside the promotions, whatever waits for it."""
    alarms = [mechanism.lag_alarm for mechanism in (standby.postgres, standby.redis, standby.streaming) if mechanism]
    groups = config.cluster.node_groups.values() if config.cluster else ()
    secrets = config.postgres is not None or config.redis is not None
    made: dict[Call, bool] = {
        WRITERS: secrets or bool(config.buckets) or config.streaming is not None,
        CONTROLLER: secrets,
        CUT_LOOSE: secrets,
        SCALE: any(group.active for group in groups),
        SILENCE: config.observability is not None and any(alarms),
        FENCE: config.edge is not None and config.edge.balancer is not None,
    }
    return tuple(call for call, needed in made.items() if needed)


def of_promotion(config: StackConfig) -> tuple[Call, ...]:
    """Return what the promotion of the standby's database calls."""
    return (PROMOTE, REGISTER) if config.postgres and config.postgres.proxy else (PROMOTE,)
