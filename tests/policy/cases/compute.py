from tests.policy.case import value_case
from tests.policy.harness import Made

TEMPLATE = Made(
    type="aws:ec2/launchTemplate:LaunchTemplate",
    inputs={
        "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
        "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"encrypted": "true"}}],
        "networkInterfaces": [{"associatePublicIpAddress": "false"}],
    },
)
INSTANCE = Made(
    type="aws:ec2/instance:Instance",
    inputs={
        "metadataOptions": {"httpTokens": "required"},
        "associatePublicIpAddress": False,
        "rootBlockDevice": {"encrypted": True},
    },
)
VOLUME = Made(type="aws:ebs/volume:Volume", inputs={"encrypted": True})

MORE = Made(
    type="aws:ec2/instance:Instance",
    inputs={"ebsBlockDevices": [{"encrypted": True, "deviceName": "/dev/xvdb"}]},
)

CASES = (
    value_case("ec2-volumes-encrypted", MORE, "ebsBlockDevices.0.encrypted", False),
    value_case("lt-imdsv2-required", TEMPLATE, "metadataOptions.httpTokens", "optional"),
    value_case("lt-imds-hop-limit", TEMPLATE, "metadataOptions.httpPutResponseHopLimit", 2),
    value_case("lt-ebs-encrypted", TEMPLATE, "blockDeviceMappings.0.ebs.encrypted", "false"),
    value_case("lt-no-public-ip", TEMPLATE, "networkInterfaces.0.associatePublicIpAddress", "true", absent_is="silent"),
    value_case("ec2-imdsv2-required", INSTANCE, "metadataOptions.httpTokens", "optional"),
    value_case("ec2-no-public-ip", INSTANCE, "associatePublicIpAddress", True, absent_is="silent"),
    value_case("ec2-root-volume-encrypted", INSTANCE, "rootBlockDevice.encrypted", False),
    value_case("ebs-volume-encrypted", VOLUME, "encrypted", False),
)
