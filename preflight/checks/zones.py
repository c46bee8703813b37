"""Availability zones: they exist, and EKS, endpoints and instance types are offered in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from config.facts.regions import EKS_WITHOUT
from preflight.finding import Finding, Level
from preflight.plan import CLUSTERS, SUBNET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from preflight.account import Account
    from preflight.plan import NodeGroup, Plan

_ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
_PATH: Final = ("network", "zones")


def _of_region(account: Account, region: str) -> Mapping[str, Any]:
    answer = account.ask("ec2", "DescribeAvailabilityZones", region, AllAvailabilityZones=True)
    return {zone["ZoneName"]: zone for zone in answer["AvailabilityZones"]}


def exist(account: Account, plan: Plan) -> Iterator[Finding]:
    """The account has every zone that a subnet stands in, and may use it."""
    for region in sorted({plan.region(one) for one in plan.of(SUBNET)}):
        there = _of_region(account, region)
        wanted = {str(subnet.inputs["availabilityZone"]) for subnet in plan.of(SUBNET, region=region)}
        usable = [name for name, zone in there.items() if _usable(zone)]
        for name in sorted(wanted - set(usable)):
            zone = there.get(name)
            yield Finding(
                level=Level.STOPS,
                what=f"zone {name}",
                found=f"{zone['State']}, {zone['OptInStatus']}" if zone else "not in this account",
                needed="available",
                fix=f"choose among {', '.join(sorted(usable))}",
                path=_PATH,
                region=region,
            )


def _usable(zone: Mapping[str, Any]) -> bool:
    return zone["State"] == "available" and zone.get("OptInStatus") != "not-opted-in"


def taken_by_eks(account: Account, plan: Plan) -> Iterator[Finding]:
    """EKS takes no subnet in some zones. Which letter that is depends on the account, so only the account knows."""
    for cluster in plan.of(*CLUSTERS):
        region = plan.region(cluster)
        there = _of_region(account, region)
        ids = cluster.inputs.get("privateSubnetIds") or cluster.inputs.get("vpcConfig", {}).get("subnetIds")
        for name in plan.zones(ids):
            zone_id = there.get(name, {}).get("ZoneId")
            if zone_id in EKS_WITHOUT:
                good = sorted(one for one, zone in there.items() if _usable(zone) and zone["ZoneId"] not in EKS_WITHOUT)
                yield Finding(
                    level=Level.STOPS,
                    what=f"zone {name}",
                    found=f"it is {zone_id} in this account",
                    needed="a zone that takes an EKS control plane",
                    fix=f"choose among {', '.join(good)}",
                    path=_PATH,
                    region=region,
                )


def endpoints(account: Account, plan: Plan) -> Iterator[Finding]:
    """An interface endpoint stands only in zones that its service is in."""
    for region in sorted({plan.region(one) for one in plan.of(_ENDPOINT)}):
        wanted: dict[str, set[str]] = {}
        for endpoint in plan.of(_ENDPOINT, region=region):
            zones = wanted.setdefault(str(endpoint.inputs["serviceName"]), set())
            zones.update(plan.zones(endpoint.inputs.get("subnetIds")))
        answer = account.ask(
            "ec2",
            "DescribeVpcEndpointServices",
            region,
            absent=("InvalidServiceName",),
            Filters=[{"Name": "service-name", "Values": sorted(wanted)}],
        )
        there = {
            each["ServiceName"]: set(each["AvailabilityZones"]) for each in (answer or {}).get("ServiceDetails", [])
        }
        for service, zones in sorted(wanted.items()):
            missing = zones - there.get(service, set())
            if service not in there or missing:
                yield Finding(
                    level=Level.STOPS,
                    what=f"endpoint service {service}",
                    found=f"not in {', '.join(sorted(missing))}" if service in there else "not in this region",
                    needed=", ".join(sorted(zones)) or region,
                    fix="leave it out of `endpoints`; its calls then go through the NAT gateways",
                    path=("network", "endpoints"),
                    region=region,
                )


def node_types(account: Account, plan: Plan) -> Iterator[Finding]:
    """Each node group's instance types, GPU ones among them, are offered in each of its zones."""
    for group in plan.node_groups:
        answer = account.ask(
            "ec2",
            "DescribeInstanceTypeOfferings",
            group.region,
            LocationType="availability-zone",
            Filters=[{"Name": "instance-type", "Values": list(group.types)}],
        )
        offered = {(each["InstanceType"], each["Location"]) for each in answer["InstanceTypeOfferings"]}
        empty = [zone for zone in group.zones if not any((one, zone) in offered for one in group.types)]
        gaps = [(one, zone) for zone in group.zones for one in group.types if (one, zone) not in offered]
        if empty or gaps:
            yield _offer(group, empty, gaps)


def _offer(group: NodeGroup, empty: list[str], gaps: list[tuple[str, str]]) -> Finding:
    """A zone without any of the types gets no node; one without some of them falls back to the others."""
    stops = len(empty) == len(group.zones)
    missing = ", ".join(f"{one} not in {zone}" for one, zone in gaps)
    return Finding(
        level=Level.STOPS if stops else Level.SPOILS,
        what=f"offers for node group {group.name}",
        found=f"none in {', '.join(empty)}" if empty else missing,
        needed=f"one of {', '.join(group.types)} in each of {', '.join(group.zones)}",
        fix="choose types that are offered there: `aws ec2 describe-instance-type-offerings "
        f"--location-type availability-zone --region {group.region}`",
        path=(*group.path, "instance_types"),
        region=group.region,
    )
