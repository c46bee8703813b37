import json

from tests.policy.case import Case, value_case
from tests.policy.cases.identity import POLICY, ROLE
from tests.policy.harness import UNKNOWN, Made


def long(characters: int) -> str:
    """Return a policy of a length in characters, white space not counted."""
    short = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": ""}]})
    missing = characters - len("".join(short.split()))
    return short.replace('"Sid": ""', '"Sid": "' + "a" * missing + '"')


INLINE = Made(type="aws:iam/rolePolicy:RolePolicy", name="inline", inputs={"role": "role-id", "policy": long(5000)})
MORE = Made(type="aws:iam/rolePolicy:RolePolicy", name="more", inputs={"role": "role-id", "policy": long(5240)})
OVER = Made(type="aws:iam/rolePolicy:RolePolicy", name="more", inputs={"role": "role-id", "policy": long(5241)})
UNSEEN = Made(type="aws:iam/rolePolicy:RolePolicy", name="more", inputs={"role": "role-id", "policy": UNKNOWN})
HOLDER = Made(type=ROLE.type, name="holder", id="role-id", inputs=ROLE.inputs)

CASES = (
    value_case(
        "policy-document-size", POLICY, "policy", long(6145), unknown_is="deferred", absent_is="silent",
        around=[Made(type=POLICY.type, name="longest", inputs={"policy": long(6144)})],
    ),
    Case(
        rule="iam-inline-policies-size",
        passing=[HOLDER, INLINE, MORE],
        failing=[HOLDER, INLINE, OVER],
        unknown=[HOLDER, INLINE, UNSEEN],
        absent=[HOLDER],
        unknown_is="silent",
        absent_is="silent",
    ),
)  # fmt: skip
