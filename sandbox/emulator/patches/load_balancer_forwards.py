"""Rules of load balancers keep weighted target groups and conditions on the query, and say them again.

ministack drops both: a rule that shares requests between groups leads nowhere, one on the query takes everything.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ForwardActionConfig.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from ministack.services import alb

from sandbox.emulator.patches.base import Handler, Params, Patch, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    Document = dict[str, Any]


def _numbered(params: Params, prefix: str, *fields: str) -> Iterator[Document]:
    """Return the members of a list of structures, each with those of the fields that it has."""
    for number in count(1):
        found = {field: alb._p(params, f"{prefix}.member.{number}.{field}") for field in fields}
        if not any(found.values()):
            return
        yield {field: value for field, value in found.items() if value}


def _actions(original: Handler) -> Handler:
    def parse(params: Params, prefix: str = "DefaultActions") -> list[Document]:
        actions: list[Document] = original(params, prefix)
        for number, action in enumerate(actions, 1):
            config = f"{prefix}.member.{number}.ForwardConfig"
            groups = list(_numbered(params, f"{config}.TargetGroups", "TargetGroupArn", "Weight"))
            if groups:
                action["ForwardConfig"] = {"TargetGroups": groups}
                if sticky := alb._p(params, f"{config}.TargetGroupStickinessConfig.Enabled"):
                    seconds = alb._p(params, f"{config}.TargetGroupStickinessConfig.DurationSeconds")
                    action["ForwardConfig"]["Stickiness"] = {"Enabled": sticky, "DurationSeconds": seconds}
                if len(groups) == 1:
                    action.setdefault("TargetGroupArn", groups[0]["TargetGroupArn"])
        return actions

    return parse


def _action_xml(original: Handler) -> Handler:
    def write(action: Document) -> str:
        said: str = original(action)
        config = action.get("ForwardConfig")
        if config is None:
            return said
        groups = "".join(
            f"<member><TargetGroupArn>{group['TargetGroupArn']}</TargetGroupArn>"
            f"<Weight>{group.get('Weight', 1)}</Weight></member>"
            for group in config["TargetGroups"]
        )
        sticky = "".join(f"<{key}>{value}</{key}>" for key, value in config.get("Stickiness", {}).items() if value)
        sticky = f"<TargetGroupStickinessConfig>{sticky or '<Enabled>false</Enabled>'}</TargetGroupStickinessConfig>"
        inner = f"<ForwardConfig><TargetGroups>{groups}</TargetGroups>{sticky}</ForwardConfig>"
        return said.removesuffix("</member>") + inner + "</member>"

    return write


def _conditions(original: Handler) -> Handler:
    def parse(params: Params, prefix: str = "Conditions") -> list[Document]:
        conditions: list[Document] = original(params, prefix)
        for number, condition in enumerate(conditions, 1):
            if condition["Field"] == "query-string":
                base = f"{prefix}.member.{number}.QueryStringConfig.Values"
                condition["QueryStringConfig"] = {"Values": list(_numbered(params, base, "Key", "Value"))}
        return conditions

    return parse


def _condition_xml(original: Handler) -> Handler:
    def write(condition: Document) -> str:
        config = condition.get("QueryStringConfig")
        if config is None:
            said: str = original(condition)
            return said
        pairs = "".join(
            f"<member>{''.join(f'<{key}>{escape(value)}</{key}>' for key, value in pair.items())}</member>"
            for pair in config["Values"]
        )
        inner = f"<QueryStringConfig><Values>{pairs}</Values></QueryStringConfig>"
        return f"<member><Field>query-string</Field>{inner}</member>"

    return write


def _apply() -> None:
    wrap(alb, "_parse_actions", _actions)
    wrap(alb, "_action_xml", _action_xml)
    wrap(alb, "_parse_conditions", _conditions)
    wrap(alb, "_condition_xml", _condition_xml)


PATCH = Patch("elbv2-forwards", "a rule that shares requests between target groups leads nowhere", _apply)
