"""Service-linked roles: a new one has the description that was asked for, and none where none was.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from ministack.services import iam

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action

_OK = 200


def _create(original: Handler) -> Handler:
    def create(params: Params) -> Response:
        before = set(iam._roles)
        answer: Response = original(params)
        if answer[0] != _OK:
            return answer
        (made,) = set(iam._roles) - before
        iam._roles[made]["Description"] = iam._p(params, "Description")
        role = f"<Role>{iam._role_xml(made)}</Role>"
        body = f"<CreateServiceLinkedRoleResult>{role}</CreateServiceLinkedRoleResult>"
        described: Response = iam._xml(_OK, "CreateServiceLinkedRoleResponse", body, ns="iam")
        return described

    return create


PATCH = Patch(
    "iam-linked-roles",
    "every plan takes away a description that nobody gave",
    lambda: wrap_action(iam._IAM_HANDLERS, "CreateServiceLinkedRole", _create),
)
