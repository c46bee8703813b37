"""IAM identity providers: tags, client ids and thumbprints change; ministack can only make and end a provider.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagOpenIDConnectProvider.html and its siblings
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import iam

from sandbox.emulator.patches.base import Params, Patch, Response, add_action

if TYPE_CHECKING:
    from collections.abc import Callable

Provider = dict[str, Any]


def _tag(provider: Provider, params: Params) -> str:
    tags = {tag["Key"]: tag for tag in [*provider.get("Tags", []), *iam._extract_tags(params)]}
    provider["Tags"] = list(tags.values())
    return ""


def _untag(provider: Provider, params: Params) -> str:
    gone = iam._extract_tag_keys(params)
    provider["Tags"] = [tag for tag in provider.get("Tags", []) if tag["Key"] not in gone]
    return ""


def _list_tags(provider: Provider, _: Params) -> str:
    tags = [(iam._xml_escape(tag["Key"]), iam._xml_escape(tag["Value"])) for tag in provider.get("Tags", [])]
    members = "".join(f"<member><Key>{key}</Key><Value>{value}</Value></member>" for key, value in tags)
    return f"<Tags>{members}</Tags><IsTruncated>false</IsTruncated>"


def _add_client(provider: Provider, params: Params) -> str:
    client = iam._p(params, "ClientID")
    provider["ClientIDList"] = [*(c for c in provider["ClientIDList"] if c != client), client]
    return ""


def _remove_client(provider: Provider, params: Params) -> str:
    provider["ClientIDList"] = [c for c in provider["ClientIDList"] if c != iam._p(params, "ClientID")]
    return ""


def _set_thumbprints(provider: Provider, params: Params) -> str:
    found, number = [], 1
    while thumbprint := iam._p(params, f"ThumbprintList.member.{number}"):
        found.append(thumbprint)
        number += 1
    provider["ThumbprintList"] = found
    return ""


_ACTIONS: dict[str, Callable[[Provider, Params], str]] = {
    "AddClientIDToOpenIDConnectProvider": _add_client,
    "ListOpenIDConnectProviderTags": _list_tags,
    "RemoveClientIDFromOpenIDConnectProvider": _remove_client,
    "TagOpenIDConnectProvider": _tag,
    "UntagOpenIDConnectProvider": _untag,
    "UpdateOpenIDConnectProviderThumbprint": _set_thumbprints,
}


def _served(action: str, change: Callable[[Provider, Params], str]) -> Callable[[Params], Response]:
    def serve(params: Params) -> Response:
        arn = iam._p(params, "OpenIDConnectProviderArn")
        provider = iam._oidc_providers.get(arn)
        if provider is None:
            reason = f"OpenIDConnect Provider not found for arn {arn}"
            refusal: Response = iam._error(404, "NoSuchEntity", reason, ns="iam")
            return refusal
        result = change(provider, params)
        body = f"<{action}Result>{result}</{action}Result>" if result else ""
        answer: Response = iam._xml(200, f"{action}Response", body, ns="iam")
        return answer

    return serve


def _apply() -> None:
    for action, change in _ACTIONS.items():
        add_action(iam._IAM_HANDLERS, action, _served(action, change))


PATCH = Patch("iam-identity-providers", "a changed tag of an identity provider cannot be applied", _apply)
