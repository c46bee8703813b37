"""Launch templates: the KMS key of an encrypted volume is kept and read back.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateEbsBlockDevice.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import ec2

from sandbox.emulator.patches.base import Handler, Params, Patch, wrap


def _parse(original: Handler) -> Handler:
    def parse(params: Params, prefix: str = "LaunchTemplateData") -> dict[str, Any]:
        data: dict[str, Any] = original(params, prefix)
        for number, mapping in enumerate(data.get("BlockDeviceMappings", []), 1):
            if key := ec2._p(params, f"{prefix}.BlockDeviceMapping.{number}.Ebs.KmsKeyId"):
                mapping.setdefault("Ebs", {})["KmsKeyId"] = key
        return data

    return parse


def _render(original: Handler) -> Handler:
    """Put each key into its volume; the original renders one `ebs` element per mapping that has one, in order."""

    def render(data: dict[str, Any]) -> str:
        first, *rest = str(original(data)).split("</ebs>")
        volumes = [mapping["Ebs"] for mapping in data.get("BlockDeviceMappings", []) if "Ebs" in mapping]
        for volume, text in zip(volumes, rest, strict=True):
            key = volume.get("KmsKeyId")
            first += (f"<kmsKeyId>{ec2._esc(key)}</kmsKeyId>" if key else "") + "</ebs>" + text
        return first

    return render


def _apply() -> None:
    wrap(ec2, "_parse_lt_data", _parse)
    wrap(ec2, "_lt_data_xml", _render)


PATCH = Patch("ec2-launch-template-kms-key", "the key of an encrypted volume shows as drift", _apply)
