"""What pulumi-eks makes of its components, for a recording: offline its plugin is not there to register the children.

The names, links and options are those of pulumi-eks 4.4 (`Cluster`, `ManagedNodeGroup`), as far as a rule of the pack
judges them: service role, control plane, access entries, node group, launch template. `unseen` names what is left to
the engine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from review.graph import Resource
from review.placeholders import EKS_CLUSTER, NODE_GROUP, outputs_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

CLUSTER: Final = "aws:eks/cluster:Cluster"
ROLE: Final = "aws:iam/role:Role"
TAGGABLE: Final = (
    *(ROLE, CLUSTER, "aws:eks/accessEntry:AccessEntry", "aws:eks/nodeGroup:NodeGroup"),
    "aws:ec2/launchTemplate:LaunchTemplate",
)
"""Types among what is made that take default tags."""
_SERVICE: Final = "eks.amazonaws.com"
_MANAGED: Final = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
_IGNORED: Final = ("accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons")
"""What pulumi-eks has the engine ignore on a control plane."""
_SUBNETS: Final = ("subnetIds", "publicSubnetIds", "privateSubnetIds")
_SAME: Final = ("name", "version", "deletionProtection", "enabledClusterLogTypes", "upgradePolicy")
"""Inputs of the component that the control plane has as they are."""
_GROUP: Final = (
    *("amiType", "capacityType", "clusterName", "diskSize", "forceUpdateVersion", "instanceTypes", "labels"),
    *("launchTemplate", "nodeGroupName", "nodeGroupNamePrefix", "nodeRoleArn", "releaseVersion", "remoteAccess"),
    *("subnetIds", "tags", "taints", "version"),
)
"""Inputs of the component that the node group has as they are."""
_SIZES: Final = {"desiredSize": 2, "minSize": 1, "maxSize": 2}
_UNSEEN: Final = (
    ("skipDefaultNodeGroup", False, True, "its default node group"),
    ("skipDefaultSecurityGroups", False, True, "its default security groups"),
    ("createOidcProvider", False, False, "its OIDC provider"),
    ("createInstanceRole", False, False, "its instance role"),
    ("useDefaultVpcCni", False, True, "its add-on vpc-cni"),
    ("fargate", False, False, "its Fargate profile"),
)
"""Input of a cluster, what pulumi-eks takes where it is left out, the value under which it makes no such thing."""
_ADD_ONS: Final = (
    ("kubeProxyAddonOptions", True, "its add-on kube-proxy"),
    ("corednsAddonOptions", False, "its add-on coredns"),
)


def made(component: Resource, provider: str) -> tuple[Resource, ...]:
    """Return what the plugin makes of a component, as far as it is known; nothing of a component of another kind.

    Args:
        component: as it was registered.
        provider: URN of the AWS provider that it was given.
    """
    makers = {EKS_CLUSTER: _cluster, NODE_GROUP: _node_group}
    make = makers.get(component.type)
    return tuple(replace(one, provider=provider if one.custom else "") for one in make(component)) if make else ()


def unseen(component: Resource) -> tuple[str, ...]:
    """Return what the plugin makes of a component and a recording does not show; only the engine has it judged."""
    if component.type == NODE_GROUP:
        return ()
    if component.type != EKS_CLUSTER:
        return ("all that its plugin makes",)
    given = component.inputs
    found = [what for key, default, none, what in _UNSEEN if given.get(key, default) != none]
    for key, default, what in _ADD_ONS:
        options = given.get(key) or {}
        if not isinstance(options, Mapping) or options.get("enabled", default or "configurationValues" in options):
            found.append(what)
    entries = given.get("accessEntries") or {}
    if not isinstance(entries, Mapping) or not all(isinstance(each, Mapping) for each in entries.values()):
        found.append("its access entries")
    return tuple(found)


def _cluster(component: Resource) -> Iterator[Resource]:
    role = None
    if "serviceRole" not in component.inputs:
        role = yield from _service_role(component)
    plane = _control_plane(component, role)
    yield plane
    entries = component.inputs.get("accessEntries")
    for key, entry in entries.items() if isinstance(entries, Mapping) else ():
        if isinstance(entry, Mapping):
            yield from _access_entry(component, plane, f"{component.name}-{key}", entry)


def _service_role(cluster: Resource) -> Generator[Resource, None, Resource]:
    """Yield the role that EKS takes, and return it."""
    name, tags = f"{cluster.name}-eksRole", _present({"tags": cluster.inputs.get("tags")})
    about = {"description": "Allows EKS to manage clusters on your behalf."}
    component = _child(cluster, "eks:index:ServiceRole", name, {"service": _SERVICE, **about, **tags}, custom=False)
    statement = {
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Effect": "Allow",
        "Principal": {"Service": [_SERVICE]},
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
    role = _child(component, ROLE, f"{name}-role", {**about, "assumeRolePolicy": trust, **tags})
    mark = hashlib.sha1(_MANAGED.encode(), usedforsecurity=False).hexdigest()[:8]
    attached = {"policyArn": _MANAGED, "role": role.outputs["name"]}
    attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    yield from (component, role, _child(component, attachment, f"{name}-{mark}", attached, {"role": (role.urn,)}))
    return role


def _control_plane(component: Resource, role: Resource | None) -> Resource:
    given, name = component.inputs, f"{component.name}-eksCluster"
    subnets = next((given[key] for key in _SUBNETS[:1] if key in given), None)
    if subnets is None:
        subnets = [one for key in _SUBNETS[1:] for one in given.get(key) or ()]
    key, mode, own = given.get("encryptionConfigKeyArn"), given.get("authenticationMode"), given.get("tags") or {}
    group, service = given.get("clusterSecurityGroup"), given.get("kubernetesServiceIpAddressRange")
    family = given.get("ipFamily")
    inputs = {
        **{same: given.get(same) for same in _SAME},
        "accessConfig": mode and {"authenticationMode": mode, "bootstrapClusterCreatorAdminPermissions": True},
        "bootstrapSelfManagedAddons": given.get("bootstrapSelfManagedAddons", True),
        "encryptionConfig": key and {"provider": {"keyArn": key}, "resources": ["secrets"]},
        "kubernetesNetworkConfig": (service or family)
        and _present({"serviceIpv4Cidr": service if family != "ipv6" else None, "ipFamily": family or "ipv4"}),
        "roleArn": role.outputs["arn"] if role else given["serviceRole"],
        "tags": {"Name": name, **(given.get("clusterTags") or {}), **own},
        "vpcConfig": _present(
            {
                "subnetIds": subnets,
                "endpointPrivateAccess": given.get("endpointPrivateAccess"),
                "endpointPublicAccess": given.get("endpointPublicAccess"),
                "publicAccessCidrs": given.get("publicAccessCidrs"),
                "securityGroupIds": group and [group],
            }
        ),
    }
    behind = {
        **{same: (same,) for same in _SAME},
        "encryptionConfig": ("encryptionConfigKeyArn",),
        "vpcConfig": (*_SUBNETS, "publicAccessCidrs", "clusterSecurityGroup"),
        "roleArn": ("serviceRole",),
        "tags": ("clusterTags", "tags"),
    }
    links = {at: _links(component, behind.get(at, ())) for at, value in inputs.items() if value is not None}
    if role:
        links["roleArn"] = (role.urn,)
    return _child(component, CLUSTER, name, inputs, links, ignore_changes=_IGNORED)


def _access_entry(component: Resource, plane: Resource, name: str, entry: Mapping[str, Any]) -> Iterator[Resource]:
    same = ("principalArn", "kubernetesGroups", "tags", "type")
    to = {"clusterName": plane.outputs["name"], "principalArn": entry.get("principalArn")}
    links = {"clusterName": (plane.urn,), "principalArn": _links(component, ("accessEntries",))}
    inputs = {**{key: entry.get(key) for key in same}, "userName": entry.get("username"), **to}
    made_entry = _child(component, "aws:eks/accessEntry:AccessEntry", name, inputs, links)
    yield made_entry
    policies = entry.get("accessPolicies")
    for key, policy in policies.items() if isinstance(policies, Mapping) else ():
        asked = {at: policy.get(at) for at in ("policyArn", "accessScope")} if isinstance(policy, Mapping) else {}
        kind = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
        yield _child(made_entry, kind, f"{name}-{key}", {**to, **asked}, links)


def _node_group(component: Resource) -> Iterator[Resource]:
    given = component.inputs
    inputs = {key: given.get(key) for key in _GROUP}
    links = {key: _links(component, (key,)) for key in _GROUP if key in given}
    if "clusterName" not in given and str(given.get("cluster", "")).startswith("urn:"):
        plane = f"{given['cluster'].rpartition('::')[2]}-eksCluster"
        inputs["clusterName"] = plane
        links["clusterName"] = (f"{given['cluster'].rpartition('::')[0]}${CLUSTER}::{plane}",)
    if "enableIMDSv2" in given:
        template = _launch_template(component)
        yield template
        inputs |= {"diskSize": None, "launchTemplate": {"id": template.id, "version": "1"}}
        links["launchTemplate"] = (template.urn,)
    sizes = given.get("scalingConfig")
    inputs["scalingConfig"] = {**_SIZES, **sizes} if isinstance(sizes, Mapping) else sizes or _SIZES
    ignored = ("scalingConfig.desiredSize",) if given.get("ignoreScalingChanges") is True else ()
    yield _child(component, "aws:eks/nodeGroup:NodeGroup", component.name, inputs, links, ignore_changes=ignored)


def _launch_template(component: Resource) -> Resource:
    """Return the template that pulumi-eks makes for IMDSv2: it encrypts no volume."""
    given = component.inputs
    bottlerocket = str(given.get("amiType", "")).startswith("BOTTLEROCKET") or given.get("operatingSystem") == (
        "Bottlerocket"
    )
    disk = {"deviceName": "/dev/xvdb" if bottlerocket else "/dev/xvda", "ebs": {"volumeSize": given.get("diskSize")}}
    metadata = {
        "httpTokens": "required" if given["enableIMDSv2"] else "optional",
        "httpPutResponseHopLimit": 2,
        "httpEndpoint": "enabled",
    }
    inputs = {"blockDeviceMappings": [disk] if "diskSize" in given else None, "metadataOptions": metadata}
    return _child(component, "aws:ec2/launchTemplate:LaunchTemplate", f"{component.name}-launchTemplate", inputs)


def _child(  # noqa: PLR0913 what a registration says
    parent: Resource,
    type_: str,
    name: str,
    inputs: Mapping[str, Any],
    links: Mapping[str, tuple[str, ...]] | None = None,
    *,
    custom: bool = True,
    ignore_changes: tuple[str, ...] = (),
) -> Resource:
    """Return a child as it would be registered: it inherits protection, and has the placeholders of a recording."""
    stack, project, types, _ = parent.urn.split("::", 3)
    given = _present(inputs)
    physical, outputs = outputs_of(type_, name, given, custom=custom)
    return Resource(
        urn=f"{stack}::{project}::{types}${type_}::{name}",
        type=type_,
        name=name,
        custom=custom,
        id=physical,
        parent=parent.urn,
        inputs=given,
        outputs=outputs,
        property_dependencies={key: (links or {}).get(key, ()) for key in given},
        protect=parent.protect,
        retain_on_delete=parent.retain_on_delete,
        ignore_changes=ignore_changes,
    )


def _links(component: Resource, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the resources behind some inputs of the component."""
    return tuple(dict.fromkeys(urn for key in keys for urn in component.property_dependencies.get(key, ())))


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
