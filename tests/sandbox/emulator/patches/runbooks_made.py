"""Runbooks of Systems Manager for tests: a valid one, and what is changed in it."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

STEPS: Final[list[dict[str, Any]]] = [
    {
        "name": "take",
        "action": "aws:executeAwsApi",
        "onFailure": "step:back",
        "onCancel": "step:back",
        "inputs": {"Service": "kms", "Api": "DisableKey"},
        "nextStep": "hold",
    },
    {
        "name": "hold",
        "action": "aws:sleep",
        "onFailure": "step:back",
        "onCancel": "step:back",
        "inputs": {"Duration": "PT5M"},
        "nextStep": "back",
    },
    {
        "name": "back",
        "action": "aws:executeAwsApi",
        "inputs": {"Service": "kms", "Api": "EnableKey"},
        "isEnd": True,
    },
]


def content(by: str = "", key: str = "", **changes: object) -> str:
    steps = copy.deepcopy(STEPS)
    for step in steps:
        if step["action"] == "aws:executeAwsApi":
            step["inputs"]["KeyId"] = key
    return json.dumps({"schemaVersion": "0.3", "assumeRole": by, "mainSteps": steps, **changes})


def made(aws: Aws, text: str, name: str = "disable") -> dict[str, Any]:
    described: dict[str, Any] = aws("ssm").create_document(
        Name=name, DocumentType="Automation", DocumentFormat="JSON", Content=text, Tags=[{"Key": "Of", "Value": "shop"}]
    )["DocumentDescription"]
    return described
