"""JSON texts that resources take: policy documents, event patterns, dashboards."""

from __future__ import annotations

import json
from typing import Any

import pulumi


def as_json(value: object, *, compact: bool = False) -> pulumi.Output[str]:
    """Return plain data with outputs in it as JSON, keys sorted; not known before all of the outputs are.

    `Output.json_dumps` makes an output of every mapping, list, key and scalar of the value, known or not.

    Args:
        value: Mappings, lists and scalars; every value may be an output, a key may not.
        compact: Without blanks, for texts whose length AWS bounds.

    Raises:
        TypeError: The value holds what JSON cannot say.
    """
    outputs: dict[int, pulumi.Output[Any]] = {}

    def collect(other: object) -> None:
        if not isinstance(other, pulumi.Output):
            raise TypeError(f"{type(other).__name__} in a JSON text: plain data and outputs are allowed")
        outputs[id(other)] = other

    def text(known: list[object]) -> str:
        values = dict(zip(outputs, known, strict=True))
        separators = (",", ":") if compact else None
        return json.dumps(value, default=lambda output: values[id(output)], sort_keys=True, separators=separators)

    json.dumps(value, default=collect)
    return pulumi.Output.all(*outputs.values()).apply(text)
