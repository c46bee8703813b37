"""Judges a few resources as the engine has them judged, in a test, without an engine (docs/policy-pack.md).

    said = judge([Made(type="aws:s3/bucket:Bucket", inputs={"forceDestroy": True})])
    assert "s3-no-force-destroy" in {each.rule for each in said}

Every message goes through the servicer of the pinned SDK: numbers arrive as floats, objects as its proxies, unknown
values as its marks. A rule that passes on plain dictionaries only fails here.
"""

from policy.made import Made
from policy.testing.judge import Said, judge, remediated
from policy.testing.values import UNKNOWN, altered, secret

__all__ = ("UNKNOWN", "Made", "Said", "altered", "judge", "remediated", "secret")
