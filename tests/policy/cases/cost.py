from tests.policy.case import value_case
from tests.policy.harness import Made

BUDGET = Made(
    type="aws:budgets/budget:Budget",
    inputs={"notifications": [{"threshold": 80, "subscriberEmailAddresses": ["platform@phoenix.example"]}]},
)

CASES = (value_case("budget-has-notification", BUDGET, "notifications", [], unknown_is="silent"),)
