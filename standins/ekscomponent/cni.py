"""Configuration values of the vpc-cni add-on, as pulumi-eks computes them from `vpcCniOptions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Variable(NamedTuple):
    """One environment variable of the CNI: its name, the options that set it, what stands there without them."""

    name: str
    options: tuple[str, ...] = ()
    default: str | None = None


CONTAINER = (
    Variable("AWS_VPC_CNI_NODE_PORT_SUPPORT", ("nodePortSupport",)),
    Variable("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", ("customNetworkConfig",)),
    Variable("WARM_ENI_TARGET", ("warmEniTarget",), "1"),
    Variable("WARM_IP_TARGET", ("warmIpTarget",)),
    Variable("WARM_PREFIX_TARGET", ("warmPrefixTarget",)),
    Variable("ENABLE_PREFIX_DELEGATION", ("enablePrefixDelegation",)),
    Variable("AWS_VPC_K8S_CNI_LOGLEVEL", ("logLevel",), "DEBUG"),
    Variable("AWS_VPC_K8S_CNI_LOG_FILE", ("logFile",), "/host/var/log/aws-routed-eni/ipamd.log"),
    Variable("AWS_VPC_K8S_CNI_VETHPREFIX", ("vethPrefix",), "eni"),
    Variable("AWS_VPC_ENI_MTU", ("eniMtu",), "9001"),
    Variable("ENI_CONFIG_LABEL_DEF", ("eniConfigLabelDef",)),
    Variable("AWS_VPC_K8S_PLUGIN_LOG_LEVEL", default="DEBUG"),
    Variable("AWS_VPC_K8S_PLUGIN_LOG_FILE", default="/var/log/aws-routed-eni/plugin.log"),
    Variable("ENABLE_POD_ENI", ("enablePodEni",), "false"),
    Variable("AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER", ("cniConfigureRpfilter",)),
    Variable("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", ("cniCustomNetworkCfg",), "false"),
    Variable("AWS_VPC_K8S_CNI_EXTERNALSNAT", ("externalSnat", "cniExternalSnat"), "false"),
)
"""In the order pulumi-eks writes them: the later of two lines for one variable wins, as it does there."""

INIT = (Variable("DISABLE_TCP_EARLY_DEMUX", ("disableTcpEarlyDemux",), "false"),)

OPTIONS = frozenset(option for variable in CONTAINER + INIT for option in variable.options)
"""Options of `vpcCniOptions` that end as environment variables."""

ZERO_COUNTS = frozenset({"warmEniTarget"})
"""Options whose zero is a value and not the same as nothing."""


def text(value: object) -> str:
    """Return a value as it stands in an environment variable."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def environment(variables: tuple[Variable, ...], options: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment for the options given; false, zero and empty count as absent, as in pulumi-eks."""
    result: dict[str, str] = {}
    for name, names, default in variables:
        given = [options[key] for key in names if options.get(key) or (key in ZERO_COUNTS and key in options)]
        if given:
            result[name] = text(given[0])
        elif default is not None:
            result[name] = default
    return result


def configuration(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the add-on's configuration: the environment, under whatever `configurationValues` says itself.

    Raises:
        ValueError: Both spellings of external SNAT are given.
    """
    if options.get("externalSnat") and options.get("cniExternalSnat"):
        raise ValueError("give one of vpcCniOptions.externalSnat and vpcCniOptions.cniExternalSnat, not both")
    values = dict(options.get("configurationValues") or {})
    if "enableNetworkPolicy" not in values and options.get("enableNetworkPolicy") is not None:
        values["enableNetworkPolicy"] = text(options["enableNetworkPolicy"])
    init = dict(values.get("init") or {})
    values["env"] = environment(CONTAINER, options) | dict(values.get("env") or {})
    values["init"] = init | {"env": environment(INIT, options) | dict(init.get("env") or {})}
    return values
