"""An identity provider's tags, clients and thumbprints change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def iam(aws: Aws) -> Client:
    return aws("iam")


@pytest.fixture
def provider(iam: Client) -> str:
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    made = iam.create_open_id_connect_provider(Url="https://example.org/id/1", ClientIDList=["one"], Tags=tags)
    return str(made["OpenIDConnectProviderArn"])


def test_tags_change_one_by_one(iam: Client, provider: str) -> None:
    iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=provider, Tags=[{"Key": "a", "Value": "<9>"}])
    iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=provider, TagKeys=["b"])
    found = iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=provider)["Tags"]
    assert found == [{"Key": "a", "Value": "<9>"}], "a tag is replaced, another removed"


def test_clients_and_thumbprints_change(iam: Client, provider: str) -> None:
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=provider, ClientID="two")
    iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=provider, ClientID="one")
    prints = ["0" * 40, "1" * 40]
    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=provider, ThumbprintList=prints)
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    assert (found["ClientIDList"], found["ThumbprintList"]) == (["two"], prints), "the change is read back"


def test_an_unknown_provider_is_an_error(iam: Client, provider: str) -> None:
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=f"{provider}-other")
