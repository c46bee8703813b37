"""Channel and recorder are deleted in the order of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def config(aws: Aws) -> Client:
    return aws("config")


@pytest.fixture
def recording(config: Client) -> Client:
    role = "arn:aws:iam::111122223333:role/config"
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "records"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    return config


def test_a_channel_is_not_deleted_while_the_recorder_runs(recording: Client) -> None:
    with pytest.raises(ClientError, match="still running"):
        recording.delete_delivery_channel(DeliveryChannelName="default")


def test_a_stopped_recorder_goes_with_its_channel(recording: Client) -> None:
    recording.stop_configuration_recorder(ConfigurationRecorderName="default")
    recording.delete_delivery_channel(DeliveryChannelName="default")
    recording.delete_configuration_recorder(ConfigurationRecorderName="default")
    left = recording.describe_delivery_channels()["DeliveryChannels"]
    assert left + recording.describe_configuration_recorders()["ConfigurationRecorders"] == []
