"""The controller: what no provider resource can do when a standby takes over, or gives back."""

from components.recovery.promotion.promotion import Promotion, PromotionArgs
from components.recovery.promotion.task import Task

__all__ = ["Promotion", "PromotionArgs", "Task"]
