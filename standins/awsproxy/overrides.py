"""Per-type behaviour of pulumi-aws beside naming, read from `overrides.yaml`."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from standins.awsproxy.values import Properties

DATA = Path(__file__).with_name("overrides.yaml")


@dataclass(frozen=True)
class AutoName:
    """How a property gets its name: `<prefix><logical name>-<7 hex><suffix>`, at most `max_length` characters."""

    max_length: int = 255
    lower: bool = False
    prefix: str = ""
    suffix_if: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FileInput:
    """An asset or archive input: the bridge property that takes the file's path, and the one for its hash if any."""

    file: str
    hash: str = ""


@dataclass(frozen=True)
class Override:
    """What one type does beside its names; the empty override is right for most."""

    renames: dict[str, str] = field(default_factory=dict)
    autoname: dict[str, AutoName] | None = None
    defaults: dict[str, Any] = field(default_factory=dict)
    files: dict[str, FileInput] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    delete_before_replace: bool = False

    def copy(self, outputs: Properties) -> None:
        """Fill outputs the SDK has under a second name."""
        for name, source in self.copies.items():
            if name not in outputs and source in outputs:
                outputs[name] = outputs[source]


DEFAULT_AUTONAME = {"name": AutoName()}
"""Every input called `name` gets one, unless the type says otherwise (the official plugin's own rule)."""


def _parse(raw: dict[str, Any]) -> Override:
    autoname = raw.get("autoname")
    return Override(
        renames=raw.get("renames", {}),
        autoname=None
        if autoname is None
        else {
            prop: AutoName(o["max"], o.get("lower", False), o.get("prefix", ""), o.get("suffix_if", {}))
            for prop, o in autoname.items()
        },
        defaults=raw.get("defaults", {}),
        files={
            **{prop: FileInput(o["file"], o["hash"]) for prop, o in raw.get("archive", {}).items()},
            **{prop: FileInput(prop) for prop in raw.get("asset", {})},
        },
        copies=raw.get("copies", {}),
        delete_before_replace=raw.get("delete_before_replace", False),
    )


@functools.cache
def _all() -> dict[str, Override]:
    return {key: _parse(raw) for key, raw in yaml.safe_load(DATA.read_text()).items()}


def override(token: str) -> Override:
    """Overrides of a pulumi-aws token such as `aws:iam/role:Role`."""
    return _all().get(token.split(":")[1], Override())


def names_of(token: str) -> dict[str, AutoName]:
    """Auto-named properties of a type, whether or not the type has them."""
    chosen = override(token).autoname
    return DEFAULT_AUTONAME if chosen is None else chosen
