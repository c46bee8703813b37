"""What a stack takes of quotas that are no mere counts: vCPUs, storage, cache nodes, zones."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from config.facts.instances import table
from config.sockets import CONNECT
from preflight.quota import RESERVED_CONCURRENCY, Need, largest

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.containers import Provider
    from preflight.account import Account
    from preflight.plan import NodeGroup, Plan

_GIB_PER_TIB: Final = 1024
_UNITS_PER_VCPU: Final = 1024
NAT: Final = "aws:ec2/natGateway:NatGateway"
FAMILIES: Final = {
    "L-DB2E81BA": ("G and VT", ("g", "gr", "vt")),
    "L-417A185B": ("P", ("p",)),
    "L-1945791B": ("Inf", ("inf",)),
    "L-2C3B7624": ("Trn", ("trn",)),
    "L-74FC7D96": ("F", ("f",)),
    "L-7295265B": ("X", ("x",)),
    "L-6E869C2A": ("DL", ("dl",)),
    "L-43DA4232": ("High Memory", ("u",)),
    "L-F7808C92": ("HPC", ("hpc",)),
    "L-1216C47A": ("Standard (A, C, D, H, I, M, R, T, Z)", ("a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z")),
}
"""Code of the quota of running on-demand vCPUs, its name, and the letters before the digit of a type (EC2 User Guide,
"Amazon EC2 service quotas", 2026-11)."""


def family_code(instance_type: str) -> str:
    """Return the code of the quota that a type counts for; empty for one that none of them counts."""
    letters = re.match("[a-z]*", instance_type)
    found = letters.group() if letters else ""
    return next((code for code, (_name, families) in FAMILIES.items() if found in families), "")


def vcpus(code: str) -> Callable[[Plan, str], Need]:
    """Return a need of vCPUs of one family. EKS starts the first type of a group as long as there is capacity of it."""

    def need(plan: Plan, region: str) -> Need:
        groups = [group for group in plan.node_groups if group.region == region]
        counted = [(group, _vcpus(group)) for group in groups if group.types and family_code(group.types[0]) == code]
        largest_group = max(counted, key=lambda one: one[0].most * one[1], default=None)
        here = region == plan.settings.identity.region
        beanstalk = _of_beanstalk(plan, code) if here else Need(0)
        instances = _of_instances(plan, code) if here else Need(0)
        pools = _of_pools(plan, code) if here else 0
        return Need(
            sum(group.least * each for group, each in counted) + beanstalk.least + instances.least,
            sum(group.most * each for group, each in counted) + beanstalk.most + instances.most + pools,
            largest_group[0].path if largest_group else beanstalk.path or instances.path,
        )

    return need


def _of_pools(plan: Plan, code: str) -> int:
    """Return the vCPUs that Karpenter's pools may have on demand; what they take of Spot is another quota."""
    pools = plan.settings.pools.values()
    families = [one for one in pools if "ON_DEMAND" in one.capacity_types if family_code(one.instance_types[0]) == code]
    return sum(one.limits.cpu for one in families)


def _of_beanstalk(plan: Plan, code: str) -> Need:
    """Return a need of vCPUs of Beanstalk's instances; Auto Scaling starts the first type that there is."""
    given = plan.settings.beanstalk
    if given is None or family_code(given.instance_types[0]) != code:
        return Need(0)
    each = table()[given.instance_types[0]].vcpus
    return Need(given.scaling.min * each, given.scaling.max * each, ("beanstalk", "scaling", "max"))


def _of_instances(plan: Plan, code: str) -> Need:
    """Return a need of vCPUs of groups of instances, as if all were On-Demand; Spot has a quota of its own."""
    groups = plan.settings.instances
    each = {
        name: table()[one.instance_types[0]].vcpus
        for name, one in groups.items()
        if family_code(one.instance_types[0]) == code
    }
    if not each:
        return Need(0)
    most = {name: groups[name].scaling.max * vcpus for name, vcpus in each.items()}
    least = sum(groups[name].scaling.min * vcpus for name, vcpus in each.items())
    largest_group = max(most, key=lambda name: most[name])
    return Need(least, sum(most.values()), ("instances", largest_group, "scaling", "max"))


def fargate(provider: Provider) -> Callable[[Plan, str], Need]:
    """Return a need of vCPUs of tasks on Fargate, or on Fargate Spot, while none is replaced."""

    def need(plan: Plan, region: str) -> Need:
        services = plan.settings.services if region == plan.settings.identity.region else {}
        sizes = {name: one.task.size.cpu_units / _UNITS_PER_VCPU for name, one in services.items()}
        least = {name: one.capacity.split(one.desired)[provider] * sizes[name] for name, one in services.items()}
        most = {name: one.capacity.split(one.most)[provider] * sizes[name] for name, one in services.items()}
        path = ("containers", "services", max(most, key=lambda name: most[name])) if most else ()
        return Need(sum(least.values()), sum(most.values()), path)

    return need


def connections(plan: Plan, region: str) -> Need:
    """Return a need of the connections a second that the stack's WebSocket API lets in."""
    sockets = plan.settings.sockets if region == plan.settings.identity.region else None
    if sockets is None:
        return Need(0)
    rates = [one.throttling or sockets.throttling for one in sockets.routes.values() if one.route_key == CONNECT]
    return Need(sum(one.rate for one in rates), path=("sockets", "routes"))


def _vcpus(group: NodeGroup) -> int:
    return table()[group.types[0]].vcpus


def volumes(plan: Plan, region: str) -> Need:
    """Return a need of TiB of gp3 on nodes."""
    groups = [group for group in plan.node_groups if group.region == region]
    least = sum(group.least * group.volume_gib for group in groups)
    most = sum(group.most * group.volume_gib for group in groups)
    return Need(least / _GIB_PER_TIB, most / _GIB_PER_TIB, ("cluster", "node_groups"))


def nodes_of_a_group(plan: Plan, region: str) -> Need:
    """Return a need of nodes in the largest node group."""
    groups = [group for group in plan.node_groups if group.region == region]
    largest_group = max(groups, key=lambda group: group.most, default=None)
    if largest_group is None:
        return Need(0)
    return Need(max(group.least for group in groups), largest_group.most, largest_group.path)


def database_storage(plan: Plan, region: str) -> Need:
    """Return a need of GiB of RDS storage; a replica has as much as its source."""
    databases = plan.of("aws:rds/instance:Instance", region=region)
    sizes = [int(one.inputs.get("allocatedStorage") or 0) for one in databases]
    limits = [int(one.inputs.get("maxAllocatedStorage") or 0) for one in databases]
    each, limit = max(sizes, default=0), max(limits, default=0)
    return Need(each * len(databases), limit * len(databases), ("data", "postgres", "storage"))


def cache_nodes(plan: Plan, region: str) -> Need:
    """Return a need of cache nodes; a member of a global datastore has the shards of the datastore."""
    total, redis = 0, plan.settings.redis
    for cache in plan.of("aws:elasticache/replicationGroup:ReplicationGroup", region=region):
        shards = cache.inputs.get("numNodeGroups") or (redis.shards if redis else 0)
        total += int(shards) * (1 + int(cache.inputs.get("replicasPerNodeGroup") or 0))
    return Need(total, path=("data", "redis"))


def gateways_of_a_zone(plan: Plan, region: str) -> Need:
    """Return a need of NAT gateways in the zone that gets the most."""
    zones = [zone for one in plan.of(NAT, region=region) for zone in plan.zones([one.inputs.get("subnetId")])]
    return Need(largest(zones), path=("network", "nat"))


def used_gateways_of_a_zone(account: Account, region: str) -> float:
    """Return how many NAT gateways the zone has that has the most."""
    standing = [{"Name": "state", "Values": ["pending", "available"]}]
    gateways = account.ask("ec2", "DescribeNatGateways", region, Filters=standing)["NatGateways"]
    subnets = account.ask("ec2", "DescribeSubnets", region)["Subnets"] if gateways else []
    zones = {one["SubnetId"]: one["AvailabilityZone"] for one in subnets}
    return max(Counter(zones.get(one.get("SubnetId")) for one in gateways).values(), default=0)


def concurrency(plan: Plan, region: str) -> Need:
    """Return a need of concurrent executions: what functions reserve beside what Lambda keeps, else one for each."""
    functions = plan.of("aws:lambda/function:Function", region=region)
    reserved = [int(one.inputs.get("reservedConcurrentExecutions") or 0) for one in functions]
    kept = [one for one in reserved if one > 0]
    return Need(sum(kept) + RESERVED_CONCURRENCY if kept else len(functions))


def addresses_of_rules(plan: Plan, region: str) -> Need:
    """Return a need of rules in the security group that has the most of one direction."""
    rules = [
        f"{one.type} {one.inputs.get('securityGroupId')}"
        for direction in ("Ingress", "Egress")
        for one in plan.of(f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule", region=region)
    ]
    inline = [
        len(group.inputs.get(direction) or ())
        for group in plan.of("aws:ec2/securityGroup:SecurityGroup", region=region)
        for direction in ("ingress", "egress")
    ]
    return Need(max(largest(rules), *inline, 0), path=("network",))


def rules_of_an_acl(plan: Plan, region: str) -> Need:
    """Return a need of rules in the network ACL that has the most of one direction."""
    acls = plan.of("aws:ec2/networkAcl:NetworkAcl", region=region)
    lengths = [len(one.inputs.get(direction) or ()) for one in acls for direction in ("ingress", "egress")]
    return Need(max(lengths, default=0), path=("network", "peers"))
