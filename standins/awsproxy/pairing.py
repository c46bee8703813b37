"""Which property of the SDK is which property of the bridge.

The bridge builds its names from Terraform's: camel case, a list in the plural. The SDK has the official plugin's names:
the same rule, but singular where it shows a list of at most one as an object, and a few names of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from standins.awsproxy.sdk import SdkType
    from standins.awsproxy.tables import BridgeType


def plurals(name: str) -> tuple[str, ...]:
    """Plural forms a name may have."""
    found = [f"{name}s", f"{name}es"]
    if name.endswith("y"):
        found.append(f"{name[:-1]}ies")
    if name.endswith("x"):
        found.append(f"{name[:-2]}ices")
    return tuple(found)


def singulars(name: str) -> tuple[str, ...]:
    """Singular forms a name may have."""
    found = [name[:-1]] if name.endswith("s") else []
    if name.endswith("es"):
        found.append(name[:-2])
    if name.endswith("ies"):
        found.append(f"{name[:-3]}y")
    return tuple(found)


def pair(ours: Iterable[str], theirs: Iterable[str], renames: Mapping[str, str]) -> dict[str, str]:
    """SDK name to bridge name: by table, else by the same name, else by number; what has no counterpart is left out."""
    own, served = list(ours), set(theirs)
    paired = {name: target for name, target in renames.items() if target in served}
    taken = set(paired.values())
    for name in own:
        if name not in paired and name in served and name not in taken:
            paired[name] = name
    taken = set(paired.values())
    for name in own:
        if name in paired:
            continue
        found = next((other for other in (*plurals(name), *singulars(name)) if other in served - taken), None)
        if found is not None:
            paired[name] = found
            taken.add(found)
    return paired


def id_alias(token: str, ours: SdkType, theirs: BridgeType) -> str:
    """Property under which the bridge repeats the resource's id (`vpcId` of a VPC), or an empty string.

    Terraform's older resources take `id` as an input; Pulumi cannot, so the bridge renames it.
    """
    if not token:
        return ""
    short = token.split(":")[1].rpartition("/")[2]
    for name in (f"aws{short[:1].upper()}{short[1:]}Id", f"{short}Id"):
        if name in theirs.inputs and name in theirs.outputs and name not in ours.inputs and name not in ours.outputs:
            return name
    return ""
