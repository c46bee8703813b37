"""Tokens of the issuer for the audience are taken, with its keys as they rotate; all others are not."""

from __future__ import annotations

import base64
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from services.agents import authorizer, settings
from services.agents.identity import Unidentified, identify
from services.agents.tokens import LEEWAY_S, Keys, Verifier, fetch
from tests.services.agents.place import CONTEXT

ISSUER, AUDIENCE = "https://issuer.example/pool", "agents"
PRIVATE: dict[str, Any] = {
    "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "curve": ec.generate_private_key(ec.SECP256R1()),
}
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ann", "tenant": "acme", "exp": 4_000_000_000}


def public(*names: str) -> dict[str, Any]:
    made = {"rsa": jwt.algorithms.RSAAlgorithm, "curve": jwt.algorithms.ECAlgorithm}
    keys = [{**json.loads(made[name].to_jwk(PRIVATE[name].public_key())), "kid": name, "use": "sig"} for name in names]
    return {"keys": keys}


def token(key: str = "rsa", **claims: Any) -> str:  # noqa: ANN401 - of any claim
    said = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    algorithm = {"rsa": "RS256", "curve": "ES256"}[key]
    return str(jwt.encode(said, PRIVATE[key], algorithm=algorithm, headers={"kid": key}))


def verifier() -> Verifier:
    return Verifier(ISSUER, AUDIENCE, Keys("https://keys.example", fetch=lambda _: public("rsa", "curve")))


@pytest.mark.parametrize(
    "good",
    [token(), token("curve"), token(aud=["other", AUDIENCE]), token(aud=None, client_id=AUDIENCE)],
    ids=["rsa", "curve", "audiences", "client"],
)
def test_a_token_of_the_issuer_for_the_audience_is_taken(good: str) -> None:
    assert verifier().claims(good)["tenant"] == "acme"


def test_a_token_of_an_issuer_whose_clock_is_a_little_fast_is_taken() -> None:
    assert verifier().claims(token(iat=int(time.time()) + LEEWAY_S - 2))["tenant"] == "acme"


def _by_secret() -> str:
    """Return a token signed by the public key, for readers who would take it for a secret."""
    pem = (
        PRIVATE["rsa"]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    unsigned = jwt.encode(CLAIMS, "x" * 32, algorithm="HS256", headers={"kid": "rsa"}).rpartition(".")[0]
    mac = hmac.digest(pem, unsigned.encode(), "sha256")
    return f"{unsigned}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def _forged() -> dict[str, str]:
    header, payload, signature = token().split(".")
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    secret = jwt.encode(CLAIMS, "x" * 32, algorithm="HS256", headers={"kid": "rsa"})
    return {
        "expired": token(exp=int(time.time()) - LEEWAY_S - 1),
        "issued later": token(iat=int(time.time()) + 60),
        "not yet": token(nbf=4_000_000_000),
        "no expiry": token(exp=None),
        "no subject": token(sub=None),
        "another issuer": token(iss="https://other.example"),
        "no issuer": token(iss=None),
        "another audience": token(aud="other"),
        "another audience, this client": token(aud="other", client_id=AUDIENCE),
        "no audience": token(aud=None),
        "another signature": jwt.encode(CLAIMS, other, algorithm="RS256", headers={"kid": "rsa"}),
        "another's claims": ".".join([header, token(tenant="other").split(".")[1], signature]),
        "by a secret": secret,
        "by the public key as a secret": _by_secret(),
        "by none": jwt.encode(CLAIMS, None, algorithm="none", headers={"kid": "rsa"}),
        "a key of another kind": jwt.encode(CLAIMS, PRIVATE["rsa"], algorithm="RS256", headers={"kid": "curve"}),
        "an unknown key": jwt.encode(CLAIMS, PRIVATE["rsa"], algorithm="RS256", headers={"kid": "new"}),
        "no key": jwt.encode(CLAIMS, PRIVATE["rsa"], algorithm="RS256"),
        "no signature": f"{header}.{payload}.",
        "no token": "a.b.c",
        "nothing": "",
    }


def test_any_other_token_is_not() -> None:
    taken = []
    for name, bad in _forged().items():
        try:
            verifier().claims(bad)
        except Unidentified:
            continue
        taken.append(name)
    assert taken == []


def test_keys_are_asked_for_hourly_and_for_a_new_name_but_not_for_every_invented_one() -> None:
    asked: list[str] = []
    now, names = [0.0], ["rsa"]
    keys = Keys("url", fetch=lambda url: asked.append(url) or public(*names), clock=lambda: now[0])
    for _ in range(3):
        assert keys.get("rsa")
    assert [keys.get(f"invented-{number}") for number in range(9)] == [None] * 9
    assert len(asked) == 1
    now[0], names[:] = 31, ["rsa", "curve"]
    assert keys.get("curve"), "it has rotated"
    assert len(asked) == 2
    now[0], names[:] = 31 + 3601, ["curve"]
    assert keys.get("rsa") is None, "it was taken back"
    assert len(asked) == 3


def test_an_issuer_that_answers_no_keys_is_nobodys_fault_but_its_own() -> None:
    for said in ({}, {"keys": []}, {"keys": [{"kty": "?"}]}):
        with pytest.raises(ValueError, match="no key set"):
            Keys("url", fetch=lambda _, said=said: said).get("rsa")  # type: ignore[misc] # said of this turn
    with pytest.raises(ValueError, match="no address of HTTP"):
        fetch("file:///etc/passwd")


@pytest.mark.parametrize("tenant", [None, "", "a/b", "../a", "a" * 65, "-a", 7, ["acme"], "acme\n"])
def test_a_tenant_is_a_part_of_a_key(tenant: object) -> None:
    with pytest.raises(Unidentified):
        identify({"sub": "ann", "tenant": tenant}, "tenant")
    assert identify({"sub": "ann", "custom:tenant": "acme-1.x"}, "custom:tenant").tenant == "acme-1.x"


def test_a_connection_is_let_in_by_a_header_or_a_subprotocol_and_not_by_an_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(authorizer, "verifier", verifier)
    monkeypatch.delenv(settings.TENANT_CLAIM, raising=False)
    event: dict[str, Any] = {"methodArn": "arn:aws:execute-api:us-east-1:1:api/prod/$connect"}
    for headers in (
        {"Authorization": f"Bearer {token()}"},
        {"authorization": f"bearer {token()}"},
        {"Sec-WebSocket-Protocol": f"agents.v1, bearer.{token()}"},
    ):
        said = authorizer.handler({**event, "headers": headers}, CONTEXT)
        (statement,) = said["policyDocument"]["Statement"]
        assert (statement["Effect"], statement["Resource"]) == ("Allow", event["methodArn"])
        assert said["context"] == {"tenant": "acme", "subject": "ann"}
    for headers in (None, {}, {"Authorization": token()}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer "}):
        with pytest.raises(Exception, match=r"^Unauthorized$"):
            authorizer.handler({**event, "headers": headers, "queryStringParameters": {"token": token()}}, CONTEXT)
