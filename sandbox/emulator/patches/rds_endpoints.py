"""The address of a database says which one it is, and in which region.

ministack answers `localhost` where there is no container, so that every database of every region has the same address
and nobody can tell whose a writer was given. Nothing listens at the name, as nothing listened at `localhost`.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_CommonTasks.Connect.html (form of the names)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import rds

from sandbox.emulator.patches.base import Handler, Patch, wrap
from sandbox.emulator.patches.endpoint_names import is_placeholder, mark

if TYPE_CHECKING:
    from collections.abc import Mapping


def _named(around: Handler) -> Handler:
    def xml(instance: Mapping[str, Any]) -> str:
        endpoint = instance.get("Endpoint")
        if isinstance(endpoint, dict) and is_placeholder(endpoint):
            _, _, _, region, account, *_ = str(instance["DBInstanceArn"]).split(":")
            host = f"{instance['DBInstanceIdentifier']}.c{mark(account, region)}.{region}.rds.amazonaws.com"
            instance = {**instance, "Endpoint": {**endpoint, "Address": host}}
        return str(around(instance))

    return xml


PATCH = Patch(
    "rds-endpoint-names",
    "every database is at `localhost`, so that nobody can tell one region's from another's",
    lambda: wrap(rds, "_instance_xml", _named),
)
