"""The table of what replaces a resource is what the provider says now."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from review.difference.forcing import FILE
from standins.paths import BRIDGE_VARIABLE, PROVIDER_VARIABLE
from standins.tests import embedded
from standins.tests.awsproxy import driver
from standins.toolchain import chain
from tests.review.forcing import Prober, judged, samples_of

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(300)]
TYPES = ("aws:ec2/vpc:Vpc", "aws:kms/key:Key", "aws:rds/instance:Instance", "aws:s3/bucket:Bucket")


def test_the_provider_says_so_still() -> None:
    tools = chain.provide(lambda _: None)
    if tools.tf_provider is None:
        pytest.skip("the official AWS plugin serves on this machine")
    known = json.loads(FILE.read_text(encoding="utf-8"))["types"]
    samples = samples_of(["agents"])
    with tempfile.TemporaryDirectory() as place, embedded.aws(Path(place)) as port:
        programs = {BRIDGE_VARIABLE: str(tools.bridge), PROVIDER_VARIABLE: str(tools.tf_provider)}
        environ = driver.environment(f"http://{embedded.LOOPBACK}:{port}", Path(place) / "run") | programs
        with Prober(environ) as prober:
            for token in TYPES:
                answers = judged(prober, token, samples[token])
                assert answers["replaced"], token
                assert set(answers["replaced"]) <= set(known[token]["replaced"]), token
                assert set(answers["kept"]) <= set(known[token]["kept"]), token
