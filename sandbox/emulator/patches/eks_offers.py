"""EKS tells the Kubernetes versions it offers with the support they have, and add-on builds by version.

Builds are those that are seen to run (ADR 0003) and no more; AWS offers several of each.
https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonVersions.html, API_DescribeClusterVersions.html
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

from config.facts.versions import EKS
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError, more_routes

if TYPE_CHECKING:
    from config.facts.versions import Support
    from sandbox.emulator.patches.service import Document, Route

_BUILDS: Final = {
    "vpc-cni": ("networking", "eks", ("v1.22.4-eksbuild.3",)),
    "kube-proxy": ("networking", "eks", ("v1.35.3-eksbuild.21",)),
    "coredns": ("networking", "eks", ("v1.13.2-eksbuild.21",)),
    "eks-pod-identity-agent": ("security", "eks", ("v1.3.10-eksbuild.3",)),
    "aws-ebs-csi-driver": ("storage", "eks", ("v1.63.1-eksbuild.1",)),
    "metrics-server": ("observability", "community", ("v0.8.1-eksbuild.10",)),
    "cert-manager": ("security", "community", ("v1.20.2-eksbuild.2",)),
    "amazon-cloudwatch-observability": ("observability", "eks", ("v5.4.0-eksbuild.1",)),
    "aws-secrets-store-csi-driver-provider": ("security", "eks", ("v3.1.3-eksbuild.1",)),
}
"""Add-on to its kind, publisher and builds."""
_MINORS: Final = {"kube-proxy": ("1.35",)}
"""Add-ons that are offered for some versions only; the others are for all."""


def _versions(body: Document) -> Document:
    asked = body.get("clusterVersions")
    found = [_version(minor, support) for minor, support in EKS.items() if not asked or minor in asked]
    every = body.get("includeAll", ["false"])[0] == "true"
    return {"clusterVersions": [each for each in found if every or each["versionStatus"] != "UNSUPPORTED"]}


def _version(minor: str, support: Support) -> Document:
    today = datetime.now(tz=UTC).date()
    ends = {"endOfStandardSupportDate": support.standard, "endOfExtendedSupportDate": support.extended}
    status = "UNSUPPORTED"
    if support.standard is None or today <= support.standard:
        status = "STANDARD_SUPPORT"
    elif support.extended is None or today <= support.extended:
        status = "EXTENDED_SUPPORT"
    stamped = {key: _stamp(day) for key, day in ends.items() if day is not None}
    return {"clusterVersion": minor, "clusterType": "eks", "defaultVersion": False, "versionStatus": status, **stamped}


def _stamp(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()


def _addons(body: Document) -> Document:
    name, minor = body.get("addonName", [None])[0], body.get("kubernetesVersion", [None])[0]
    if name is not None and name not in _BUILDS:
        raise RefusedError("InvalidParameterException", f"Addon {name} specified is not supported")
    found = [_addon(each, minor) for each in _BUILDS if name in (None, each)]
    return {"addons": [each for each in found if each["addonVersions"]]}


def _addon(name: str, minor: str | None) -> Document:
    kind, publisher, builds = _BUILDS[name]
    minors = [each for each in _MINORS.get(name, tuple(EKS)) if minor in (None, each)]
    fits = [{"clusterVersion": each, "platformVersions": ["*"], "defaultVersion": True} for each in minors]
    versions = [
        {"addonVersion": build, "architecture": ["amd64", "arm64"], "compatibilities": fits} for build in builds
    ]
    return {
        "addonName": name,
        "type": kind,
        "publisher": publisher,
        "owner": "aws",
        "addonVersions": versions if fits else [],
    }


_ROUTES: Final[dict[tuple[str, str], Route]] = {
    ("GET", "/cluster-versions"): _versions,
    ("GET", "/addons/supported-versions"): _addons,
}

PATCH = Patch("eks-offers", "what EKS offers cannot be asked: no such routes", lambda: more_routes("eks", _ROUTES))
