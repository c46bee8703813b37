"""What a component must not do is refused by the real engine under the pack, by rule, resource and fix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from tests.engine.world import Ended, World

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]

Preview = Literal["replaced", "in place"]
KINDS: tuple[Preview, ...] = ("replaced", "in place")


@dataclass(frozen=True, kw_only=True)
class Flip:
    """One slip in a component, and the line that its author must read.

    Attributes:
        preview: Which preview it is made in: what it does to the resource.
        file: The component.
        before: Text in it, once.
        after: What somebody writes in its place.
        rule: The rule that refuses.
        resource: A resource that it refuses.
        problem: What is wrong with it.
        fix: What to do.
    """

    preview: Preview
    file: str
    before: str
    after: str
    rule: str
    resource: str
    problem: str
    fix: str

    @property
    def line(self) -> str:
        """The line, whole."""
        return f"  - {self.rule}: {self.resource}: {self.problem}. Remediation: {self.fix}."


FLIPS = {
    "a database that is not encrypted": Flip(
        preview="replaced",
        file="components/data/postgres.py",
        before='"storage_encrypted": True,',
        after='"storage_encrypted": False,',
        rule="rds-storage-encrypted",
        resource="data-postgres-primary",
        problem="storageEncrypted is false; allowed: true",
        fix="set storage_encrypted=True and kms_key_id to the key of the data domain",
    ),
    "a cluster without encrypted secrets": Flip(
        preview="replaced",
        file="components/cluster/control_plane.py",
        before='encryption_config_key_arn=self._args.keys.arn("cluster"),',
        after="",
        rule="eks-secrets-kms",
        resource="cluster-control-plane-eks-eksCluster",
        problem="encryptionConfig covers nothing; allowed: secrets, with a key",
        fix="set encryption_config_key_arn (pulumi-eks) or encryption_config for 'secrets' with the cluster's key",
    ),
    "a bucket under S3's own key": Flip(
        preview="in place",
        file="components/data/bucket.py",
        before='sse_algorithm="aws:kms", kms_master_key_id=self._args.key_arn',
        after='sse_algorithm="AES256"',
        rule="s3-kms-encryption",
        resource="data-app-data-encryption",
        problem=(
            "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm is AES256; allowed: aws:kms or aws:kms:dsse"
        ),
        fix="set sse_algorithm to 'aws:kms'",
    ),
    "a bucket that minds public access lists": Flip(
        preview="in place",
        file="components/data/bucket_base.py",
        before="ignore_public_acls=True",
        after="ignore_public_acls=False",
        rule="s3-block-public-access-complete",
        resource="data-ai-models-public-access",
        problem="ignorePublicAcls is false; allowed: true",
        fix="set all four to True",
    ),
    "resources that nobody pays for": Flip(
        preview="in place",
        file="components/providers.py",
        before='"CostCenter": identity.cost_center,',
        after="",
        rule="tags-required",
        resource="network-vpc",
        problem="tag CostCenter is not set; allowed: [A-Za-z0-9][A-Za-z0-9-]{1,30}",
        fix="give the resource the program's provider, whose default tags carry the value, or correct the tag",
    ),
}


@pytest.fixture(scope="module")
def refused(world: World) -> dict[Preview, Ended]:
    """A preview per kind of slip, with every slip of the kind made; each in a file of its own."""
    ended: dict[Preview, Ended] = {}
    for kind in KINDS:
        flips = [flip for flip in FLIPS.values() if flip.preview == kind]
        kept = {flip.file: (world.directory / flip.file).read_text(encoding="utf-8") for flip in flips}
        assert len(kept) == len(flips), "two slips in one file would not be distinguished"
        try:
            for flip in flips:
                make(world, flip)
            ended[kind] = world.sandbox("preview", "prod")
        finally:
            for file, text in kept.items():
                (world.directory / file).write_text(text, encoding="utf-8")
    return ended


def make(world: World, flip: Flip) -> None:
    """Change a component; what is to be changed stands there once."""
    path = world.directory / flip.file
    text = path.read_text(encoding="utf-8")
    assert text.count(flip.before) == 1, f"{flip.before!r} stands {text.count(flip.before)} times in {flip.file}"
    path.write_text(text.replace(flip.before, flip.after), encoding="utf-8")


@pytest.mark.parametrize("flip", FLIPS.values(), ids=FLIPS)
def test_a_slip_is_refused_by_rule_resource_and_fix(refused: dict[Preview, Ended], flip: Flip) -> None:
    assert flip.line in refused[flip.preview].output.splitlines(), refused[flip.preview].text[-4000:]


@pytest.mark.parametrize("kind", KINDS)
def test_a_refused_preview_ends_with_an_error_and_no_traceback(refused: dict[Preview, Ended], kind: Preview) -> None:
    assert refused[kind].status == 1
    assert "Traceback" not in refused[kind].text


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_the_slips_is_refused(refused: dict[Preview, Ended], kind: Preview) -> None:
    """Beside them only what follows: what names a resource that is replaced is not known, S3's own key is not ours."""
    lines = [line for line in refused[kind].output.splitlines() if line.startswith("  - ")]
    rules = {line.split(":")[0][4:] for line in lines}
    expected = {flip.rule for flip in FLIPS.values() if flip.preview == kind}
    follow = {"replaced": set(), "in place": {"s3-cmk"}}[kind]
    assert expected <= rules <= expected | follow, lines
