"""Instances: EC2 Auto Scaling groups of one program each, behind the load balancer of `edge` or by themselves."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from config.base import REPEATS, Section
from config.cluster import RootVolume
from config.containers import DATA_GROUPS, Reachable, Target
from config.controller import Image
from config.edge import Edge
from config.facts.limits import ASG_INSTANCES
from config.identity import ZoneLetter
from config.network import LogRetentionDays, TierName
from config.serving import Member, Outward, Port
from config.task import SecretOf, ServiceName, TaskRole, VariableName, places

Instances = Annotated[int, Field(ge=0, le=ASG_INSTANCES)]
PlainValue = Annotated[str, Field(max_length=1000, pattern=r"^[^'\n\r]*$")]
"""Value of a variable that a shell reads between single quotes."""
Line = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\n\r]+$")]
CONNECTS: Final = "Fetches what it runs, reports to Systems Manager and CloudWatch, calls AWS and other services"


class MachineImage(Section):
    """Image that instances start from: an exact one, since a plan must not depend on what is newest today."""

    id: Annotated[str, Field(pattern=r"^ami-[0-9a-f]{17}$")]
    """AMI of the stack's region, of Amazon Linux 2023, its root volume on `/dev/xvda`. A newer one rolls the group.
    `aws ssm get-parameter --name /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64` says which."""
    architecture: Literal["x86_64", "arm64"]
    """Architecture that it is built for; that of every one of `instance_types`."""


class InstanceCapacity(Section):
    """Split between On-Demand and Spot; of several types Spot takes what is least likely to be interrupted."""

    base: Instances = 0
    """Instances On-Demand before the share counts, so that an interruption of Spot leaves them."""
    on_demand_percent: Annotated[int, Field(ge=0, le=100)] = 100
    """Share of further instances On-Demand; the others are Spot, replaced before they are taken where AWS says so in
    time. 100 = no Spot."""

    @property
    def spot(self) -> bool:
        """Return whether there may be instances on Spot."""
        return self.on_demand_percent < 100  # noqa: PLR2004 - per cent


class InstanceScaling(Section):
    """Between which bounds the number of instances moves, and what moves it: the highest answer is taken."""

    min: Instances
    """Fewest instances."""
    desired: Instances
    """Instances at creation; where something moves the number, what stands here is not looked at again."""
    max: Annotated[int, Field(ge=1, le=ASG_INSTANCES)]
    """Most instances."""
    cpu_percent: Annotated[int, Field(ge=10, le=95)] | None = None
    """Mean CPU utilisation that is held; none = it moves nothing."""
    requests_per_target: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Requests of a minute for each instance that are held; for a group behind the load balancer."""
    warmup_seconds: Annotated[int, Field(ge=0, le=3600)]
    """Seconds from the start of an instance until it counts: what it takes to boot and to serve."""

    @property
    def moved(self) -> bool:
        """Return whether something moves the number."""
        return self.cpu_percent is not None or self.requests_per_target is not None


class Refresh(Section):
    """How instances are replaced when image, type or start changes: rolling, and back where it fails."""

    min_healthy_percent: Annotated[int, Field(ge=0, le=100)] = 90
    """Instances that stay healthy meanwhile, in per cent of the desired number; 100 = a new one before an old one goes.
    Of few instances 90 leaves none out, and EC2 Auto Scaling takes one at a time."""
    alarms: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")], ...], Field(max_length=10)] = ()
    """Rows of `observability.alarms`, each of a source that is measured on groups of instances: going off on this one
    meanwhile, it rolls the group back."""


class InstanceGroup(Section):
    """Instances of one kind, kept at a number, over all of their zones.

    IMDSv2 with one hop, encrypted volumes, Session Manager in place of SSH, detailed monitoring and no public address
    are not settings: they are on.
    """

    target_type: ClassVar[Literal["instance"]] = "instance"
    purpose: Annotated[str, Field(min_length=3, max_length=80, pattern=r"^[A-Za-z0-9 ._-]+$")]
    """What they do, in a few words; a tag of group and instances."""
    image: MachineImage
    """What they start from."""
    instance_types: Annotated[tuple[str, ...], Field(min_length=1, max_length=20)]
    """Types of EC2 instances, most wanted first; all of one architecture, each taken for equal by the load balancer."""
    capacity: InstanceCapacity = InstanceCapacity()
    """Split between On-Demand and Spot; all On-Demand by default."""
    scaling: InstanceScaling
    """How many."""
    root_volume: RootVolume
    """Root volume of each."""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """TCP port that they serve on; none = nobody connects to them."""
    protocol: Literal["HTTP", "HTTPS"] = "HTTPS"
    """What they speak there; rule `tg-encrypted` of the pack lets the load balancer speak HTTPS only."""
    target: Target | None = None
    """How the load balancer of `edge` sends them requests; none = it sends none. With it the group replaces what the
    load balancer finds unhealthy."""
    start: Annotated[tuple[Line, ...], Field(min_length=1, max_length=60, json_schema_extra=REPEATS)]
    """Lines of a shell that an instance runs as root at its first boot; the first that fails ends the rest. Nothing
    secret, which anybody reads who may describe the launch template."""
    environment: Annotated[dict[VariableName, PlainValue], Field(max_length=60)] = Field(default_factory=dict)
    """Variables of these lines; nothing secret. The program adds where the things are that the group names, as for a
    task: `POSTGRES_HOST`, `BUCKET_<NAME>_NAME` and the others; `AWS_REGION`; `LOG_GROUP`."""
    images: Annotated[dict[VariableName, Image], Field(max_length=10)] = Field(default_factory=dict)
    """Variables with the reference of a container image that the instance may pull."""
    secrets: Annotated[dict[VariableName, SecretOf], Field(max_length=20)] = Field(default_factory=dict)
    """Variables with the ARN of a secret that the instance may read; its value stands in no start."""
    role: TaskRole = TaskRole()
    """What instances may do in AWS beside that; nothing by default."""
    reaches: tuple[Reachable, ...] = ()
    """Data services of the stack that they connect to; empty = none lets them in."""
    tier: TierName | None = None
    """Private tier that they live in; none = the only one."""
    zones: Annotated[tuple[ZoneLetter, ...], Field(max_length=6)] = ()
    """Zones of `network.zones` that they live in, for types that not every zone has; empty = all of them."""
    refresh: Refresh = Refresh()
    """How they are replaced."""
    log_retention_days: LogRetentionDays
    """Days that their log is kept, encrypted by the `logs` key: what they print at their start, and files of
    `/var/log/application`."""

    @property
    def promised(self) -> int:
        """Instances that have to run whatever becomes of Spot: one at least behind a load balancer."""
        return 1 if self.target is not None else 0

    def places(self) -> dict[str, str]:
        """Return the environment variables that say where things are (`config.task.places`)."""
        return places(self.reaches, self.role)

    def member(self, name: str) -> Member:
        """Return who they are inside the VPC."""
        protocol = self.protocol
        ports = () if self.port is None else (Port(key=protocol.lower(), called=protocol, number=self.port),)
        return Member(
            group=f"instances-{name}",
            purpose=f"Instances of group {name}",
            called=f"instances {name}",
            kind="private",
            ports=ports,
            clients="private",
            served_groups=(Edge.serves.group,) if self.target else (),
            calls=tuple(DATA_GROUPS[one] for one in self.reaches),
            outward=Outward(to="world", why=CONNECTS),
        )


Groups = Annotated[dict[ServiceName, InstanceGroup], Field(max_length=20)]
"""Groups by name, which no service of `containers` has."""
