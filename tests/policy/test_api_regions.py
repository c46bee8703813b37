"""The pack, which imports nothing of the program, has the program's regions of APIs."""

from __future__ import annotations

import pytest

from config.facts.apis import APIS
from policy.rules.api_region import API_REGIONS

SERVICES = {"chatbot": "chatbot", "ecrpublic": "ecr-public"}
"""The provider's module to the service."""


@pytest.mark.parametrize("types", API_REGIONS)
def test_the_regions_of_an_api_are_those_of_the_facts(types: tuple[str, ...]) -> None:
    (service,) = {SERVICES[type_.removeprefix("aws:").partition("/")[0]] for type_ in types}
    assert set(API_REGIONS[types]) == set(APIS[service].regions)
