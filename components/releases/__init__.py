"""How new versions of functions get their traffic."""

from components.releases.area import build

__all__ = ["build"]
