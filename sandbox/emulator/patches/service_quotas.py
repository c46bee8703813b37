"""Service Quotas tells the quotas of a new account, and grants each request for more at once.

AWS decides on a request in minutes or days. The quotas of vCPUs are those that it gives a new account; a quota of the
account is reported in us-east-1 only.
https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html (2026-11)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id, get_region, new_uuid

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError, json_service

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Action, Document

_APPLIED = stores.regional("service-quotas")
"""Service and code to the value that was asked for."""
_GLOBAL: Final = ("cloudfront", "iam", "route53", "s3")
_GLOBAL_REGION: Final = "us-east-1"
_VCPUS: Final = {
    "L-1216C47A": ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", "Standard/OnDemand", 5),
    "L-DB2E81BA": ("Running On-Demand G and VT instances", "G/OnDemand", 0),
    "L-417A185B": ("Running On-Demand P instances", "P/OnDemand", 0),
    "L-1945791B": ("Running On-Demand Inf instances", "Inf/OnDemand", 0),
    "L-2C3B7624": ("Running On-Demand Trn instances", "Trn/OnDemand", 0),
    "L-74FC7D96": ("Running On-Demand F instances", "F/OnDemand", 0),
    "L-7295265B": ("Running On-Demand X instances", "X/OnDemand", 0),
    "L-6E869C2A": ("Running On-Demand DL instances", "DL/OnDemand", 0),
    "L-43DA4232": ("Running On-Demand High Memory instances", "HighMem/OnDemand", 0),
    "L-F7808C92": ("Running On-Demand HPC instances", "HPC/OnDemand", 0),
}
"""Code to name, class in the metric of its use, and vCPUs."""
_DEFAULTS: Final[dict[tuple[str, str], tuple[str, float]]] = {
    ("ec2", "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5),
    **{("ec2", code): (name, vcpus) for code, (name, _class, vcpus) in _VCPUS.items()},
    ("apigateway", "L-9ED1E49A"): ("New connections per second for WebSocket APIs", 500),
    ("vpc", "L-F678F1CE"): ("VPCs per Region", 5),
    ("vpc", "L-A4707A72"): ("Internet gateways per Region", 5),
    ("vpc", "L-FE5A380F"): ("NAT gateways per Availability Zone", 5),
    ("vpc", "L-407747CB"): ("Subnets per VPC", 200),
    ("vpc", "L-589F43AA"): ("Route tables per VPC", 200),
    ("vpc", "L-93826ACB"): ("Routes per route table", 500),
    ("vpc", "L-B4A6D682"): ("Network ACLs per VPC", 200),
    ("vpc", "L-2AEEBF1A"): ("Rules per network ACL", 20),
    ("vpc", "L-0EA8095F"): ("Inbound or outbound rules per security group", 60),
    ("vpc", "L-2AFB9258"): ("Security groups per network interface", 5),
    ("vpc", "L-E79EC296"): ("VPC security groups per Region", 2500),
    ("vpc", "L-29B6F2EB"): ("Interface VPC endpoints per VPC", 50),
    ("vpc", "L-7E9ECCDB"): ("Active VPC peering connections per VPC", 50),
    ("ebs", "L-7A658B76"): ("Storage for General Purpose SSD (gp3) volumes, in TiB", 50),
    ("eks", "L-1194D53C"): ("Clusters", 100),
    ("eks", "L-6D54EA21"): ("Managed node groups per cluster", 30),
    ("eks", "L-BD136A63"): ("Nodes per managed node group", 450),
    ("rds", "L-7B6409FD"): ("DB instances", 40),
    ("rds", "L-7ADDB58A"): ("Total storage for all DB instances", 100000),
    ("rds", "L-5BC124EF"): ("Read replicas per primary", 15),
    ("rds", "L-D94C7EA3"): ("Proxies", 20),
    ("elasticache", "L-DFE45DF3"): ("Nodes per Region", 300),
    ("elasticloadbalancing", "L-53DA6B97"): ("Application Load Balancers per Region", 50),
    ("s3", "L-DC2B2D3D"): ("General purpose buckets", 10000),
    ("kms", "L-C2F1777E"): ("Customer Master Keys (CMKs)", 100000),
    ("lambda", "L-B99A9384"): ("Concurrent executions", 1000),
    ("cloudfront", "L-24B04930"): ("Web distributions per AWS account", 500),
    ("iam", "L-FE177D64"): ("Roles per account", 1000),
    ("route53", "L-4EA4796A"): ("Hosted zones", 500),
    ("route53", "L-ACB674F3"): ("Health checks", 200),
    ("acm", "L-F141DD1D"): ("ACM certificates", 2500),
    ("events", "L-244521F2"): ("Number of rules", 300),
}
"""Service and code to name and default."""


def _quota(service: str, code: str, value: float) -> Document:
    account, region = get_account_id(), get_region()
    quota: dict[str, Any] = {
        "ServiceCode": service,
        "QuotaCode": code,
        "QuotaName": _DEFAULTS[service, code][0],
        "QuotaArn": f"arn:aws:servicequotas:{region}:{account}:{service}/{code}",
        "Value": float(value),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": service in _GLOBAL,
        "QuotaAppliedAtLevel": "ACCOUNT",
    }
    if code in _VCPUS:
        dimensions = {"Class": _VCPUS[code][1], "Resource": "vCPU", "Service": "EC2", "Type": "Resource"}
        quota["UsageMetric"] = {
            "MetricNamespace": "AWS/Usage",
            "MetricName": "ResourceCount",
            "MetricDimensions": dimensions,
            "MetricStatisticRecommendation": "Maximum",
        }
    return quota


def _known(body: Document) -> tuple[str, str]:
    service, code = body["ServiceCode"], body["QuotaCode"]
    if (service, code) not in _DEFAULTS or (service in _GLOBAL and get_region() != _GLOBAL_REGION):
        raise RefusedError("NoSuchResourceException", "The request failed because the specified quota does not exist.")
    return service, code


def _applied(service: str, code: str) -> Document:
    return _quota(service, code, _APPLIED.get(f"{service}/{code}", _DEFAULTS[service, code][1]))


def _default(body: Document) -> Document:
    service, code = _known(body)
    return {"Quota": _quota(service, code, _DEFAULTS[service, code][1])}


def _list(body: Document) -> Document:
    reachable = body["ServiceCode"] not in _GLOBAL or get_region() == _GLOBAL_REGION
    found = [_applied(service, code) for service, code in _DEFAULTS if service == body["ServiceCode"]]
    return {"Quotas": found if reachable else []}


def _request(body: Document) -> Document:
    service, code = _known(body)
    if body["DesiredValue"] <= _applied(service, code)["Value"]:
        message = "The desired value must be greater than the quota that is applied."
        raise RefusedError("IllegalArgumentException", message)
    _APPLIED[f"{service}/{code}"] = body["DesiredValue"]
    asked = {key: _applied(service, code)[key] for key in ("ServiceCode", "QuotaCode", "QuotaName", "QuotaArn")}
    return {"RequestedQuota": {**asked, "Id": new_uuid(), "DesiredValue": body["DesiredValue"], "Status": "APPROVED"}}


_ACTIONS: Final[dict[str, Action]] = {
    "GetServiceQuota": lambda body: {"Quota": _applied(*_known(body))},
    "GetAWSDefaultServiceQuota": _default,
    "ListServiceQuotas": _list,
    "RequestServiceQuotaIncrease": _request,
}

PATCH = Patch(
    "service-quotas",
    "Service Quotas is no service at all",
    lambda: json_service("servicequotas", "ServiceQuotasV20190624", _ACTIONS),
)
