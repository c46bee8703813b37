"""EBS: encryption by default, and the key it uses, per account and region; ministack has no such actions.

https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Params, Patch, Response, add_action

if TYPE_CHECKING:
    from collections.abc import Callable

_DEFAULTS = stores.regional("ebs-defaults")
_ENABLED = "enabled"
_KEY = "key"


def _switch(action: str, *, to: bool | None) -> Callable[[Params], Response]:
    """Make the action that sets, or for None only reads, encryption by default."""

    def answer(_: Params) -> Response:
        if to is not None:
            _DEFAULTS[_ENABLED] = to
        value = "true" if _DEFAULTS.get(_ENABLED, False) else "false"
        made: Response = ec2._xml(200, f"{action}Response", f"<ebsEncryptionByDefault>{value}</ebsEncryptionByDefault>")
        return made

    return answer


def _key_answer(action: str) -> Response:
    arn = _DEFAULTS.get(_KEY) or f"arn:aws:kms:{get_region()}:{get_account_id()}:alias/aws/ebs"
    made: Response = ec2._xml(200, f"{action}Response", f"<kmsKeyId>{arn}</kmsKeyId>")
    return made


def _get_key(_: Params) -> Response:
    return _key_answer("GetEbsDefaultKmsKeyId")


def _modify_key(params: Params) -> Response:
    key = str(ec2._p(params, "KmsKeyId"))
    if not key:
        missing: Response = ec2._error("MissingParameter", "The request must contain the parameter KmsKeyId", 400)
        return missing
    path = key if key.startswith("alias/") else f"key/{key}"
    _DEFAULTS[_KEY] = key if key.startswith("arn:") else f"arn:aws:kms:{get_region()}:{get_account_id()}:{path}"
    return _key_answer("ModifyEbsDefaultKmsKeyId")


def _reset_key(_: Params) -> Response:
    _DEFAULTS.pop(_KEY, None)
    return _key_answer("ResetEbsDefaultKmsKeyId")


def _apply() -> None:
    for action, to in (("Enable", True), ("Disable", False), ("Get", None)):
        name = f"{action}EbsEncryptionByDefault"
        add_action(ec2._ACTION_MAP, name, _switch(name, to=to))
    add_action(ec2._ACTION_MAP, "GetEbsDefaultKmsKeyId", _get_key)
    add_action(ec2._ACTION_MAP, "ModifyEbsDefaultKmsKeyId", _modify_key)
    add_action(ec2._ACTION_MAP, "ResetEbsDefaultKmsKeyId", _reset_key)


PATCH = Patch("ec2-ebs-encryption-by-default", "encryption by default cannot be set: unknown actions", _apply)
