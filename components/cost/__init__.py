"""Cost: budgets, anomalies, tags that bills are split by, advice on sizes."""

from components.cost.area import build
from components.cost.cost import Cost, CostArgs

__all__ = ["Cost", "CostArgs", "build"]
