"""An issuer of tokens: its key lies in the run directory, what verifies it is an object of the site's bucket.

An account has an OpenID provider for it (ADR 0056). The stack file's issuer is the site itself, so that its keys can
stand at `/.well-known/jwks.json` behind CloudFront.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from pathlib import Path

KEYS: Final = ".well-known/jwks.json"
KEY_ID: Final = "sandbox"
LIFETIME_SECONDS: Final = 30 * 86_400
"""Seconds that a token is good for: longer than the clock of the embedded AWS is put forward."""
_BITS: Final = 2048


@dataclass(frozen=True)
class Issuer:
    """One issuer.

    Attributes:
        key: Its private key.
        url: What tokens say in `iss`.
        audience: What they say in `aud`.
    """

    key: rsa.RSAPrivateKey
    url: str
    audience: str

    @classmethod
    def kept(cls, directory: Path, url: str, audience: str) -> Issuer:
        """Return the issuer whose key lies in a directory; it is made where there is none.

        The same key each time: API Gateway and functions keep keys of issuers, and ask for new ones but seldom.
        """
        path = directory / "issuer.pem"
        if not path.is_file():
            made = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
            directory.mkdir(parents=True, exist_ok=True)
            text = made.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            new = path.with_suffix(f".{os.getpid()}")
            new.touch(mode=0o600)
            new.write_bytes(text)
            new.replace(path)
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(found, rsa.RSAPrivateKey):
            raise ValueError(f"{path}: no RSA key")  # noqa: TRY004 - the file is wrong, not what a caller gave
        return cls(found, url, audience)

    def keys(self) -> dict[str, Any]:
        """Return what verifies its tokens, a JSON Web Key Set."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": KEY_ID, "use": "sig"}]}

    def show(self, s3: Any, bucket: str) -> None:  # noqa: ANN401 - boto3 builds its methods at run time
        """Put its keys into the site's bucket."""
        body = json.dumps(self.keys()).encode()
        s3.put_object(Bucket=bucket, Key=KEYS, Body=body, ContentType="application/json")

    def token(self, tenant: str, **claims: Any) -> str:  # noqa: ANN401 - of any claim
        """Return a token of somebody of a tenant."""
        until = int(time.time()) + LIFETIME_SECONDS
        said = {"iss": self.url, "aud": self.audience, "sub": "ann", "tenant": tenant, "exp": until, **claims}
        return jwt.encode(said, self.key, algorithm="RS256", headers={"kid": KEY_ID})
