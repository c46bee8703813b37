"""What AWS takes and no longer acts on is refused, with what takes its place."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import get_args

import botocore
import pytest

from config.backup import VaultEvent
from config.facts.deprecated import DEPRECATED
from policy.rules import backup
from tests.config.stackfile import refused

LOCK = "      lock: {mode: governance, least_days: 7, most_days: 400}"
MODEL = Path(botocore.__file__).parent / "data/backup/2018-11-15/service-2.json.gz"


@pytest.mark.parametrize("event", sorted(DEPRECATED))
def test_a_deprecated_event_is_refused_with_what_to_do_instead(event: str) -> None:
    found = refused((LOCK, f"      events: [COPY_JOB_FAILED, {event}]\n{LOCK}"))
    (path,) = found
    assert path == "backup.events[1]"
    assert found[path].what == "deprecated: AWS takes it, and it does nothing"
    assert found[path].fix == DEPRECATED[event]


def test_every_event_that_a_stack_file_may_name_is_aws_backups_own_and_sent() -> None:
    known = set(json.loads(gzip.decompress(MODEL.read_bytes()))["shapes"]["BackupVaultEvent"]["enum"])
    assert set(get_args(VaultEvent)) | set(DEPRECATED) <= known
    assert not set(get_args(VaultEvent)) & set(DEPRECATED)


def test_the_pack_refuses_the_same_events() -> None:
    assert frozenset(DEPRECATED) == backup.DEPRECATED
