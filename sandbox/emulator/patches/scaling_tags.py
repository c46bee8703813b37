"""Auto Scaling finds tags by their group, key and value.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTags.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from ministack.services import autoscaling

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action


def _describe_tags(_: Handler) -> Handler:
    def describe(params: Params) -> Response:
        filters = autoscaling._parse_nested(params, "Filters") or []
        wanted = {str(each["Name"]): set(each["Values"]) for each in filters}
        fields = {"auto-scaling-group": "ResourceId", "key": "Key", "value": "Value"}
        found = [
            tag
            for tags in autoscaling._tags.values()
            for tag in tags
            if all(tag[fields[name]] in values for name, values in wanted.items() if name in fields)
        ]
        members = "".join(f"<member>{autoscaling._member_xml(tag)}</member>" for tag in found)
        answer: Response = autoscaling._xml(
            200, "DescribeTagsResponse", f"<DescribeTagsResult><Tags>{members}</Tags></DescribeTagsResult>"
        )
        return answer

    return describe


PATCH = Patch(
    "autoscaling-tags",
    "a tag of one group is found on every other",
    lambda: wrap_action(autoscaling._ACTION_MAP, "DescribeTags", _describe_tags),
)
