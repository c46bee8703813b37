"""Signatures that openssl makes are taken, and no others."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator.traffic import public_keys
from tests.sandbox.emulator.traffic import rsa_keys

if TYPE_CHECKING:
    from pathlib import Path

OPENSSL = shutil.which("openssl")
KINDS = {
    "RSA": ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "ECDSA": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
}


def _openssl(*arguments: str, given: bytes = b"") -> bytes:
    assert OPENSSL is not None
    return subprocess.run([OPENSSL, *arguments], input=given, capture_output=True, check=True).stdout  # noqa: S603


@pytest.mark.skipif(OPENSSL is None, reason="openssl is what the signatures are compared with")
@pytest.mark.parametrize("hash_", ["SHA1", "SHA256"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_openssl_signs_is_signed(tmp_path: Path, kind: str, hash_: str) -> None:
    secret = tmp_path / "key.pem"
    secret.write_bytes(_openssl(*KINDS[kind]))
    public = _openssl("pkey", "-in", str(secret), "-pubout").decode()
    signature = _openssl("dgst", f"-{hash_.lower()}", "-sign", str(secret), given=b"content")
    other = {"SHA1": "SHA256", "SHA256": "SHA1"}[hash_]
    assert public_keys.signed(b"content", signature, public, hash_)
    assert not public_keys.signed(b"content!", signature, public, hash_)
    assert not public_keys.signed(b"content", signature, public, other)
    for at in (0, 3, 10, len(signature) // 2, len(signature) - 1):
        spoilt = signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :]
        assert not public_keys.signed(b"content", spoilt, public, hash_)
    for broken in (b"", signature[:-1], signature + b"\0"):
        assert not public_keys.signed(b"content", broken, public, hash_)


@pytest.mark.parametrize(("name", "hash_"), [("sha1", "SHA1"), ("sha256", "SHA256")])
def test_what_is_signed_here_is_signed(name: str, hash_: str) -> None:
    public = rsa_keys.public(0)
    assert public_keys.signed(b"content", rsa_keys.sign(b"content", 0, name), public, hash_)
    assert not public_keys.signed(b"content", rsa_keys.sign(b"content", 1, name), public, hash_)
