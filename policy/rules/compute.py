"""EC2: encrypted volumes, metadata only by session token, no public addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Rule, Severity
from policy.table import at_most, be, check, not_be, only
from policy.tokens import INSTANCES, LAUNCH_CONFIGURATIONS, LAUNCH_TEMPLATES, SPOT_INSTANCES, VOLUMES

if TYPE_CHECKING:
    from policy.resources import Resource

_TOKENS: Final = "metadataOptions.httpTokens"


def _answers(instance: Resource) -> bool:
    return instance.get("metadataOptions.httpEndpoint") != "disabled"


def _has_more_volumes(instance: Resource) -> bool:
    return instance.has("ebsBlockDevices")


RULES: Final[tuple[Rule, ...]] = (
    only(_answers, check(
        "lt-imdsv2-required", "Launch templates ask for a session token on instance metadata", _TOKENS, be("required"),
        why="Without one, a forged request through the workload reads the node's credentials.",
        on=(*LAUNCH_TEMPLATES, *LAUNCH_CONFIGURATIONS), severity=Severity.HIGH,
        controls=("EC2.170", "CIS-5.7", "CKV_AWS_79", "AWS-0130"),
        remediation="set metadata_options with http_tokens='required'",
    )),
    check(
        "lt-imds-hop-limit", "Instance metadata answers the instance only",
        "metadataOptions.httpPutResponseHopLimit", at_most(1),
        why="A pod is one hop further than its node. Images may raise the default of 1, so it has to be said.",
        on=(*LAUNCH_TEMPLATES, *LAUNCH_CONFIGURATIONS), severity=Severity.MEDIUM,
        controls=("AutoScaling.4", "CKV_AWS_341"),
        remediation="set metadata_options with http_put_response_hop_limit=1, and give pods an identity of their own",
    ),
    check(
        "lt-ebs-encrypted", "Launch templates encrypt every volume", "blockDeviceMappings.ebs.encrypted", be(True),
        why="A volume that the template does not name follows the image, which is rarely encrypted.",
        on=LAUNCH_TEMPLATES, severity=Severity.HIGH, controls=("EC2.181",),
        remediation="name the root volume in block_device_mappings with encrypted and kms_key_id",
    ),
    check(
        "lt-no-public-ip", "Launch templates give no public address", "networkInterfaces.associatePublicIpAddress",
        not_be(True),
        on=LAUNCH_TEMPLATES, severity=Severity.HIGH, controls=("EC2.25", "CKV_AWS_88"),
        remediation="leave associate_public_ip_address out",
    ),
    only(_answers, check(
        "ec2-imdsv2-required", "Instances ask for a session token on their metadata", _TOKENS, be("required"),
        on=(*INSTANCES, *SPOT_INSTANCES), severity=Severity.HIGH,
        controls=("EC2.8", "CIS-5.7", "CKV_AWS_79", "AWS-0028"),
        remediation="set metadata_options with http_tokens='required'",
    )),
    check(
        "ec2-no-public-ip", "Instances have no public address", "associatePublicIpAddress", not_be(True),
        on=(*INSTANCES, *SPOT_INSTANCES, *LAUNCH_CONFIGURATIONS), severity=Severity.HIGH,
        controls=("EC2.9", "AutoScaling.5", "CKV_AWS_88", "CKV_AWS_389"),
        remediation="leave associate_public_ip_address out and put a load balancer in front",
    ),
    check(
        "ec2-root-volume-encrypted", "Instances encrypt their root volume", "rootBlockDevice.encrypted", be(True),
        on=INSTANCES, severity=Severity.HIGH, controls=("EC2.3", "CKV_AWS_8", "AWS-0131"),
        remediation="set root_block_device with encrypted=True and kms_key_id",
    ),
    only(_has_more_volumes, check(
        "ec2-volumes-encrypted", "Instances encrypt every volume beside their root", "ebsBlockDevices.encrypted",
        be(True),
        on=(*INSTANCES, *SPOT_INSTANCES, *LAUNCH_CONFIGURATIONS), severity=Severity.HIGH,
        controls=("EC2.3", "CKV_AWS_8", "AWS-0131"),
        remediation="set encrypted=True and kms_key_id in every one of ebs_block_devices",
    )),
    check(
        "ebs-volume-encrypted", "Volumes are encrypted", "encrypted", be(True),
        on=VOLUMES, severity=Severity.HIGH, controls=("EC2.3", "CIS-5.1.1", "CKV_AWS_3", "CKV2_AWS_2", "AWS-0026"),
        remediation="set encrypted=True and kms_key_id",
    ),
)  # fmt: skip
