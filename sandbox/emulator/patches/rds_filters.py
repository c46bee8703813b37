"""RDS: `DescribeDBInstances` honours the filter `dbi-resource-id`.

The provider waits for the end of a deletion by that filter; without it any other instance of the account and region
answers in the place of the deleted one, and the wait never ends.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import rds

from sandbox.emulator.patches.base import Handler, Patch, wrap

_FILTER = "dbi-resource-id"


def _around(apply_filters: Handler) -> Handler:
    def filtered(instances: list[dict[str, Any]], filters: dict[str, list[str]]) -> list[dict[str, Any]]:
        wanted = filters.get(_FILTER)
        kept = instances if wanted is None else [i for i in instances if i.get("DbiResourceId") in wanted]
        result: list[dict[str, Any]] = apply_filters(kept, filters)
        return result

    return filtered


PATCH = Patch(
    "rds-dbi-resource-id-filter",
    "deleting one of several database instances never ends",
    lambda: wrap(rds, "_apply_instance_filters", _around),
)
