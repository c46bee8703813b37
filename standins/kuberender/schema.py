"""What the Kubernetes API would refuse in an object: fields that it does not know, values of another kind.

The schemas are those of the API itself, out of the package kubernetes-validate; each field that is not in them is an
error, as it is with `kubectl --validate=strict`. Custom resources have no schema there: only their definition says.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from pulumi.runtime.rpc import UNKNOWN
from referencing import Registry, Resource

from standins.kuberender import difference, wire
from standins.kuberender.manifest import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError

VERSION = "1.35"
"""Kubernetes minor whose API is meant."""


def failures(manifest: Mapping[str, Any]) -> Iterator[Failure]:
    """Yield every field that the API refuses; what a preview does not know yet is left out of the judgement."""
    validator = _validator(str(manifest["apiVersion"]), str(manifest["kind"]))
    for error in validator.iter_errors(_judged(manifest)) if validator else ():
        if not wire.is_unknown(error.instance):
            yield Failure(_path(error), error.message)


def _judged(value: Any) -> Any:  # noqa: ANN401 any JSON value
    """Return the value without what is secret, which is refused elsewhere: a message here would quote it."""
    if wire.is_secret(value):
        return UNKNOWN
    if isinstance(value, dict):
        hidden = ("data", "stringData") if value.get("kind") == "Secret" else ()
        return {key: _judged(inner) for key, inner in value.items() if key not in hidden}
    return [_judged(inner) for inner in value] if isinstance(value, list) else value


def _path(error: ValidationError) -> str:
    path = ""
    for step in error.absolute_path:
        path = f"{path}[{step}]" if isinstance(step, int) else difference.step(path, str(step))
    return path


@cache
def _validator(api_version: str, kind: str) -> Draft202012Validator | None:
    """Return the judge of a kind; None for one that the API itself does not have."""
    schemas = files("kubernetes_validate").joinpath("kubernetes-json-schema", f"v{VERSION}.0-local-strict")
    group, _, version = api_version.rpartition("/")
    if group and "." in group and not group.endswith(".k8s.io"):
        return None  # its first part alone may be the name of a group of the API
    name = "-".join(part for part in (kind.lower(), group.partition(".")[0], version) if part)
    found = schemas.joinpath(f"{name}.json")
    if not found.is_file():
        return None
    schema, shared = (
        Resource.from_contents(json.loads(file.read_text(encoding="utf-8")))
        for file in (found, schemas.joinpath("_definitions.json"))
    )
    return Draft202012Validator(schema.contents, registry=schema @ (shared @ Registry()))
