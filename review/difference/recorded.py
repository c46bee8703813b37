"""Records stacks of a working tree and prints them as one JSON document; run in that tree by its own code.

This file is run as a script with the tree on the path, so it asks the tree for what every version has: a stack file
that is loaded, a recording of it, and its resources.
"""

import dataclasses
import gc
import json
import sys


def main(stacks: list[str]) -> None:
    """Print stack -> its resources and what it promises, or the sentence that says why there are none."""
    from config import load_file, stack_file  # noqa: PLC0415  the tree's own
    from review import recovery  # noqa: PLC0415  the tree's own
    from review.recording import record_stack  # noqa: PLC0415  the tree's own

    found: dict[str, object] = {}
    for stack in stacks:
        try:
            settings = load_file(stack_file(stack))
            graph = record_stack(stack, settings)
        except Exception as error:  # noqa: BLE001  whatever is wrong with that version is its answer
            found[stack] = str(error) or type(error).__name__
            continue
        parts = {name: [plain(one) for one in getattr(graph, name, ())] for name in ("resources", "made")}
        promised = {"services": recovery.as_json(settings)["services"], "environment": settings.identity.environment}
        found[stack] = {"stack": stack, "source": "recording", **parts, **promised}
    json.dump(found, sys.stdout)


def plain(value: object) -> object:
    """Return a value as JSON has it; a marker as an object with its name."""
    if type(value).__name__ == "Marker":
        return {"$marker": getattr(value, "name", "")}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


if __name__ == "__main__":
    gc.disable()
    main(sys.argv[1:])
