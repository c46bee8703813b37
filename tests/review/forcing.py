"""What the provider replaces a resource for, asked of the provider itself; `python -m tests.review.forcing` writes it.

Neither the SDK nor the provider's schema says which inputs force a replacement, so each input of each type that the
stack files make is changed once, and the provider judges the change as it does for the engine. Nothing is created: the
state that a change is held against is the one that a preview of the creation returns.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import grpc

from config.base import present
from review.difference.forcing import FILE, pattern
from review.graph import Marker
from standins.awsproxy import sdk, values
from standins.paths import BRIDGE_VARIABLE, PROVIDER_VARIABLE
from standins.tests import embedded
from standins.tests.awsproxy import driver
from standins.toolchain import chain, terraform
from tests.components.recording import STACKS, recorded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from review.difference.values import Path as Steps

Inputs = dict[str, Any]
AN_ARN: Final = "arn:aws:s3:::example"
A_TEXT: Final = "example-of-a-text"
TRIES: Final = 3
"""Times that what is missing is filled in; one gap may hide another."""
_MISSING: Final = re.compile(r"Examine values at 'probe\.([\w.]+)'")
UNASKED: Final = ("region", "tagsAll")
"""Inputs that the provider fills in by itself, and judges with the others."""


class Prober:
    """A provider that judges changes; one that crashes over a question is started anew."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._engine: driver.Engine | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    @property
    def engine(self) -> driver.Engine:
        """The running provider."""
        if self._engine is None:
            self._engine = driver.Engine(self._environ).configure()
        return self._engine

    def after(self, error: BaseException) -> None:
        """End a provider that has crashed: it answers to nothing from then on."""
        said = str(error.details() if isinstance(error, grpc.Call) else error)
        if any(word in said for word in ("EOF", "transport", "Unavailable")):
            self._end()

    def _end(self) -> None:
        if self._engine is not None:
            self._engine.__exit__()
            self._engine = None

    def planned(self, token: str, inputs: Inputs) -> tuple[Inputs, Inputs]:
        """Return the checked inputs, and what a preview of the creation makes of them.

        Raises:
            AssertionError: The provider does not take the inputs.
            grpc.RpcError: It fails.
        """
        checked = self._checked(token, inputs)
        _, state = self.engine.create(token, "probe", checked, preview=True)
        known = values.without_unknowns(state)
        assert isinstance(known, dict)
        outputs = present(sdk.resource(token)).outputs
        some = {name: made(name, kind) for name, kind in outputs.items() if kind.type_name in ("bool", "int")}
        return checked, {**some, **known, "id": "probe"}  # upgrades of a state read flags without a look

    def _checked(self, token: str, inputs: Inputs) -> Inputs:
        """Return the checked inputs; what the provider misses in them is made, as a recording may not know it."""
        kinds = present(sdk.resource(token)).inputs
        for _ in range(TRIES):
            failures = self.engine.check(token, "probe", inputs).failures
            missing = {tuple(one.split(".")) for failure in failures for one in _MISSING.findall(failure.reason)}
            for name, *below in missing:
                if not below and name in kinds:
                    inputs = {**inputs, name: made(name, kinds[name])}
                elif len(below) == 1 and isinstance(inputs.get(name), dict):
                    inputs = {**inputs, name: {**inputs[name], below[0]: 1}}
            if not missing:
                break
        return self.engine.inputs(token, "probe", inputs)

    def replaced(self, token: str, state: Inputs, before: Inputs, after: Inputs) -> frozenset[str] | None:
        """Return for which inputs a change replaces, as patterns of paths; None where the provider has no answer."""
        try:
            verdict = self.engine.diff(token, "probe", "probe", (state, before, after))
        except grpc.RpcError as error:
            self.after(error)
            return None
        return frozenset(pattern(path) for path in verdict.replaces)


def judged(prober: Prober, token: str, samples: Sequence[Inputs]) -> dict[str, list[str]]:
    """Return which inputs of a type the provider replaces it for, and which it changes in place."""
    found: dict[str, bool] = {}
    seen = set[str]()
    for sample in samples:
        if seen.issuperset(pattern(steps) for steps, _ in changes(token, sample)):
            continue
        try:
            before, state = prober.planned(token, sample)
        except (AssertionError, grpc.RpcError) as error:
            prober.after(error)
            continue
        for steps, after in changes(token, before):
            if (asked := pattern(steps)) in seen:
                continue
            seen.add(asked)
            if (replaced := prober.replaced(token, state, before, after)) is not None:
                found[asked] = any(asked == one or asked.startswith(f"{one}.") for one in replaced)
    return {
        "replaced": sorted(path for path, replaces in found.items() if replaces),
        "kept": sorted(path for path, replaces in found.items() if not replaces),
    }


def changes(token: str, inputs: Inputs) -> Iterator[tuple[Steps, Inputs]]:
    """Yield the path of each input and the inputs with another value there: of each that is set, and of each beside."""
    kinds = present(sdk.resource(token))
    for name, value in inputs.items():
        if name not in UNASKED:
            for steps, other in _others(value):
                yield (name, *steps), {**inputs, name: other}
    for name, kind in kinds.inputs.items():
        if name not in inputs and name not in UNASKED and (value := made(name, kind)) is not None:
            yield (name,), {**inputs, name: value}


def _others(value: Any) -> Iterator[tuple[Steps, Any]]:  # noqa: ANN401 what a program gives
    if isinstance(value, bool):
        yield (), not value
    elif isinstance(value, (int, float)):
        yield (), value + 1
    elif isinstance(value, str):
        yield (), f"{value}1" if not value.startswith(("{", "[")) else json.dumps({"Statement": []})
    elif isinstance(value, list):
        for steps, other in _others(value[0]) if value else ():
            yield (0, *steps), [other, *value[1:]]
        yield (), value[:-1]
    elif isinstance(value, dict) and not values.is_secret(value):
        for name, one in value.items():
            for steps, other in _others(one):
                yield (name, *steps), {**value, name: other}


def made(name: str, kind: sdk.Kind) -> Any:  # noqa: ANN401 a value of any input
    """Return a value for an input that has none; None where its parts are unknown here."""
    if kind.shape == "list":
        return None if kind.item is None or (one := made(name, kind.item)) is None else [one]
    if kind.shape == "map":
        return {"example": A_TEXT}
    if kind.shape != "scalar":
        return None
    if kind.type_name == "bool":
        return True
    if kind.type_name in ("int", "float"):
        return 1
    return AN_ARN if name.lower().endswith(("arn", "arns")) else A_TEXT


def samples_of(stacks: Sequence[str]) -> dict[str, list[Inputs]]:
    """Return the inputs that stacks give to each type of AWS, as far as a recording knows them."""
    found: dict[str, list[Inputs]] = {}
    for stack in stacks:
        graph = recorded(stack)
        for one in (*graph.custom(), *graph.made):
            if one.type.startswith("aws:") and (kinds := sdk.resource(one.type)) is not None:
                known = {name: _known(value) for name, value in one.inputs.items() if name not in UNASKED}
                waits = {
                    name: made(name, kinds.inputs[name]) for name in one.property_dependencies if name not in known
                }
                known |= {name: value for name, value in waits.items() if value is not None}
                if "code" in known and one.type == "aws:lambda/function:Function":
                    known |= {"s3Bucket": "example", "s3Key": "example"}
                    del known["code"]
                found.setdefault(one.type, []).append(known)
    return found


def _known(value: Any) -> Any:  # noqa: ANN401 what a program gives
    """Return a value with texts in place of what a recording does not know, and of its placeholders."""
    if isinstance(value, Marker):
        return A_TEXT
    if isinstance(value, str) and value.endswith("-template-id"):
        return "lt-0123456789abcdef0"
    if isinstance(value, str):
        return value.replace(":recorded:000000000000:", ":us-east-1:123456789012:").replace("recorded", "us-east-1")
    if isinstance(value, dict):
        return {name: _known(one) for name, one in value.items()}
    return [_known(one) for one in value] if isinstance(value, list) else value


def main(*, anew: bool) -> None:
    """Write what the table does not have yet; or all of it, for another version of the provider."""
    tools = chain.provide(lambda _: None)
    assert tools.tf_provider is not None, "the official plugin serves on this machine"
    version = ".".join(map(str, terraform.version_of(tools.tf_provider) or ()))
    found: dict[str, Any] = {} if anew else json.loads(FILE.read_text(encoding="utf-8"))["types"]
    samples = samples_of(STACKS)
    with tempfile.TemporaryDirectory() as place, embedded.aws(Path(place)) as port:
        programs = {BRIDGE_VARIABLE: str(tools.bridge), PROVIDER_VARIABLE: str(tools.tf_provider)}
        environ = driver.environment(f"http://{embedded.LOOPBACK}:{port}", Path(place) / "run") | programs
        with Prober(environ) as prober:
            for token in sorted(samples.keys() - found.keys()):
                answers = judged(prober, token, samples[token])
                print(token, *map(len, answers.values()), flush=True)  # noqa: T201
                if any(answers.values()):
                    found[token] = answers
    FILE.write_text(
        json.dumps({"provider": version, "types": found}, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(anew=sys.argv[1:] == ["all"])
