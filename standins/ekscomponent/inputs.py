"""What the components take, and the refusal of everything else, all at once and by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pulumi
from pulumi.runtime import known_types

from standins.ekscomponent import cni
from standins.ekscomponent.kubeconfig import compact
from standins.ekscomponent.references import ClusterReference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MESSAGE = "the stand-in for pulumi-eks cannot build this as pulumi-eks would:"


class Refusal(NamedTuple):
    """One input that cannot be served: its path as the program's author knows it, and why."""

    path: str
    reason: str


class Required(NamedTuple):
    """An input with one value this stand-in serves; `default` is what pulumi-eks takes when it is absent."""

    value: object
    default: object
    why: str


ADDON_OPTIONS = frozenset(
    {"enabled", "version", "configurationValues", "resolveConflictsOnCreate", "resolveConflictsOnUpdate"}
)

CLUSTER: dict[str, frozenset[str] | None] = {
    "accessEntries": None,  # a map; its entries have a table of their own
    "authenticationMode": None,
    "bootstrapSelfManagedAddons": None,
    "clusterSecurityGroup": None,
    "clusterTags": None,
    "corednsAddonOptions": ADDON_OPTIONS,
    "createInstanceRole": None,
    "createOidcProvider": None,
    "deletionProtection": None,
    "enableConfigMapMutable": None,
    "enabledClusterLogTypes": None,
    "encryptionConfigKeyArn": None,
    "endpointPrivateAccess": None,
    "endpointPublicAccess": None,
    "ipFamily": None,
    "kubeProxyAddonOptions": ADDON_OPTIONS,
    "kubernetesServiceIpAddressRange": None,
    "name": None,
    "privateSubnetIds": None,
    "providerCredentialOpts": frozenset({"profileName", "roleArn"}),
    "publicAccessCidrs": None,
    "publicSubnetIds": None,
    "serviceRole": None,
    "skipDefaultNodeGroup": None,
    "skipDefaultSecurityGroups": None,
    "subnetIds": None,
    "tags": None,
    "upgradePolicy": None,
    "useDefaultVpcCni": None,
    "version": None,
    "vpcCniOptions": cni.OPTIONS
    | {
        "addonVersion",
        "configurationValues",
        "enableNetworkPolicy",
        "resolveConflictsOnCreate",
        "resolveConflictsOnUpdate",
        "serviceAccountRoleArn",
    },
    "vpcId": None,
}
"""Input -> the keys it may have (None: any)."""

CLUSTER_REQUIRED = {
    "authenticationMode": Required("API", "CONFIG_MAP", "any other mode writes a ConfigMap and needs an API server"),
    "skipDefaultNodeGroup": Required(value=True, default=False, why="the default group is self-managed: give own ones"),
    "skipDefaultSecurityGroups": Required(value=True, default=False, why="the default groups are open to the world"),
    "createOidcProvider": Required(
        value=False, default=False, why="its thumbprint is asked from AWS, even in a preview"
    ),
    "createInstanceRole": Required(value=False, default=False, why="without default group nothing would use the role"),
}

ENTRY = frozenset({"principalArn", "username", "kubernetesGroups", "accessPolicies", "tags", "type"})
POLICY = frozenset({"policyArn", "accessScope"})

NODE_GROUP_CHILD = (
    *("amiType", "capacityType", "diskSize", "forceUpdateVersion", "instanceTypes", "labels", "nodeGroupName"),
    *("nodeGroupNamePrefix", "releaseVersion", "remoteAccess", "tags", "taints", "version"),
)
"""Inputs of a managed node group that are handed to `aws:eks/nodeGroup:NodeGroup` as they are."""

NODE_GROUP: dict[str, frozenset[str] | None] = dict.fromkeys(
    [
        *NODE_GROUP_CHILD,
        *("cluster", "clusterName", "enableIMDSv2", "gpu", "ignoreScalingChanges", "launchTemplate"),
        *("nodeRole", "nodeRoleArn", "operatingSystem", "scalingConfig", "subnetIds"),
    ]
)

ADDON: dict[str, frozenset[str] | None] = dict.fromkeys(
    [
        *("addonName", "addonVersion", "cluster", "configurationValues", "preserve", "resolveConflictsOnCreate"),
        *("resolveConflictsOnUpdate", "serviceAccountRoleArn", "tags"),
    ]
)


def is_plain(value: object) -> bool:
    """Whether a value is known now: neither an output nor a placeholder of a preview."""
    return not isinstance(value, pulumi.Output) and not known_types.is_unknown(value)


def unknown_inputs(inputs: Mapping[str, Any], table: Mapping[str, frozenset[str] | None]) -> Iterator[Refusal]:
    """Yield the inputs, and the keys of an input with a table, that nobody here knows."""
    for name in sorted(inputs):
        if name not in table:
            yield Refusal(name, "is not served")
            continue
        keys = table[name]
        if keys is not None:
            yield from unknown_keys(name, inputs[name], keys)


def unknown_keys(path: str, value: object, keys: frozenset[str]) -> Iterator[Refusal]:
    """Yield the keys of a map that are not in `keys`; a map that is not known yet is refused as a whole."""
    if not is_plain(value) or not isinstance(value, dict):
        yield Refusal(path, "must be a map that is known when the program runs, only its values may be outputs")
        return
    served = f"is not served; {path} takes " + ", ".join(sorted(keys))
    yield from (Refusal(f"{path}.{key}", served) for key in sorted(value) if key not in keys)


def absent(path: str, value: object, keys: Iterable[str]) -> Iterator[Refusal]:
    """Yield the keys a map must have and has not."""
    if isinstance(value, dict):
        yield from (Refusal(f"{path}.{key}", "is absent") for key in sorted(keys) if key not in value)


def wrong_values(inputs: Mapping[str, Any], table: Mapping[str, Required]) -> Iterator[Refusal]:
    """Yield the inputs that must have one value and have another."""
    for name, (value, default, why) in table.items():
        given = inputs.get(name, default)
        if not is_plain(given):
            yield Refusal(name, f"must be {compact(value)} in plain, not an output: {why}")
        elif given != value:
            stands = "absent" if name not in inputs else compact(given)
            yield Refusal(name, f"is {stands}, must be {compact(value)}: {why}")


def access_entries(entries: object) -> Iterator[Refusal]:
    """Yield what is not served in the map of access entries."""
    if not is_plain(entries) or not isinstance(entries, dict):
        yield Refusal("accessEntries", "must be a map that is known when the program runs; its values may be outputs")
        return
    for name in sorted(entries):
        path = f"accessEntries.{name}"
        yield from unknown_keys(path, entries[name], ENTRY)
        yield from absent(path, entries[name], ("principalArn",))
        policies = entries[name].get("accessPolicies", {}) if isinstance(entries[name], dict) else {}
        if not isinstance(policies, dict):
            yield Refusal(f"{path}.accessPolicies", "must be a map that is known when the program runs")
            continue
        for key in sorted(policies):
            if isinstance(policies[key], dict):
                yield from unknown_keys(f"{path}.accessPolicies.{key}", policies[key], POLICY)
                yield from absent(f"{path}.accessPolicies.{key}", policies[key], POLICY)


def cluster(inputs: Mapping[str, Any]) -> list[Refusal]:
    """Return every reason why this cluster cannot be served; empty when it can."""
    found = [*unknown_inputs(inputs, CLUSTER), *wrong_values(inputs, CLUSTER_REQUIRED)]
    found += access_entries(inputs.get("accessEntries", {}))
    if "vpcId" not in inputs:
        found.append(Refusal("vpcId", "is absent; pulumi-eks would look the account's default VPC up: name the VPC"))
    if "subnetIds" in inputs and ("publicSubnetIds" in inputs or "privateSubnetIds" in inputs):
        found.append(Refusal("subnetIds", "and publicSubnetIds or privateSubnetIds exclude each other"))
    return found


def node_group(inputs: Mapping[str, Any]) -> list[Refusal]:
    """Return every reason why this managed node group cannot be served; empty when it can."""
    found = list(unknown_inputs(inputs, NODE_GROUP))
    if "cluster" not in inputs:
        found.append(Refusal("cluster", "is absent"))
    if ("nodeRole" in inputs) == ("nodeRoleArn" in inputs):
        found.append(Refusal("nodeRole", "an IAM role or its ARN (nodeRoleArn) must be given, one of the two"))
    if "launchTemplate" in inputs and "enableIMDSv2" in inputs:
        found.append(Refusal("launchTemplate", "excludes enableIMDSv2: set the metadata options in the template"))
    plain = ("enableIMDSv2", "ignoreScalingChanges")
    found += [Refusal(key, "must be plain, not an output") for key in plain if not is_plain(inputs.get(key))]
    return found


def addon(inputs: Mapping[str, Any]) -> list[Refusal]:
    """Return every reason why this add-on cannot be served; empty when it can."""
    found = list(unknown_inputs(inputs, ADDON))
    if "addonName" not in inputs:
        found.append(Refusal("addonName", "is absent"))
    if not isinstance(inputs.get("cluster"), ClusterReference):
        found.append(Refusal("cluster", "must be an eks.Cluster itself, not an output or its core data"))
    return found


def refuse(found: list[Refusal], served: Mapping[str, object]) -> None:
    """Stop when anything was refused; `served` are the inputs there are.

    Raises:
        pulumi.InputPropertiesError: Names every path with its reason. The paths stand in the message: given as
            properties, the engine would print their values beside them, secret or not.
    """
    if found:
        lines = [f"  - {path}: {reason}" for path, reason in found]
        message = "\n".join([MESSAGE, *lines, f"Inputs served: {', '.join(sorted(served))}"])
        raise pulumi.InputPropertiesError(message, [])
