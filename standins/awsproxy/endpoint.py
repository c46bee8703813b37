"""Nothing leaves the machine: checks of the endpoint, the provider's configuration, the children's environment.

The rule is one: every address the AWS provider could be told to call is a loopback address. What is not is refused with
the name of the setting, before any process starts. As a second line of defence the provider's HTTP proxy is a loopback
port nobody listens on, which loopback addresses bypass: a call to anywhere else fails at once.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standins.awsproxy.values import Value

ENDPOINT = "AWS_ENDPOINT_URL"
DEAD_PROXY = "http://127.0.0.1:9"
"""Port 9 (discard) of this machine: refuses at once."""

ADDRESS_SETTINGS = ("ec2MetadataServiceEndpoint", "httpProxy", "httpsProxy")
REFUSED_SETTINGS = ("profile", "sharedConfigFiles", "sharedCredentialsFiles", "customCaBundle")
"""Settings that would read files of the user's own, with credentials or endpoints of a real account."""

DROPPED_ENVIRONMENT = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "PULUMI_LOG_OTLP_ENDPOINT",
    "TF_CLI_CONFIG_FILE",
    "TF_LOG",
)
"""What would lead elsewhere, of the user's own or of the engine's: to its collector of logs at `localhost`, for which
gRPC asks the name servers of the network (strace of engine 3.276.0's plugins, 2026-11)."""


class EndpointError(ValueError):
    """A setting would send calls somewhere else than to the embedded AWS."""


def is_loopback(url: str) -> bool:
    """Whether an http or https URL names this machine by `localhost` or by a loopback address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


def required(environ: Mapping[str, str]) -> str:
    """Endpoint of the embedded AWS.

    Raises:
        EndpointError: It is missing or not a loopback address, or a service has an endpoint of its own elsewhere.
    """
    url = environ.get(ENDPOINT, "")
    if not is_loopback(url):
        raise EndpointError(
            f"{ENDPOINT} is {url!r}: this stand-in for the AWS plugin serves an embedded AWS only;"
            " allowed is http(s)://127.0.0.1, localhost or [::1] with a port."
            " Start an emulator there, or use the official plugin for a real account"
        )
    for name, value in environ.items():
        if name.startswith(f"{ENDPOINT}_") and not is_loopback(value):
            raise EndpointError(f"{name} is {value!r}, not a loopback address: unset it")
    return url


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Environment of bridge and provider: no user files, no instance metadata, no way out."""
    kept = {name: value for name, value in environ.items() if name not in DROPPED_ENVIRONMENT}
    return {
        **{
            name: value for name, value in kept.items() if name.upper() not in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
        },
        "HTTP_PROXY": DEAD_PROXY,
        "HTTPS_PROXY": DEAD_PROXY,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }


def check_config(config: Mapping[str, Value]) -> dict[str, str]:
    """Settings of the provider's configuration that would lead elsewhere: property to reason."""
    failures = {
        name: f"{config[name]!r} is not a loopback address; this stand-in calls the embedded AWS only"
        for name in ADDRESS_SETTINGS
        if isinstance(config.get(name), str) and config[name] and not is_loopback(config[name])
    }
    for name in REFUSED_SETTINGS:
        if config.get(name):
            failures[name] = "this stand-in reads no AWS files or profiles of yours; leave it out where it runs"
    for path, value in _strings(config.get("endpoints"), "endpoints"):
        if value and not is_loopback(value):
            failures[path] = f"{value!r} is not a loopback address; this stand-in calls the embedded AWS only"
    return failures


def _strings(value: Value, path: str) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in _strings(item, f"{path}.{key}")]
    if isinstance(value, list):
        return [pair for index, item in enumerate(value) for pair in _strings(item, f"{path}[{index}]")]
    return []
