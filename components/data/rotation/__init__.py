"""Rotation of a data service's secret."""

from components.data.rotation.rotation import Rotation, RotationArgs

__all__ = ["Rotation", "RotationArgs"]
