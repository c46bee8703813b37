"""`python -m review.residency [--check]`: what the stack files say of residency, for the pack and for people.

Writes `policy/residency.json`, from which the pack judges a stack whatever its program made of the file, and
`docs/residency.md`, the table of all ways out.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Final

from config.files import ROOT, alternatives, read_file, stack_files
from config.outlets import NAMED, OUTLETS, STAYS, arrivals, departures
from config.problems import dotted
from config.residency import BASES, REGIONS
from config.rules.residency import excuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from config.outlets import Departure
    from config.residency import Residency
    from config.stack import StackConfig

FILE: Final = ROOT / "policy" / "residency.json"
PAGE: Final = ROOT / "docs" / "residency.md"


def for_pack(config: StackConfig) -> dict[str, object] | None:
    """Return what the pack has to know of a stack; None where its file declares nothing."""
    residency = config.residency
    if residency is None:
        return None
    own = [config.identity.region] if config.identity.role == "primary" else []
    regions = dict.fromkeys([*own, *sorted(residency.places("") & REGIONS)])
    leaving = [(one, dotted(one.path)) for one in departures(config)]
    coming = [(one, one.outlet.data) for one in arrivals(config)]
    passes = [found for one, data in (*leaving, *coming) for found in _passes(residency, one, data, config.as_of)]
    return {"regions": list(regions), "passes": passes}


def _passes(residency: Residency, one: Departure, data: str, day: date) -> Iterator[dict[str, object]]:
    """Yield what lets a departure leave: the class of its data, and each exception, whether or not it has ended."""
    path = dotted(one.path)
    common = {"of": path, "types": list(one.outlet.types)}
    may = [place for place in one.places if place in residency.places(data)]
    if may:
        yield {**common, "to": may, "until": None, "owner": f"class {residency.class_of(data) or 'of all'}"}
    for exception in residency.exceptions.values():
        to = [place for place in one.places if excuse(residency, path, place, day) is exception]
        if to:
            yield {**common, "to": to, "until": exception.until.isoformat(), "owner": exception.owner}


def document() -> str:
    """Return the pack's file for all stack files."""
    files = {**stack_files(), **alternatives()}
    found = {name: for_pack(read_file(path).settings) for name, path in sorted(files.items())}
    return json.dumps({name: said for name, said in found.items() if said}, indent=2) + "\n"


def page() -> str:
    """Return the page: what the section says, every way, what stays, every basis."""
    outlets = "\n".join(
        f"| `{one.pattern}` | {one.what} | {one.leads} | {', '.join(f'`{type_}`' for type_ in one.types) or 'none'} |"
        for one in (*OUTLETS, NAMED)
    )
    stays = "\n".join(f"| `{path}` | {why} |" for path, why in STAYS.items())
    bases = "\n".join(f"| `{basis}` | {text} |" for basis, text in BASES.items())
    return _PAGE.format(outlets=outlets, stays=stays, bases=bases)


_PAGE: Final = """# Residency

`residency` of a stack file says which data may be where. What leaves without a place or an exception is refused twice:
by `python -m config.check` with the line of the setting, and by the policy pack, which judges what the program made and
trusts no program. Why so: [ADR 0059](adr/0059-residency.md). Written by `python -m review.residency`; a test holds it
against the table in `config/outlets.py`.

```yaml
residency:
  classes:
    personal: {{what: names and addresses of people}} # places: none, so the stack's region alone
    operational: {{what: texts of alarms, places: [slack], at: [observability]}}
  exceptions:
    cdn: {{of: edge.cdn, to: [edge, us-east-1], basis: contract, until: "2027-11-20", owner: data@example.com,
          reason: CloudFront is asked for; only public pages are cached}}
  prevails: One region in the country, and the owner of the data chose the country
```

An exception holds up to and including its day: in the file by `as_of`, in the pack by the day on which it judges. After
that both refuse, whether or not data still leaves by it. It is bound to its setting and its places, and in the pack to
the types of resources below. `make check` refuses a `policy/residency.json` that is not what the stack files say.

## Every way out that a stack file can say

| setting | what leaves | where to | types that an exception lets pass |
|---|---|---|---|
{outlets}

A standby's settings (`recovery.standby`, `backup.copy_from_primary`) are refused beside its primary's file, whose
residency decides; both files have the same section. The pack finds more than a file can say: Global Accelerator,
access points of several regions, global clusters, API destinations, Data Firehose to the internet, DataSync and DMS
endpoints, buckets of which the stack does not show where they stand (`data-stays-where-declared`), every region in any
input (`data-egress-allow-list`), every resource by the region of its provider (`region-allow-list`). A snapshot or
image shared with another account is refused by `shared-with-own-accounts`, a policy that lets one in by
`resource-policy-other-account`, in every stack.

## What names another place and sends nothing there

| setting | why it stays |
|---|---|
{stays}

## Bases

After Art. 22 and 23 of the UAE's Federal Decree-Law 45 of 2021. Its executive regulations are not issued (2026-11);
health, banking and government data and the free zones DIFC and ADGM have laws of their own. Our reading, not legal
advice.

| `basis` | article |
|---|---|
{bases}

## What no rule sees

The state of the stack: where its backend keeps it is said when Pulumi is called, not in the stack file; it is to be a
bucket of the stack's region ([first account](runbooks/first-account.md)). Mail: where a mailbox is, no address says.
What a program sends by itself to an address that no setting names. Providers of models and PagerDuty: the file is
refused, and no resource shows them to the pack.
"""


def main(arguments: Sequence[str]) -> int:
    """Write both files; with `--check` only say whether they are what they should be."""
    parser = argparse.ArgumentParser(prog="python -m review.residency", description="Write the pack's residency.")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 where a file is out of date")
    check = parser.parse_args(arguments).check
    stale: list[Path] = []
    for path, text in ((FILE, document()), (PAGE, page())):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not check:
                path.write_text(text, encoding="utf-8")
    if check:
        names = [str(path.relative_to(ROOT)) for path in stale]
        sys.stderr.writelines(f"{name}: out of date; do: python -m review.residency\n" for name in names)
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
