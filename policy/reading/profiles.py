"""Inference profiles of Bedrock: each sends requests to any region of the geography that its id begins with.

Bedrock User Guide, "Supported Regions and models for inference profiles", read 2026-11-30.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from policy.regions import COMMERCIAL
from policy.values import is_list, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_GEOGRAPHY: Final = r"(us-gov|us|eu|apac|ap|jp|au|ca|global)"
_PROVIDERS: Final = (
    "ai21", "amazon", "anthropic", "cohere", "deepseek", "google", "luma", "meta", "minimax", "mistral", "moonshot",
    "moonshotai", "nvidia", "openai", "qwen", "stability", "twelvelabs", "writer", "zai",
)  # fmt: skip
"""Who makes models, as ids of Bedrock begin; of others an id is known by the version at its end."""
_WHOLE: Final = r"(?![\w-]|\.[a-z])"
"""The end of an id: no name of a host goes on behind it."""
_ANYWHERE: Final = re.compile(
    rf"(?<![\w.@-]){_GEOGRAPHY}\."
    rf"(?:(?:{'|'.join(_PROVIDERS)})\.[a-z][a-z0-9]*-[\w-]*|[a-z0-9]+\.[a-z][\w.-]*-v\d+(?::\d\d?)?){_WHOLE}"
    rf"|(?<![\w-])inference-profile/{_GEOGRAPHY}\."
)
_AS_MODEL: Final = re.compile(rf"(?:^|[/:]){_GEOGRAPHY}\.[a-z0-9]+\.[a-z]")
_PREFIX: Final = re.compile(rf"^{_GEOGRAPHY}\.(?=[a-z0-9]+\.)")
_BEGINNINGS: Final = {
    "apac": ("ap-",),
    "jp": ("ap-northeast-1", "ap-northeast-3"),
    "au": ("ap-southeast-2", "ap-southeast-4"),
    "global": ("",),
}
"""Geography -> what its regions begin with; of the others, with the geography itself."""
_GOVERNMENT: Final = "us-gov"


def named(text: str, *, is_model: bool) -> set[str]:
    """Return the geographies of the profiles that a text names; `is_model` says that it is the id of a model."""
    found = {one for match in _ANYWHERE.finditer(text) for one in match.groups() if one}
    return found | set(_AS_MODEL.findall(text)) if is_model else found


def regions(geography: str) -> list[str]:
    """Return the regions that may answer requests to a profile of a geography."""
    if geography == _GOVERNMENT:
        return ["us-gov-east-1", "us-gov-west-1"]
    beginnings = _BEGINNINGS.get(geography, (f"{geography}-",))
    return [region for region in COMMERCIAL if region.startswith(beginnings)]


def allowed(document: object) -> Iterator[str]:
    """Yield the geographies of the profiles that a policy document allows: those of denials and exceptions apart."""
    document = plain(document)
    if isinstance(document, str):
        yield from named(document, is_model=False)
    elif is_list(document):
        for below in document:
            yield from allowed(below)
    elif isinstance(document, Mapping):
        if any(str(key).lower() == "effect" and str(value).lower() == "deny" for key, value in document.items()):
            return
        for key, below in document.items():
            if "not" not in str(key).lower():
                yield from allowed(below)


def bare(model: str) -> str:
    """Return a model's id without the geography of its profile."""
    return _PREFIX.sub("", model)
