"""Documents of Systems Manager: made, versioned, tagged and deleted; what Automation has against one is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.patches.runbooks_made import STEPS, content, made

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_document_is_made_read_changed_and_deleted(aws: Aws) -> None:
    ssm, text = aws("ssm"), content()
    described = made(aws, text)
    assert (described["DefaultVersion"], described["DocumentType"], described["Status"]) == (
        "1",
        "Automation",
        "Active",
    )
    assert json.loads(ssm.get_document(Name="disable")["Content"]) == json.loads(text)
    with pytest.raises(ClientError, match="DuplicateDocumentContent"):
        ssm.update_document(Name="disable", Content=text, DocumentVersion="$LATEST")
    changed = ssm.update_document(Name="disable", Content=content(description="two"), DocumentVersion="$LATEST")
    assert changed["DocumentDescription"]["DocumentVersion"] == "2"
    ssm.update_document_default_version(Name="disable", DocumentVersion="2")
    assert ssm.describe_document(Name="disable")["Document"]["DefaultVersion"] == "2"
    assert ssm.describe_document_permission(Name="disable", PermissionType="Share")["AccountIds"] == []
    tagged = ssm.list_tags_for_resource(ResourceType="Document", ResourceId="disable")["TagList"]
    assert tagged == [{"Key": "Of", "Value": "shop"}]
    ssm.delete_document(Name="disable")
    with pytest.raises(ClientError, match="InvalidDocument"):
        ssm.describe_document(Name="disable")


def test_what_automation_has_against_a_runbook_is_refused(aws: Aws) -> None:
    made(aws, content())
    sleeping = [{**STEPS[0], "onCancel": "step:hold", "onFailure": "Abort"}, STEPS[1], STEPS[2]]
    wrong: dict[str, tuple[str, str]] = {
        "DocumentAlreadyExists": ("disable", content()),
        "name": ("aws-disable", content()),
        "not JSON": ("a-text", "steps"),
        "schema version": ("a-schema", content(schemaVersion="2.2")),
        "one step or more": ("no-step", content(mainSteps=[])),
        "leads to back": ("nowhere", content(mainSteps=STEPS[:2])),
        "aws:runCommand": ("another", content(mainSteps=[{**STEPS[2], "action": "aws:runCommand"}])),
        "input Api": ("no-api", content(mainSteps=[{**STEPS[2], "inputs": {"Service": "kms"}}])),
        "is cancelled": ("asleep", content(mainSteps=sleeping)),
    }
    for words, (name, text) in wrong.items():
        with pytest.raises(ClientError, match=words):
            made(aws, text, name)
    with pytest.raises(ClientError, match="AutomationDefinitionNotFoundException"):
        aws("ssm").start_automation_execution(DocumentName="none")
    with pytest.raises(ClientError, match="unable to be assumed"):
        aws("ssm").start_automation_execution(DocumentName="disable")
