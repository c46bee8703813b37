"""Pricers of what computes: control planes, nodes and other instances in groups, tasks on Fargate, Beanstalk."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any, Final

from config.facts.versions import EKS
from review.cost.item import Gap, Item, NotKnownError, flag, number, part, parts, several, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from review.cost.item import Around, Pricer, Said
    from review.graph import Resource

TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
LAUNCH_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
GP3_IOPS: Final = 3000
"""Operations per second that the price of a gp3 volume has in it (EBS User Guide)."""
GP3_MIBPS: Final = 125
"""MiB/s that it has in it."""
_NODE_DISK_GIB: Final = 20
"""GiB of a Linux node's volume where neither group nor template says (EKS API reference, `diskSize`)."""
_TASK_DISK_GIB: Final = 20
"""GiB of a task's ephemeral storage without extra charge (ECS Developer Guide)."""
_METRICS: Final = 7
"""Metrics that detailed monitoring of an instance costs as (CloudWatch, pricing page)."""
_SHARES: Final = {"FARGATE": "", "FARGATE_SPOT": "_spot"}


def cluster(resource: Resource, around: Around) -> Said:
    """Price a control plane; one that may outlive standard support costs more from the day on that it does."""
    support = text(part(resource.inputs, "upgradePolicy"), "supportType", "EXTENDED")
    version = text(resource.inputs, "version")
    last = EKS[version].standard if version in EKS else None
    extended = support != "STANDARD" and last is not None and last < around.today
    sku = "control_plane_extended_support" if extended else "control_plane_standard"
    tier = text(part(resource.inputs, "controlPlaneScalingConfig"), "tier", "standard")
    if tier != "standard":
        yield Gap(f"control plane of tier {tier}", "no price of provisioned control planes in the data")
    yield Item(f"control plane of Kubernetes {version}", Decimal(1), "eks", sku)


def node_group(resource: Resource, around: Around) -> Said:
    """Price the nodes of a group at its least size, each with its volumes."""
    nodes = number(part(resource.inputs, "scalingConfig"), "minSize")
    if not nodes:
        return
    types = several(resource.inputs, "instanceTypes")
    if not types:
        raise NotKnownError("instanceTypes is left out; its launch template or EKS chooses")
    if text(resource.inputs, "capacityType", "ON_DEMAND") == "ON_DEMAND":
        basis = "minSize of the group; the first of its types, which EKS takes first on demand"
        yield Item(f"node {types[0]}", nodes, "ec2_linux_on_demand", types[0], basis)
    else:
        yield Gap(f"{nodes} nodes on Spot", "the price of Spot changes by the hour")
    yield from _with_each(resource, around, nodes)


def _with_each(group: Resource, around: Around, nodes: Decimal) -> Said:
    """Yield what comes with each node: its volumes, and its metrics where its template asks for all of them."""
    templates = around.behind(group, "launchTemplate", LAUNCH_TEMPLATE)
    templates = templates or around.behind(group, "mixedInstancesPolicy", LAUNCH_TEMPLATE)
    if not templates:
        given = number(group.inputs, "diskSize", _NODE_DISK_GIB)
        yield from volume({"volumeSize": given, "volumeType": "gp3"}, nodes, "a node")
        return
    if flag(part(templates[0].inputs, "monitoring"), "enabled", default=False):
        basis = f"{_METRICS} metrics of each"
        yield Item("metric of detailed monitoring", nodes * _METRICS, "cloudwatch", "custom_metric_first_10k", basis)
    mappings = parts(templates[0].inputs, "blockDeviceMappings")
    if not mappings:
        yield Gap(f"volumes of {nodes} nodes", "the launch template leaves their size to the image")
    for mapping in mappings:
        yield from volume(part(mapping, "ebs"), nodes, "a node")


def volume(ebs: Mapping[str, Any], count: Decimal, of: str) -> Said:
    """Price a volume of EBS on each of some machines."""
    kind = text(ebs, "volumeType", "gp2")
    if kind not in ("gp2", "gp3"):
        yield Gap(f"{kind} volume of {of}", "no pricer for volumes of this type")
        return
    size = number(ebs, "volumeSize")
    basis = f"{count} x {size} GiB"
    yield Item(f"GiB of {kind} volume of {of}", count * size, "ebs", f"{kind}_storage", basis)
    if kind == "gp3":
        extra = (("iops", GP3_IOPS, "iops_over_3000"), ("throughput", GP3_MIBPS, "throughput_over_125"))
        for key, included, sku in extra:
            if (above := number(ebs, key, included) - included) > 0:
                yield Item(
                    f"{'IOPS' if key == 'iops' else 'MiB/s'} of the volume of {of}",
                    count * above,
                    "ebs",
                    f"gp3_{sku}",
                    f"above {included}",
                )


def service(resource: Resource, around: Around) -> Said:
    """Price the tasks of a service at the least number that is kept, on Fargate and on Fargate Spot."""
    tasks = around.least(resource, "DesiredCount", number(resource.inputs, "desiredCount", 1))
    if not tasks:
        return
    defined = around.behind(resource, "taskDefinition", TASK_DEFINITION)
    if not defined:
        yield Gap(f"{tasks} tasks", "their task definition is not in the stack")
        return
    launched = text(resource.inputs, "launchType", "EC2")
    strategy = parts(resource.inputs, "capacityProviderStrategies")
    shares = split(int(tasks), strategy) if strategy else {launched: int(tasks)}
    for provider, count in shares.items():
        if provider in _SHARES:
            yield from _fargate(defined[0].inputs, Decimal(count), _SHARES[provider])
        else:
            yield Gap(f"{count} tasks on {provider}", "they run on instances that are no part of the service")
    if part(resource.inputs, "volumeConfiguration"):
        yield Gap(f"volumes of {tasks} tasks", "no pricer for volumes of tasks")
    if flag(part(resource.inputs, "networkConfiguration"), "assignPublicIp", default=False):
        yield Item("public IPv4 address of a task", tasks, "vpc", "public_ipv4")


def split(tasks: int, strategy: Sequence[Mapping[str, Any]]) -> Mapping[str, int]:
    """Return how many tasks each provider gets: the base first, then the one that stays furthest below its weight."""
    names = [text(one, "capacityProvider") for one in strategy]
    weights = [number(one, "weight", 0) for one in strategy]
    counts: Counter[str] = Counter()
    for name, one in zip(names, strategy, strict=True):
        counts[name] = min(tasks - counts.total(), int(number(one, "base", 0)))
    beyond = dict.fromkeys(names, 0)
    for _ in range(tasks - counts.total()):
        pairs = enumerate(zip(names, weights, strict=True))
        weighted = [((beyond[name] + 1) / weight, at) for at, (name, weight) in pairs if weight]
        if not weighted:
            raise NotKnownError("no capacity provider has a weight")
        chosen = names[min(weighted)[1]]
        beyond[chosen] += 1
        counts[chosen] += 1
    return {name: count for name, count in counts.items() if count}


def _fargate(task: Mapping[str, Any], count: Decimal, spot: str) -> Said:
    platform = part(task, "runtimePlatform")
    if (system := text(platform, "operatingSystemFamily", "LINUX")) != "LINUX":
        yield Gap(f"{count} tasks on {system}", "no pricer for this system")
        return
    arm = text(platform, "cpuArchitecture", "X86_64") == "ARM64"
    kind = f"linux_{'arm' if arm else 'x86'}{spot}"
    basis = f"{count} tasks at the least number that is kept"
    label = f"Fargate{' Spot' if spot else ''} {'ARM' if arm else 'x86'}"
    yield Item(f"vCPU of {label}", count * number(task, "cpu") / 1024, "fargate", f"vcpu_{kind}", basis)
    yield Item(f"GiB of memory of {label}", count * number(task, "memory") / 1024, "fargate", f"memory_{kind}", basis)
    if (above := number(part(task, "ephemeralStorage"), "sizeInGib", _TASK_DISK_GIB) - _TASK_DISK_GIB) > 0:
        yield Item("GiB of ephemeral storage of tasks", count * above, "fargate", "ephemeral_storage_over_20gb", basis)


def scaling_group(resource: Resource, around: Around) -> Said:
    """Price the instances of an Auto Scaling group at its least size; what runs on Spot has no price that holds."""
    count = number(resource.inputs, "minSize")
    if not count:
        return
    mixed = part(resource.inputs, "mixedInstancesPolicy")
    overrides = parts(part(mixed, "launchTemplate"), "overrides")
    if not overrides:
        raise NotKnownError("no mixedInstancesPolicy with overrides; its launch template names the type")
    first, split = text(overrides[0], "instanceType"), part(mixed, "instancesDistribution")
    base = min(count, number(split, "onDemandBaseCapacity", 0))
    share = number(split, "onDemandPercentageAboveBaseCapacity", 100)
    paid = base + ((count - base) * share / 100).to_integral_value(ROUND_CEILING)
    basis = "minSize of the group; the first of its types, which it takes first on demand"
    yield Item(f"instance {first}", paid, "ec2_linux_on_demand", first, basis)
    if count > paid:
        yield Gap(f"{count - paid} instances on Spot", "the price of Spot changes by the hour")
    yield from _with_each(resource, around, count)


def beanstalk(resource: Resource, _: Around) -> Said:
    """Price the instances of an environment at its least size; a load balancer of its own is not priced."""
    options = {(one.get("namespace"), one.get("name")): one.get("value") for one in parts(resource.inputs, "settings")}

    def said(namespace: str, *names: str) -> Mapping[str, Any]:
        return {name: options.get((namespace, name)) for name in names}

    launch = said("aws:autoscaling:launchconfiguration", "RootVolumeSize", "RootVolumeType")
    count = number(said("aws:autoscaling:asg", "MinSize"), "MinSize")
    first = text(said("aws:ec2:instances", "InstanceTypes"), "InstanceTypes").partition(",")[0].strip()
    yield Item(f"instance {first}", count, "ec2_linux_on_demand", first, "MinSize of the environment")
    ebs = {"volumeType": launch["RootVolumeType"], "volumeSize": launch["RootVolumeSize"]}
    yield from volume({key: value for key, value in ebs.items() if value is not None}, count, "an instance")
    environment = said("aws:elasticbeanstalk:environment", "EnvironmentType", "LoadBalancerIsShared")
    own = text(environment, "EnvironmentType", "LoadBalanced") == "LoadBalanced"
    if own and not flag(environment, "LoadBalancerIsShared", default=False):
        yield Gap("load balancer of the environment", "Elastic Beanstalk makes it")
    network = said("aws:ec2:vpc", "AssociatePublicIpAddress")
    if flag(network, "AssociatePublicIpAddress", default=False):
        yield Item("public IPv4 address of an instance", count, "vpc", "public_ipv4")


def mapping(resource: Resource, _: Around) -> Said:
    """Name pollers that stand all month; other sources of functions cost by what comes, as calls do."""
    pollers = part(resource.inputs, "provisionedPollerConfig")
    if pollers:
        least = number(pollers, "minimumPollers")
        yield Gap(f"{least} pollers of a topic", "no price of event poller units in the data")


def pricers() -> Iterator[tuple[str, Pricer]]:
    """Yield the types that are priced here."""
    yield "aws:eks/cluster:Cluster", cluster
    yield "aws:lambda/eventSourceMapping:EventSourceMapping", mapping
    yield "aws:eks/nodeGroup:NodeGroup", node_group
    yield "aws:autoscaling/group:Group", scaling_group
    yield "aws:ecs/service:Service", service
    yield "aws:elasticbeanstalk/environment:Environment", beanstalk
