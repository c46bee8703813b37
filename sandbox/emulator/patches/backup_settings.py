"""AWS Backup keeps which types of resources a region is opted in to.

AWS documents no default. Here no type is opted in before somebody does, so that what relies on a default shows.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html (2026-11)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import more_routes

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document, Route

_SETTINGS = stores.regional("backup-region-settings")
_OPT_IN: Final = "ResourceTypeOptInPreference"
_MANAGEMENT: Final = "ResourceTypeManagementPreference"
_TYPES: Final = ("Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "Redshift", "S3")
_MANAGED: Final = ("DynamoDB", "EFS")


def _describe(_body: Document) -> Document:
    return {
        _OPT_IN: dict.fromkeys(_TYPES, False) | _SETTINGS.get(_OPT_IN, {}),
        _MANAGEMENT: dict.fromkeys(_MANAGED, False) | _SETTINGS.get(_MANAGEMENT, {}),
    }


def _update(body: Document) -> Document:
    for preference in (_OPT_IN, _MANAGEMENT):
        _SETTINGS[preference] = {**_SETTINGS.get(preference, {}), **(body.get(preference) or {})}
    return {}


_ROUTES: Final[dict[tuple[str, str], Route]] = {
    ("GET", "/account-settings"): _describe,
    ("PUT", "/account-settings"): _update,
}

PATCH = Patch("backup-settings", "no type of resource can be opted in", lambda: more_routes("backup", _ROUTES))
