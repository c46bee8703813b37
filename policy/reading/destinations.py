"""Where data may go: every region that any input of a resource names, as a region, in an ARN, an address or a zone.

Not read are texts that go nowhere: descriptions, tags, policy documents (which allow, and send nothing), dashboards,
and what data comes from: the registry of an image, the source of a database's replica, a bucket that CloudFront serves.

An inference profile of Bedrock leads to every region of its geography, wherever its id or its ARN stands: in variables
of functions, containers and pods, in commands and templates, and in policies that allow to call it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy.reading import profiles
from policy.values import SIGNATURE, Mark, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from policy.resources import Resource

_REGION: Final = re.compile(
    r"(?<![\w-])((?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso[a-z]?|eu-isoe|eusc-de)"
    r"-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\d)[a-f]?(?![\w-])"
)
"""A region, alone, in an ARN or a host name, or with the letter of a zone."""
_POLICY: Final = frozenset({"Statement", "statement"})
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
_SOURCES: Final = frozenset({"replicateSourceDb", "replicationSourceIdentifier"})
"""What a replica of a database follows: data comes from there, to where the replica stands, which is judged itself."""
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
    by_profile: bool = False
    """Whether an inference profile leads there."""


def destinations(resource: Resource) -> list[Destination]:
    """Return every region that the inputs name, their own region apart, which is where the resource stands.

    Of resources of Kubernetes, those that an inference profile leads to. One that is not known counts where the program
    gives it: the engine shows what the provider will say beside it.
    """
    links = resource.origin.property_dependencies
    found: list[Destination] = []
    for key, value in resource.inputs.items():
        if (
            key == "region"
            or key in _TEXTS
            or key in _SOURCES
            or type(value) in _NOWHERE
            or (key in _OWN and resource.type not in _BY_ARN)
        ):
            continue
        if links is None or key in links or plain(value) is not Mark.UNKNOWN:
            _within(value, key, key, found)
    if not resource.type.startswith("aws:"):
        return [each for each in found if each.by_profile]
    if resource.type.startswith(_OF_GLOBAL):
        return [each for each in found if each.region != _GLOBAL]
    return found


def _within(value: object, key: str, where: str, found: list[Destination]) -> None:
    """Gather the regions at or below a value."""
    if isinstance(value, dict) and SIGNATURE in value:
        value = plain(value)
    if isinstance(value, dict):
        if not _POLICY.isdisjoint(value):
            found += _led(profiles.allowed(value), where)
            found += [each for each in _apart(value, where) if not each.by_profile]
            return
        _within_object(value, where, found)
    elif isinstance(value, list | tuple):
        for at, below in enumerate(value):
            _within(below, key, f"{where}[{at}]", found)
    elif _NAMED.search(key) and plain(value) is Mark.UNKNOWN:
        found.append(Destination(where, Mark.UNKNOWN))
    elif isinstance(value, str) and ("-" in value or "." in value):
        _in_text("" if key == "domainName" and _SERVED.fullmatch(value) else value, key, where, found)


def _within_object(value: Mapping[str, object], where: str, found: list[Destination]) -> None:
    """Gather the regions in an object; the value of a variable stands under the variable's name."""
    variable = value.get("name")
    for name, below in value.items():
        if type(below) not in _NOWHERE and name not in _TEXTS:
            called = variable if name == "value" and isinstance(variable, str) else name
            _within(below, called, f"{where}.{name}", found)


def _apart(value: Mapping[str, object], where: str) -> list[Destination]:
    """Return the regions in an object, apart from those found so far."""
    found: list[Destination] = []
    _within_object(value, where, found)
    return found


def _in_text(text: str, key: str, where: str, found: list[Destination]) -> None:
    is_policy = "tatement" in text and "{" in text
    regions = _REGION.findall(text)
    if regions and not is_policy:
        left = dict.fromkeys(_REGION.findall(_IMAGE.sub("", text)))
        is_global = _GLOBAL_SERVICES.match(text)
        found += [Destination(where, region) for region in left if not (is_global and region == _GLOBAL)]
    if "." in text:
        _by_profile(text, key, where, found, is_policy=is_policy)


def _by_profile(text: str, key: str, where: str, found: list[Destination], *, is_policy: bool) -> None:
    """Gather what the inference profiles in a text lead to: of a policy those that it allows, of JSON each below it."""
    named = profiles.named(text, is_model=_MODELS.search(key) is not None)
    if is_policy:
        found += _led(profiles.allowed(_parsed(text)) if named else (), where)
        return
    led = list(_led(named, where))
    if text[0] in "[{" and _MODELS.search(text):
        inner: list[Destination] = []
        _within(_parsed(text), key, where, inner)
        led += [Destination(where, each.region, by_profile=True) for each in inner if each.by_profile]
    found += dict.fromkeys(led)


def _parsed(text: str) -> object:
    """Return what JSON says; nothing of a text that is none, which other rules refuse."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _led(geographies: Iterable[str], where: str) -> Iterator[Destination]:
    for geography in sorted(set(geographies)):
        yield from (Destination(where, region, by_profile=True) for region in profiles.regions(geography))
