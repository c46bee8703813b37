"""What a stack publishes: what each area that stands tells of itself, and what holds of the stack as a whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.platform import Platform


@dataclass(frozen=True)
class Exports:
    """The outputs of a stack."""

    values: Mapping[str, pulumi.Input[Any]]
    """Name -> value; an area that the stack leaves out has none."""

    @classmethod
    def of(cls, platform: Platform) -> Exports:
        """Return what a stack publishes of what stands: of itself its region and the settings, of areas their exports.

        The settings are there as JSON, because a standby is judged beside those that its primary was deployed with
        (ADR 0030), and in one order, whatever file of the stack a setting stands in.

        Raises:
            ValueError: Two areas publish an output of one name.
        """
        values: dict[str, pulumi.Input[Any]] = {
            "region": platform.identity.region,
            "settings": json.dumps(platform.settings.model_dump(mode="json"), sort_keys=True),
        }
        for outputs in platform.outputs:
            found = outputs.exports()
            if twice := sorted(values.keys() & found.keys()):
                raise ValueError(f"output {', '.join(twice)}: published by two areas; give one of them another name")
            values.update(found)
        return cls(values)

    def publish(self) -> None:
        """Make each of them an output of the stack."""
        for name, value in self.values.items():
            pulumi.export(name, value)
