from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from config.stack import StackConfig
from tests.components.recording import record_network

if TYPE_CHECKING:
    from review.graph import Graph

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def settings() -> StackConfig:
    """The prod stack file, as it stands."""
    document = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text(encoding="utf-8"))
    return StackConfig.model_validate(document["config"]["platform:settings"])


@pytest.fixture(scope="session")
def graph(settings: StackConfig) -> Graph:
    """Keys and network of prod, as they were registered."""
    return record_network(settings)
