"""`python -m review.cost.snapshot FILE [--check]`: write the prices that pricers use, out of a snapshot in YAML.

A snapshot maps service -> SKU -> region -> cell. A cell has `usd`, `unit`, `source`, `date`; `derived: true` with
`basis` where the figure is computed from another; `confidence` where its source is weak; `scope: global` where one
price holds everywhere. `_meta` has `collected` and `sources`. Cells without a figure are left out: a price that is
missing is unknown, and no other region's takes its place.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DATA: Final = Path(__file__).parent / "data"
TABLE: Final = "prices.csv"
SOURCES: Final = "sources.json"
COLUMNS: Final = ("service", "sku", "region", "usd", "unit", "date", "source", "derived", "confidence")
EVERYWHERE: Final = "*"
"""Region of a price that holds in all."""
KEPT: Final[Mapping[str, str]] = {
    "cloudwatch": r"alarm_\w+|custom_metric_first_10k|dashboard",
    "dynamodb": r"provisioned_[rw]cu",
    "ebs": r"gp[23]_storage|gp3_\w+",
    "ec2_linux_on_demand": r".+",
    "eks": r".+",
    "elasticache": r"cache\..+",
    "elb": r"[an]lb_hour",
    "fargate": r".+",
    "global_accelerator": r"accelerator",
    "kms": r"customer_key",
    "msk": r"kafka\..+|storage",
    "rds_other": r"rds_proxy",
    "rds_postgresql": r".+",
    "rds_storage": r"gp[23]_(single|multi)_az|gp3_extra_iops_\w+",
    "route53": r"hosted_zone_first_25|health_check_\w+",
    "secrets_manager": r"secret",
    "vpc": r"nat_gateway_hour|interface_endpoint_hour|gateway_endpoint_s3_dynamodb|public_ipv4",
    "waf": r"web_acl|rule|bot_control_subscription",
}
"""Service -> SKUs that pricers ask for, as one regular expression."""


class SnapshotError(ValueError):
    """The file is no snapshot of prices; the text says where, and what is needed."""


def made_of(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of each file of data by its name.

    Raises:
        SnapshotError: A cell, or what is said of the whole, is not as described above.
    """
    rows = sorted(_rows(snapshot))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerows((COLUMNS, *rows))
    meta = snapshot.get("_meta") or {}
    named = {str(text): str(key) for key, text in (meta.get("sources") or {}).items()}
    used = {row[COLUMNS.index("source")] for row in rows}
    if "collected" not in meta or not rows:
        raise SnapshotError("_meta.collected and a price that pricers use are needed")
    document = {
        "collected": str(meta["collected"]),
        "sources": {key: _public(text) for text, key in sorted(named.items(), key=lambda one: one[1]) if key in used},
    }
    return {TABLE: table.getvalue(), SOURCES: json.dumps(document, indent=2) + "\n"}


def _rows(snapshot: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    sources = {str(text): str(key) for key, text in ((snapshot.get("_meta") or {}).get("sources") or {}).items()}
    for service, pattern in KEPT.items():
        for sku, cells in (snapshot.get(service) or {}).items():
            if not re.fullmatch(pattern, sku):
                continue
            known = {
                one: cell for one, cell in cells.items() if cell.get("usd") is not None and not cell.get("retired")
            }
            rows = {_row(f"{service}.{sku}.{one}", (service, sku, one), cell, sources) for one, cell in known.items()}
            if len([row for row in rows if row[2] == EVERYWHERE]) > 1:
                raise SnapshotError(f"{service}.{sku}: scope is global, and what its cells say differs")
            yield from rows


def _row(
    where: str, name: tuple[str, str, str], cell: Mapping[str, Any], sources: Mapping[str, str]
) -> tuple[str, ...]:
    try:
        usd = Decimal(str(cell["usd"]))
    except InvalidOperation:
        raise SnapshotError(f"{where}.usd: not a number; got: {cell['usd']!r}") from None
    missing = [key for key in ("unit", "source", "date") if not cell.get(key)]
    if missing or usd < 0 or (cell.get("derived") and not cell.get("basis")):
        raise SnapshotError(f"{where}: unit, source, date, a price from 0, and the basis of what is derived are needed")
    if cell["source"] not in sources:
        raise SnapshotError(f"{where}.source: not in _meta.sources; got: {cell['source']!r}")
    region = EVERYWHERE if cell.get("scope") == "global" else name[2]
    basis = str(cell["basis"]) if cell.get("derived") else ""
    confidence = str(cell.get("confidence") or "")
    source = sources[cell["source"]]
    return (*name[:2], region, f"{usd:f}", str(cell["unit"]), str(cell["date"]), source, basis, confidence)


def _public(source: str) -> str:
    """Return a source as a reader elsewhere can take it: texts that were stored without their address are called so."""
    return re.sub(r"public file store ids? ([\d, ]*\d)", r"public text kept without its address (\1)", source)


def main(arguments: Sequence[str]) -> int:
    """Write the files, or compare; return 0, 1 where they differ from the snapshot, 2 where it cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m review.cost.snapshot", description=__doc__.partition("\n")[0])
    parser.add_argument("snapshot", type=Path, help="a snapshot of prices in YAML")
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 if something would change")
    options = parser.parse_args(arguments)
    try:
        made = made_of(yaml.safe_load(options.snapshot.read_text(encoding="utf-8")) or {})
    except (OSError, SnapshotError, yaml.YAMLError) as error:
        sys.stderr.write(f"{options.snapshot}: {error}\n")
        return 2
    paths = {DATA / name: text for name, text in made.items()}
    changed = [path for path, text in paths.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in () if options.check else changed:
        path.write_text(paths[path], encoding="utf-8")
    sys.stdout.writelines(f"{'differs' if options.check else 'wrote'} {path.name}\n" for path in changed)
    return int(options.check and bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
