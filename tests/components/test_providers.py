from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from components.providers import ENDPOINT_VARIABLE, provider_elsewhere, stack_providers
from review.record import record

if TYPE_CHECKING:
    import pytest

    from config.stack import StackConfig


def _aws_inputs(settings: StackConfig) -> dict[str, Any]:
    """Inputs of the AWS provider; a provider's inputs travel as JSON in strings."""
    inputs = record(lambda: stack_providers(settings.identity), "test").named("aws").inputs
    return {key: value if key == "region" else json.loads(value) for key, value in inputs.items()}


def test_the_provider_touches_one_account_and_one_region_only(
    settings: StackConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENDPOINT_VARIABLE, raising=False)
    inputs = _aws_inputs(settings)
    assert inputs["region"] == "us-east-1"
    assert inputs["allowedAccountIds"] == ["100000000004"], "a wrong credential must not deploy into a wrong account"


def test_the_provider_is_plain_where_no_endpoint_is_given(
    settings: StackConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENDPOINT_VARIABLE, raising=False)
    inputs = _aws_inputs(settings)
    assert inputs["skipCredentialsValidation"] is False, "against AWS a wrong credential is found before anything else"
    # The SDK itself skips the region's name, so that a region newer than the provider can be used.
    unusual = {"s3UsePathStyle", "skipMetadataApiCheck", "skipRequestingAccountId", "maxRetries", "endpoints"}
    assert not unusual & set(inputs), "against AWS the provider is as AWS made it"


def test_another_endpoint_gets_what_it_cannot_answer_skipped_and_the_account_still_checked(
    settings: StackConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT_VARIABLE, "http://127.0.0.1:1")
    inputs = _aws_inputs(settings)
    assert inputs["s3UsePathStyle"] is True, "its host name has no sub-domain per bucket"
    assert inputs["skipCredentialsValidation"] is False, "else the provider asks IAM, lost with us-east-1"
    assert inputs["skipMetadataApiCheck"] is True
    assert inputs["skipRegionValidation"] is True
    assert "skipRequestingAccountId" not in inputs, "allowed_account_ids means nothing without asking for the account"
    assert inputs["allowedAccountIds"] == ["100000000004"]


def test_every_resource_says_who_answers_for_it(settings: StackConfig) -> None:
    assert _aws_inputs(settings)["defaultTags"] == {
        "tags": {
            "Project": "phoenix",
            "Environment": "prod",
            "Owner": "platform@phoenix.example",
            "CostCenter": "phoenix-platform",
            "DataClass": "confidential",
            "ManagedBy": "pulumi",
            "Stack": "test",
        }
    }


def test_further_tags_cannot_replace_those_of_the_program(settings: StackConfig) -> None:
    # Built without validation: the stack file refuses such keys, and this is the second fence.
    identity = settings.identity.model_copy(update={"extra_tags": {"Owner": "nobody", "Team": "red"}})
    tags = _aws_inputs(settings.model_copy(update={"identity": identity}))["defaultTags"]["tags"]
    assert tags["Owner"] == "platform@phoenix.example", "who answers for a stack stands in one place"
    assert tags["Team"] == "red"


def test_a_provider_elsewhere_checks_its_credentials_at_home(settings: StackConfig) -> None:
    graph = record(lambda: provider_elsewhere("aws-primary", settings.identity, "us-west-2") and None, "test")
    inputs = graph.named("aws-primary").inputs
    assert (inputs["region"], inputs["stsRegion"]) == ("us-west-2", "us-east-1"), "the other region may be lost"
    assert json.loads(inputs["allowedAccountIds"]) == ["100000000004"]
