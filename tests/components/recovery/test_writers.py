"""A region's parameters say where to write, under one path in both regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from components.data.plan import writers_path
from components.recovery.writers import Writers, WritersArgs

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.stack import StackConfig
    from review.graph import Graph


def test_each_thing_has_a_parameter_in_the_clear(record_in_standby: Callable[..., Graph], dr: StackConfig) -> None:
    def make(_: pulumi.ProviderResource, options: pulumi.ResourceOptions) -> None:
        known = pulumi.Output.from_input
        endpoints = {"postgres": known("db.example"), "bucket-logs": known("logs-dr")}
        Writers("writers", WritersArgs(identity=dr.identity, endpoints=endpoints), options)

    found = {
        parameter.name: (parameter.inputs["name"], parameter.inputs["type"], parameter.inputs["insecureValue"])
        for parameter in record_in_standby(make).of_type("aws:ssm/parameter:Parameter")
    }
    assert found == {
        "writers-postgres": ("/phoenix/prod/writers/postgres", "String", "db.example"),
        "writers-bucket-logs": ("/phoenix/prod/writers/bucket-logs", "String", "logs-dr"),
    }, "the path has no region in it, so a reader asks its own"


def test_a_primary_and_its_standby_share_the_path(settings: StackConfig, dr: StackConfig) -> None:

    assert writers_path(settings.identity) == writers_path(dr.identity), "nothing of a reader changes with the region"
