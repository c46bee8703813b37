"""Tokens: JSON Web Tokens of one issuer for one audience, verified by the issuer's keys.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html (2026-11) says what API
Gateway verifies for HTTP APIs. WebSocket APIs verify no token themselves: this does, alike.
"""

from __future__ import annotations

import json
import time
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import jwt

from services.agents import settings
from services.agents.identity import Unidentified

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
"""Signatures by a private key. `none`, and those by a secret that the reader knows as well, are not among them."""
LEEWAY_S: Final = 5
"""Seconds that the clocks of issuer and function may differ by: a token is used in the second it was issued in."""
_TIMEOUT_S: Final = 3
_LONGEST_KEYS: Final = 1 << 20


def fetch(url: str) -> dict[str, Any]:
    """Return a key set from an issuer.

    Raises:
        OSError: The issuer does not answer.
        ValueError: It answers no key set, or the address is not one of HTTP.
    """
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"{settings.KEYS}: {url!r} is no address of HTTP")
    with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - judged above
        said = json.loads(answer.read(_LONGEST_KEYS))
    if not isinstance(said, dict):
        raise ValueError(f"{url} answers no key set")  # noqa: TRY004 - what came is wrong, not what a caller gave
    return said


@dataclass
class Keys:
    """The keys of an issuer, asked for once an hour, and when a token names another one.

    Attributes:
        url: Where they are.
        fetch: Gets them.
        clock: Seconds that only grow.
        lifetime_s: How long they are kept.
        pause_s: How long is waited between two requests for a key that is not among them: tokens with invented keys
            make none beyond it.
    """

    url: str
    fetch: Callable[[str], dict[str, Any]] = fetch
    clock: Callable[[], float] = time.monotonic
    lifetime_s: float = 3600
    pause_s: float = 30
    _known: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _asked: float | None = None

    def get(self, name: str) -> jwt.PyJWK | None:
        """Return the key of a name; None where the issuer has none.

        Raises:
            OSError: The issuer does not answer.
            ValueError: It answers no key set.
        """
        age = None if self._asked is None else self.clock() - self._asked
        if age is None or age > self.lifetime_s or (name not in self._known and age > self.pause_s):
            self._known = self._read()
            self._asked = self.clock()
        return self._known.get(name)

    def _read(self) -> dict[str, jwt.PyJWK]:
        try:
            keys = jwt.PyJWKSet.from_dict(self.fetch(self.url)).keys
        except jwt.PyJWTError as error:
            raise ValueError(f"{self.url} answers no key set: {error}") from error
        return {key.key_id: key for key in keys if key.key_id and key.public_key_use in {None, "sig"}}


@dataclass(frozen=True)
class Verifier:
    """What verifies tokens.

    Attributes:
        issuer: Who has to have issued them.
        audience: For whom: `aud`, or `client_id` where a token has no `aud`, as access tokens of Cognito.
        keys: The issuer's keys.
    """

    issuer: str
    audience: str
    keys: Keys

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Verifier:
        """Read it from the environment.

        Raises:
            settings.Unset: A variable is missing.
        """
        issuer, audience = settings.need(environment, settings.ISSUER, settings.AUDIENCE)
        url = environment.get(settings.KEYS) or f"{issuer.rstrip('/')}/.well-known/jwks.json"
        return cls(issuer, audience, Keys(url))

    def claims(self, token: str) -> dict[str, Any]:
        """Return what a token says.

        Raises:
            Unidentified: It is not a token of this issuer for this audience, has expired, or its signature is wrong.
            OSError: The issuer's keys cannot be read.
            ValueError: They are no keys.
        """
        try:
            name = jwt.get_unverified_header(token).get("kid")
            key = self.keys.get(name) if isinstance(name, str) else None
            if key is None:
                raise Unidentified("a key that the issuer does not have")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=self.issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iss", "sub"], "verify_aud": False},
            )
        except jwt.PyJWTError as error:
            raise Unidentified(str(error)) from error
        meant = claims.get("aud", claims.get("client_id"))
        if self.audience not in (meant if isinstance(meant, list) else [meant]):
            raise Unidentified("for another audience")
        return claims
