"""Public keys of signers: what CloudFront takes is taken as it gives it back, everything else is refused."""

from __future__ import annotations

import base64
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.signer import public_key
from tests.config.containersfile import as_written, refused

KEYS = Path(__file__).parent / "data" / "keys"
TAKEN = {path.stem: path.read_text(encoding="utf-8") for path in sorted(KEYS.glob("[!r]*.pem"))} | {
    "rsa-2048": (KEYS / "rsa-2048.pem").read_text(encoding="utf-8")
}
OTHERS = sorted(KEYS.glob("refused-*.pem"))
SIGNERS = "edge.cdn.buckets.static-assets.signers"


def der(pem: str) -> bytes:
    return base64.b64decode("".join(pem.split("-----")[2].split()))


def pem(raw: bytes) -> str:
    return f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(raw).decode()}\n-----END PUBLIC KEY-----\n"


@pytest.mark.parametrize("kind", ["p-256", "rsa-2048"])
def test_a_key_that_openssl_writes_is_taken_as_it_is(kind: str) -> None:
    assert public_key(TAKEN[kind]) == TAKEN[kind]


@pytest.mark.parametrize("kind", ["p-256", "rsa-2048"])
@given(st.integers(1, 90), st.sampled_from(["", "\n", "  \n\n"]))
def test_however_a_key_is_broken_into_lines_it_is_given_on_alike(kind: str, width: int, around: str) -> None:
    lines = textwrap.wrap("".join(TAKEN[kind].split("-----")[2].split()), width)
    text = "\n".join(("-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----"))
    assert public_key(f"{around}{text}{around}") == TAKEN[kind], "no other text of one key is another key"


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_keys_of_other_kinds_and_sizes_are_refused(path: Path) -> None:
    assert public_key(path.read_text(encoding="utf-8")) is None


def test_other_kinds_are_tried() -> None:
    assert len(OTHERS) == 5


@given(st.integers(0, 90), st.integers(1, 255))
def test_a_point_with_a_slip_is_no_key(at: int, slip: int) -> None:
    raw = bytearray(der(TAKEN["p-256"]))
    raw[at] ^= slip
    assert public_key(pem(bytes(raw))) is None


@given(st.one_of(st.integers(0, 33), st.integers(289, 293)), st.integers(1, 127))
def test_an_rsa_key_with_a_slip_around_its_modulus_is_no_key(at: int, slip: int) -> None:
    raw = bytearray(der(TAKEN["rsa-2048"]))
    raw[at] ^= slip | (at == 33)  # the modulus begins there: its highest bit must not be lost
    assert (public_key(pem(bytes(raw))) is None) is (at != 33)


@given(st.binary(max_size=400))
def test_no_other_bytes_are_a_key(raw: bytes) -> None:
    assert public_key(pem(raw)) is None


@given(st.text(max_size=200))
def test_no_text_stops_the_reader(text: str) -> None:
    assert public_key(text) is None


def test_a_key_that_cloudfront_does_not_take_is_refused_with_its_line() -> None:
    text, problems = as_written({f"{SIGNERS}.third": OTHERS[0].read_text(encoding="utf-8")})
    (found,) = problems
    assert found.what == "no public key that CloudFront takes"
    assert "third:" in text.splitlines()[(found.line or 0) - 1]


def test_a_key_stands_once() -> None:
    (path,) = refused({f"{SIGNERS}.third": TAKEN["p-256"].replace("\n", "\n\n")})
    assert path == f"{SIGNERS}.third"


def test_six_keys_are_more_than_a_group_takes() -> None:
    keys = {f"key-{at}": TAKEN["p-256"] for at in range(6)}
    assert list(refused({SIGNERS: keys})) == [SIGNERS]


@pytest.mark.parametrize("kind", ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"])
def test_a_private_key_is_refused_and_never_shown(kind: str) -> None:
    secret = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg"
    _, problems = as_written({f"{SIGNERS}.third": f"-----BEGIN {kind}-----\n{secret}\n-----END {kind}-----\n"})
    (found,) = problems
    assert (found.path[-1], found.got) == ("third", "(hidden)")
    assert secret not in str(found)
