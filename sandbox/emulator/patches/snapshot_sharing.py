"""EBS: public sharing of a region's snapshots can be ruled out.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableSnapshotBlockPublicAccess.html (names; 2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.services import ec2

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Params, Patch, Response, add_action

if TYPE_CHECKING:
    from collections.abc import Callable

_SHARING = stores.regional("ebs-snapshot-sharing")
_STATE: Final = "state"
_UNBLOCKED: Final = "unblocked"


def _act(action: str) -> Callable[[Params], Response]:
    def answer(params: Params) -> Response:
        if action.startswith("Enable"):
            _SHARING[_STATE] = str(ec2._p(params, "State"))
        if action.startswith("Disable"):
            _SHARING.pop(_STATE, None)
        body = f"<state>{_SHARING.get(_STATE, _UNBLOCKED)}</state><managedBy>account</managedBy>"
        made: Response = ec2._xml(200, f"{action}Response", body)
        return made

    return answer


def _apply() -> None:
    for action in (
        "EnableSnapshotBlockPublicAccess",
        "DisableSnapshotBlockPublicAccess",
        "GetSnapshotBlockPublicAccessState",
    ):
        add_action(ec2._ACTION_MAP, action, _act(action))


PATCH = Patch("ebs-snapshot-sharing", "public snapshots of a region cannot be ruled out", _apply)
