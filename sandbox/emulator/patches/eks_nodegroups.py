"""EKS node groups: launch template, update and repair settings are kept and read back.

Without it every plan replaces every node group that has a launch template.
https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html (fields, defaults)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import ec2, eks

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_OK = 200
Body = dict[str, Any]


def _create(original: Handler) -> Handler:
    def create(cluster: str, body: Body) -> Response:
        template = _template(body["launchTemplate"]) if "launchTemplate" in body else None
        if "launchTemplate" in body and template is None:
            refusal: Response = eks._error(400, "InvalidRequestException", "The launch template does not exist.")
            return refusal
        answer: Response = original(cluster, body)
        if answer[0] != _OK:
            return answer
        group = eks._nodegroups[f"{cluster}/{body['nodegroupName']}"]
        group["updateConfig"] = body.get("updateConfig", {"maxUnavailable": 1})
        if "nodeRepairConfig" in body:
            group["nodeRepairConfig"] = body["nodeRepairConfig"]
        if template is not None:
            group["launchTemplate"] = template
            if "diskSize" not in body:
                del group["diskSize"]  # the template's, where there is one
        made: Response = eks._json_resp(200, {"nodegroup": group})
        return made

    return create


def _template(asked: Body) -> Body | None:
    """The launch template a node group names by id or name, in full; None when there is none such."""
    for record in ec2._launch_templates.values():
        if asked.get("id", record["LaunchTemplateId"]) == record["LaunchTemplateId"] and (
            asked.get("name", record["LaunchTemplateName"]) == record["LaunchTemplateName"]
        ):
            version = asked.get("version") or str(record["DefaultVersionNumber"])
            return {"id": record["LaunchTemplateId"], "name": record["LaunchTemplateName"], "version": version}
    return None


PATCH = Patch(
    "eks-node-group-launch-template",
    "every plan replaces every node group that has a launch template",
    lambda: wrap(eks, "_create_nodegroup", _create),
)
