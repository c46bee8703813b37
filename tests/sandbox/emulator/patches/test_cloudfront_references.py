"""A distribution that names what is not there is refused, and one with an alias of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.patches.test_cloudfront_keys import make

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

POLICY = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def config(reference: str, *, target: str = "films", control: str = "", groups: tuple[str, ...] = (),
           aliases: tuple[str, ...] = ()) -> dict[str, Any]:  # fmt: skip
    trusted = {"Enabled": True, "Quantity": len(groups), "Items": list(groups)}
    origin = {
        "Id": "films",
        "DomainName": "films.s3.us-east-1.amazonaws.com",
        "OriginAccessControlId": control,
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    return {
        "CallerReference": reference,
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "Aliases": {"Quantity": len(aliases), "Items": list(aliases)},
        "DefaultCacheBehavior": {
            "TargetOriginId": target,
            "ViewerProtocolPolicy": "https-only",
            "CachePolicyId": POLICY,
            **({"TrustedKeyGroups": trusted} if groups else {}),
        },
    }


def create(aws: Aws, reference: str, **changes: Any) -> Any:  # noqa: ANN401 - an answer of boto3
    return aws("cloudfront").create_distribution(DistributionConfig=config(reference, **changes))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"groups": ("KGNOBODY",)}, "TrustedKeyGroupDoesNotExist"),
        ({"control": "ENOBODY"}, "InvalidOriginAccessControl"),
        ({"target": "nowhere"}, "NoSuchOrigin"),
    ],
)
def test_what_a_distribution_names_is_there(aws: Aws, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as found:
        create(aws, "new", **changes)
    assert found.value.response["Error"]["Code"] == code
    made = create(aws, "kept")
    with pytest.raises(ClientError) as found:
        aws("cloudfront").update_distribution(
            Id=made["Distribution"]["Id"], IfMatch=made["ETag"], DistributionConfig=config("kept", **changes)
        )
    assert found.value.response["Error"]["Code"] == code


def test_an_alias_leads_to_one_distribution(aws: Aws) -> None:
    made = create(aws, "first", aliases=("films.example",))
    with pytest.raises(ClientError) as found:
        create(aws, "second", aliases=("Films.example",))
    assert found.value.response["Error"]["Code"] == "CNAMEAlreadyExists"
    same = config("first", aliases=("films.example", "more.example"))
    aws("cloudfront").update_distribution(Id=made["Distribution"]["Id"], IfMatch=made["ETag"], DistributionConfig=same)


def test_a_key_group_that_is_used_stays(aws: Aws) -> None:
    cloudfront = aws("cloudfront")
    group = cloudfront.create_key_group(KeyGroupConfig={"Name": "used", "Items": [make(aws, "signer")]})
    create(aws, "signed", groups=(group["KeyGroup"]["Id"],))
    with pytest.raises(ClientError) as found:
        cloudfront.delete_key_group(Id=group["KeyGroup"]["Id"], IfMatch=group["ETag"])
    assert found.value.response["Error"]["Code"] == "ResourceInUse"
