"""What the Python SDK of pulumi-aws says about its own types, read from its source text.

The SDK is the contract the program was written against: which properties a type has, what they are called and whether
they are a list or a single object. Importing the modules would cost seconds and hundreds of megabytes; the generated
text is regular, so only the classes asked for are cut out and read (milliseconds each, then remembered).

Not here: what the Terraform provider knows (`tables.py`) and how the two are reconciled (`shapes.py`).
"""

from __future__ import annotations

import functools
import importlib.util
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

PROPERTY = re.compile(
    r"@pulumi\.getter(?:\(name=\"(?P<wire>\w+)\"\))?\n(?:    @.*\n)*?    def (?P<name>\w+)\(self\) -> (?P<type>.+):\n"
)
TOKEN_ENTRY = re.compile(r'"fqn": "pulumi_aws(?:\.(?P<module>[\w.]+))?",\s+"classes": \{(?P<classes>[^}]*)\}')
CLASS_ENTRY = re.compile(r'"(?P<token>aws:[^"]+)": "(?P<name>\w+)"')
INVOKE_ARGUMENT = re.compile(r"__args__\['(?P<wire>\w+)'\] = (?P<name>\w+)")
INVOKE_PARAMETER = re.compile(r"[(\s](?P<name>\w+): (?P<type>.+?) = None[,)]")
NEXT_DEFINITION = re.compile(r"\n(?=\S)")
WRAPPERS = ("pulumi.Input[", "pulumi.Output[", "Optional[")


@dataclass(frozen=True)
class Kind:
    """Shape of one SDK property: `scalar`, `list`, `map` or `object`.

    `item` is the element of a list or map; `type_name` the class of an object, or `str`, `bool`, `int`, `float` of a
    scalar (empty when the SDK leaves it open).
    """

    shape: str
    item: Kind | None = None
    type_name: str = ""


@dataclass(frozen=True)
class SdkType:
    """A resource, function or nested type of the SDK: wire name (camel case) of each property to its shape."""

    module: str
    inputs: dict[str, Kind]
    outputs: dict[str, Kind]


def package_root() -> Path:
    """Directory of the installed `pulumi_aws`; raises `RuntimeError` when the SDK is not installed."""
    spec = importlib.util.find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        raise RuntimeError("pulumi_aws is not installed in this environment; install requirements.lock")
    return Path(spec.origin).parent


@functools.cache
def _tokens() -> dict[str, tuple[str, str]]:
    """Type token to (python module, class name), from the registration table at the package root."""
    found: dict[str, tuple[str, str]] = {}
    for entry in TOKEN_ENTRY.finditer((package_root() / "__init__.py").read_text()):
        for cls in CLASS_ENTRY.finditer(entry["classes"]):
            found[cls["token"]] = (entry["module"] or "", cls["name"])
    return found


def resource_tokens() -> frozenset[str]:
    """Every resource type token the installed SDK can register."""
    return frozenset(_tokens())


@functools.cache
def _text(path: Path) -> str:
    return path.read_text()


def _snake(name: str) -> str:
    spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", spaced).lower()


def _class_text(text: str, name: str) -> str | None:
    """Source of class `name`, or None; classes of generated files start in column one."""
    found = (text.find(f"\nclass {name}{after}") for after in "(:")  # a tenth of the time of a pattern
    start = next((place + 1 for place in found if place >= 0), None)
    if start is None:
        return None
    end = NEXT_DEFINITION.search(text, text.index("\n", start) + 1)
    return text[start : end.start() + 1 if end else len(text)]


def _split_first(args: str) -> str:
    """First argument of a comma-separated type list, brackets respected."""
    depth = 0
    for index, char in enumerate(args):
        depth += (char == "[") - (char == "]")
        if char == "," and depth == 0:
            return args[:index]
    return args


def parse_kind(annotation: str) -> Kind:
    """Shape of a generated type annotation such as `pulumi.Input[Optional[Sequence['outputs.X']]]`."""
    text = annotation.strip()
    if text.startswith("Union["):
        return parse_kind(_split_first(text[len("Union[") : -1]))
    for wrapper in WRAPPERS:
        if text.startswith(wrapper):
            return parse_kind(text[len(wrapper) : -1])
    if text.startswith("Sequence["):
        return Kind("list", parse_kind(text[len("Sequence[") : -1]))
    if text.startswith("Mapping["):
        return Kind("map", parse_kind(text[len("Mapping[") : -1].split(",", 1)[1]))
    if text.startswith("'"):
        name = text.strip("'")
        if name.startswith("outputs.") or name.endswith("Args"):
            return Kind("object", type_name=name.removeprefix("outputs."))
    return Kind("scalar", type_name=text.removeprefix("_builtins.") if text.startswith("_builtins.") else "")


def _properties(class_text: str | None) -> dict[str, Kind]:
    if class_text is None:
        return {}
    return {match["wire"] or match["name"]: parse_kind(match["type"]) for match in PROPERTY.finditer(class_text)}


@functools.cache
def resource(token: str) -> SdkType | None:
    """Inputs and outputs of a resource type, or None when the SDK does not know the token."""
    located = _tokens().get(token)
    if located is None:
        return None
    module, name = located
    text = _text(_resource_file(module, name))
    args = _class_text(text, f"{name}Args") or _class_text(text, f"{name}InitArgs")
    return SdkType(module, _properties(args), _properties(_class_text(text, name)))


def _resource_file(module: str, name: str) -> Path:
    folder = package_root().joinpath(*module.split("."))
    exact = folder / f"{_snake(name)}.py"
    if exact.exists():
        return exact
    wanted = exact.name.replace("_", "")
    for candidate in folder.glob("*.py"):
        if candidate.name.replace("_", "") == wanted or f"\nclass {name}(pulumi." in candidate.read_text():
            return candidate
    raise RuntimeError(f"pulumi_aws has no source file for {module}.{name}")


@functools.cache
def nested(module: str, type_name: str) -> dict[str, Kind]:
    """Properties of a nested type (`XArgs` of the inputs, `X` of the outputs) of an SDK module."""
    folder = package_root().joinpath(*module.split(".")) if module else package_root()
    file = "_inputs.py" if type_name.endswith("Args") else "outputs.py"
    return _properties(_class_text(_text(folder / file), type_name))


@functools.cache
def provider() -> SdkType:
    """Configuration of the provider resource itself."""
    text = _text(package_root() / "provider.py")
    return SdkType("", _properties(_class_text(text, "ProviderArgs")), {})


def version() -> str:
    """Version of the installed SDK, which is that of the plugin it was made for."""
    return metadata.version("pulumi_aws")


@functools.cache
def function(token: str) -> SdkType:
    """Arguments and results of an invoke such as `aws:iam/getPolicyDocument:getPolicyDocument`.

    Raises:
        RuntimeError: The installed SDK has no such function.
    """
    _, path, name = token.split(":")
    module = path.partition("/")[0]
    folder = package_root() if module == "index" else package_root() / module
    file = folder / f"{_snake(name)}.py"
    if not file.exists():
        raise RuntimeError(f"{token} is not a function of the installed pulumi_aws")
    text = _text(file)
    wires = {match["name"]: match["wire"] for match in INVOKE_ARGUMENT.finditer(text)}
    signature = text[text.index(f"\ndef {_snake(name)}(") :]
    annotations = {
        match["name"]: match["type"] for match in INVOKE_PARAMETER.finditer(signature[: signature.index(":\n")])
    }
    inputs = {wire: parse_kind(annotations[own]) for own, wire in wires.items() if own in annotations}
    outputs = _properties(_class_text(text, f"{name[:1].upper()}{name[1:]}Result"))
    return SdkType("" if module == "index" else module, inputs, outputs)
