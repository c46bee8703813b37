"""Whether a provider's configuration names another cluster than before, judged as the official provider judges it.

A provider that is replaced takes every object with it. Read in DiffConfig of pulumi-kubernetes 4.32.0 (2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from standins.kuberender import wire
from standins.kuberender.difference import Change
from standins.kuberender.settings import DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Mapping

IDENTIFIER = "clusterIdentifier"
WAYS = ("kubeconfig", "context", "cluster")
"""Settings that together say which cluster is meant, where no identifier does."""


def replaces(olds: Mapping[str, Any], news: Mapping[str, Any], changed: Mapping[str, Change]) -> list[str]:
    """Return the settings for which the provider is replaced.

    Args:
        olds: The configuration before, without marks of secrets.
        news: The configuration now; what a preview does not know is a placeholder.
        changed: How each path of it changed.
    """
    if not changed or (IDENTIFIER in news and IDENTIFIER not in changed):
        return []
    found = [IDENTIFIER] if changed.get(IDENTIFIER) is Change.UPDATE else []
    unknown = [key for key in WAYS if wire.is_unknown(news.get(key))]
    if unknown:
        return [*found, unknown[0]]
    found += [DIRECTORY] if DIRECTORY in changed else []
    before, after = active(olds), active(news)
    if before and after and before != after:
        found += [key for key in WAYS if olds.get(key) != news.get(key)]
    return found


def active(configuration: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what the kubeconfig says of the cluster in use; None where it says nothing of one."""
    document = parsed(configuration.get("kubeconfig"))
    context = named(document, "contexts", "context", configuration.get("context") or document.get("current-context"))
    if context is None:
        return None
    return named(document, "clusters", "cluster", configuration.get("cluster") or context.get("cluster"))


def parsed(kubeconfig: object) -> Mapping[str, Any]:
    """Return a kubeconfig given as text or as an object; empty for what is none."""
    try:
        document = yaml.safe_load(kubeconfig) if isinstance(kubeconfig, str) else kubeconfig
    except yaml.YAMLError:
        return {}
    return document if isinstance(document, dict) else {}


def named(document: Mapping[str, Any], many: str, one: str, name: object) -> Mapping[str, Any] | None:
    """Return the entry of a kubeconfig's list that has a name."""
    entries = document.get(many)
    for each in entries if isinstance(entries, list) else []:
        if isinstance(each, dict) and each.get("name") == name:
            found = each.get(one)
            return found if isinstance(found, dict) else None
    return None
