"""The VPC, its internet gateway, and its default security group, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import ec2

if TYPE_CHECKING:
    from components.network.site import Site


def build_vpc(site: Site) -> ec2.Vpc:
    """Build the VPC and close its default security group."""
    vpc = ec2.Vpc(
        site.named("vpc"),
        cidr_block=str(site.settings.cidr),
        # Interface endpoints answer under the public names of their services only with both.
        enable_dns_hostnames=True,
        enable_dns_support=True,
        tags=site.tags("vpc"),
        opts=site.foundation(),
    )
    # Adopted and emptied: whatever is created without a group of its own reaches nothing and is reached by nothing.
    ec2.DefaultSecurityGroup(
        site.named("default-group"), vpc_id=vpc.id, tags=site.tags("default-closed"), opts=site.child()
    )
    return vpc


def build_internet_gateway(site: Site, vpc: ec2.Vpc) -> ec2.InternetGateway | None:
    """Build the gateway that public subnets and NAT leave by; a VPC without public tiers has none."""
    if not site.settings.of_kind("public"):
        return None
    return ec2.InternetGateway(site.named("internet"), vpc_id=vpc.id, tags=site.tags("internet"), opts=site.child())
