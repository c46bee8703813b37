"""CloudFront answers a single-page application's paths with its page on a machine without Node, too.

ministack runs functions of CloudFront in Node, and answers 503 where there is none. The one function that the program
makes (`components/edge/fallback.js`) is modelled here: a path whose last part has no dot becomes the page, unless it
is below `/.well-known/`. Any other code is left to ministack.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html (2026-11-30)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ministack.core import cloudfront_js

from config.reading import ROOT
from sandbox.emulator.patches.base import Handler, Patch, wrap

if TYPE_CHECKING:
    Event = dict[str, Any]

_CODE: Final = (ROOT / "components" / "edge" / "fallback.js").read_text(encoding="utf-8")
_OURS: Final = re.compile(re.escape(_CODE).replace("@PAGE@", '([^"]+)'))
_KNOWN: Final = "/.well-known/"


def page(code: str) -> str | None:
    """Return the page that the code falls back to; None where it is not the program's."""
    found = _OURS.fullmatch(code)
    return found and found.group(1)


def rewritten(uri: str, to: str) -> str:
    """Return what is looked for in place of a path."""
    return uri if "." in uri.rpartition("/")[2] or uri.startswith(_KNOWN) else to


def answering(original: Handler) -> Handler:
    """Return what evaluates functions, the program's own without the original."""

    def evaluate(code: bytes, event: Event) -> object:
        to = page(code.decode("utf-8"))
        if to is None:
            return original(code, event)
        request: Event = event["request"]
        return request | {"uri": rewritten(str(request["uri"]), to)}

    return evaluate


def _apply() -> None:
    wrap(cloudfront_js, "evaluate", answering)


PATCH = Patch("cloudfront-fallback", "a page of a single-page application answers 503 without Node", _apply)
