"""Where data may go: every region that any input of a resource names, as a region, in an ARN, an address or a zone.

Not read are texts that go nowhere: descriptions, tags, policy documents (which allow, and send nothing), dashboards,
the registry of an image, from which it comes, and a bucket that CloudFront serves, of which the same holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy.regions import COMMERCIAL
from policy.values import SIGNATURE, Mark, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource

_REGION: Final = re.compile(
    r"(?<![\w-])((?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso[a-z]?|eu-isoe|eusc-de)"
    r"-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\d)[a-f]?(?![\w-])"
)
"""A region, alone, in an ARN or a host name, or with the letter of a zone."""
_PROFILE: Final = re.compile(r"(?:^|[/:])(us-gov|us|eu|apac|ap|jp|au|ca|global)\.[a-z0-9]+\.[a-z]")
"""An inference profile of Bedrock: it sends requests to any region of its geography."""
_GEOGRAPHIES: Final = {
    "apac": ("ap-",),
    "jp": ("ap-northeast-1", "ap-northeast-3"),
    "au": ("ap-southeast-2", "ap-southeast-4"),
    "global": ("",),
}
_MODELS: Final = re.compile(r"model|inferenceProfile|copyFrom", re.IGNORECASE)
_NAMED: Final = re.compile(r"[rR]egion(s|Name|Names)?$")
_TEXTS: Final = frozenset(
    {"tags", "tagsAll", "description", "comment", "displayName", "dashboardBody", "userData", "userDataBase64",
     "alarmDescription"}
)  # fmt: skip
_IMAGE: Final = re.compile(r"[\w.-]*\.dkr[\w.-]*\.amazonaws\.com")
_SERVED: Final = re.compile(r"[\w.-]+\.s3\.[\w-]+\.amazonaws\.com")
"""The address of a bucket as an origin."""
_OWN: Final = frozenset({"arn", "id", "urn"})
"""What the provider says of the resource itself."""
_BY_ARN: Final = frozenset({"aws:cloudwatch/eventTarget:EventTarget"})
"""Types that say by an input `arn` where data goes."""
_GLOBAL: Final = "us-east-1"
_GLOBAL_SERVICES: Final = re.compile(r"^arn:aws:(acm|wafv2|cloudfront|iam|route53):us-east-1:")
_NOWHERE: Final = frozenset({bool, int, float, type(None)})
_OF_GLOBAL: Final = ("aws:cloudfront/", "aws:route53/")


@dataclass(frozen=True)
class Destination:
    """A region that an input names."""

    where: str
    region: object
    """Code of a region, or `Mark.UNKNOWN`."""


def destinations(resource: Resource) -> list[Destination]:
    """Return every region that the inputs name, their own region apart, which is where the resource stands.

    One that is not known counts where the program gives it: the engine shows what the provider will say beside it.
    """
    links = resource.origin.property_dependencies
    found: list[Destination] = []
    for key, value in resource.inputs.items():
        if (
            key == "region"
            or key in _TEXTS
            or type(value) in _NOWHERE
            or (key in _OWN and resource.type not in _BY_ARN)
        ):
            continue
        if links is None or key in links or plain(value) is not Mark.UNKNOWN:
            _within(value, key, key, found)
    if resource.type.startswith(_OF_GLOBAL):
        return [each for each in found if each.region != _GLOBAL]
    return found


def _within(value: object, key: str, where: str, found: list[Destination]) -> None:
    """Gather the regions at or below a value."""
    if isinstance(value, dict) and SIGNATURE in value:
        value = plain(value)
    if isinstance(value, dict):
        for name, below in value.items():
            if type(below) not in _NOWHERE and name not in _TEXTS:
                _within(below, name, f"{where}.{name}", found)
    elif isinstance(value, list | tuple):
        for at, below in enumerate(value):
            _within(below, key, f"{where}[{at}]", found)
    elif _NAMED.search(key) and plain(value) is Mark.UNKNOWN:
        found.append(Destination(where, Mark.UNKNOWN))
    elif isinstance(value, str) and ("-" in value or "." in value):
        _in_text("" if key == "domainName" and _SERVED.fullmatch(value) else value, key, where, found)


def _in_text(text: str, key: str, where: str, found: list[Destination]) -> None:
    regions = _REGION.findall(text)
    if regions and not ("tatement" in text and "{" in text):
        left = dict.fromkeys(_REGION.findall(_IMAGE.sub("", text)))
        is_global = _GLOBAL_SERVICES.match(text)
        found += [Destination(where, region) for region in left if not (is_global and region == _GLOBAL)]
    if "." in text and _MODELS.search(key):
        for geography in _PROFILE.findall(text):
            found += [Destination(where, region) for region in _regions_of(geography)]


def _regions_of(geography: str) -> Iterator[str]:
    beginnings = _GEOGRAPHIES.get(geography, (f"{geography}-",))
    yield from (region for region in COMMERCIAL if region.startswith(beginnings))
