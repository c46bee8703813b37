"""Names whose grammar is AWS's or Kubernetes': the longest and oddest that fit, and those next to them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import botocore
import pytest

from components.edge.plan import origin_domain
from config.facts.firewall import COUNTRIES, MANAGED_RULES, STANDARDS
from config.facts.limits import CERTIFICATE_NAME_LENGTH
from tests.config.stackfile import judged

IMAGE = "kubernetes.load_balancer_controller.image"
DIGEST = f"@sha256:{'0' * 64}"
TAKEN = 57
"""Characters of the longest domain: `origin.` is put before it."""


def longest(length: int) -> str:
    """Return a domain of so many characters."""
    return f"{'a' * (length - 8 - 32)}.{'b' * 31}.example"


@pytest.mark.parametrize(("length", "fits"), [(TAKEN, True), (TAKEN + 1, False), (87, False)])
def test_a_certificates_first_name_has_64_characters_with_what_is_put_before_it(length: int, *, fits: bool) -> None:
    domain = longest(length)
    assert len(domain) == length
    assert (len(origin_domain(domain)) <= CERTIFICATE_NAME_LENGTH) == fits, "the rule counts what the program makes"
    assert judged({"edge.domain": domain}) == (set() if fits else {"edge.domain"})


def test_countries_are_those_of_the_firewalls_own_model() -> None:
    model = next(Path(botocore.__file__).parent.glob("data/wafv2/*/service-2.json*"))
    raw = model.read_bytes()
    shapes = json.loads(gzip.decompress(raw) if model.suffix == ".gz" else raw)["shapes"]
    assert set(shapes["CountryCode"]["enum"]) == COUNTRIES


def test_a_country_that_does_not_exist_is_refused() -> None:
    path = "edge.firewall.blocked_countries"
    assert judged({path: ["KP", "ZZ", "UK"]}) == {f"{path}[1]", f"{path}[2]"}


@pytest.mark.parametrize("group", list(MANAGED_RULES))
def test_rules_that_only_count_are_the_groups(group: str) -> None:
    path = f"edge.firewall.counted_rules.{group}"
    own = sorted(MANAGED_RULES[group])
    assert judged({"edge.firewall.counted_rules": {group: own}}) == set()
    found = judged({"edge.firewall.counted_rules": {group: [own[0], f"{own[0]}S", own[1].upper() + "_"]}})
    assert found == {f"{path}[1]", f"{path}[2]"}


@pytest.mark.parametrize("name", list(STANDARDS))
def test_standards_have_versions(name: str) -> None:
    path = "audit.posture.standards"
    assert judged({path: {name: max(STANDARDS[name])}}) == set()
    assert judged({path: {name: "9.9.9"}}) == {f"{path}.{name}"}


@pytest.mark.parametrize(
    "address",
    ["a@b", "a..b@example.org", ".a@example.org", "a@-b.org", "a@b..org", "a@b.o", "a@b_c.org", "a b@example.org"],
)
def test_mail_addresses_have_one_grammar_in_every_place(address: str) -> None:
    mail = {address: ["critical", "warning", "info"]}
    changes = {"identity.owner": address, "cost.recipients": [address], "observability.channels.mail": mail}
    places = {one.partition("[")[0] for one in judged(changes)}
    assert places >= {"identity.owner", "cost.recipients", "observability.channels.mail"}


@pytest.mark.parametrize(("length", "fits"), [(64, True), (65, False)])
def test_a_mailbox_has_64_characters(length: int, *, fits: bool) -> None:
    address = f"{'a' * length}@example.org"
    found = judged({"identity.owner": address, "cost.recipients": [address]})
    assert found == (set() if fits else {"identity.owner", "cost.recipients[0]"})


@pytest.mark.parametrize(
    "image",
    [
        f"public.ecr.aws/a//b:1{DIGEST}",
        "public.ecr.aws/a/:1",
        "public.ecr.aws/-a:1",
        "public.ecr.aws/a..b:1",
        "public.ecr.aws/a:1/b:2",
        f"public.ecr.aws/a:1{'0' * 128}",
        "-x.example/a:1",
        "registry.example:70000/a:1",
        "registry.example:0/a:1",
        "a..b/c:1",
    ],
)
def test_an_image_reference_that_no_registry_takes_is_refused(image: str) -> None:
    assert judged({IMAGE: image}) == {IMAGE}


@pytest.mark.parametrize(
    "image",
    ["registry.example:5000/a_b/c--d.e/f__g:v1.2_x", f"registry.example/a:1{DIGEST}", f"registry.example/a{DIGEST}"],
)
def test_an_image_reference_by_its_grammar_is_taken(image: str) -> None:
    assert judged({IMAGE: image}) == set()


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        ("example.org/name", True),
        (f"{'.'.join(['a' * 62] * 4)}/name", True),
        (f"{'.'.join(['a' * 63] * 4)}/name", False),
        ("a..b/name", False),
        ("-a.org/name", False),
        (f"{'a' * 64}.org/name", False),
        (f"example.org/{'n' * 64}", False),
        ("example.org/", False),
    ],
)
def test_labels_and_taints_have_a_domain_and_a_name(key: str, *, fits: bool) -> None:
    gpu = "cluster.node_groups.gpu"
    labelled, tainted = judged({f"{gpu}.labels": {key: "x"}}), judged({f"{gpu}.taints": [{"key": key}]})
    assert (labelled == set()) == fits
    assert (tainted == set()) == fits


@pytest.mark.parametrize(
    ("principal", "fits"),
    [
        ("role/deployer", True),
        ("role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef", True),
        (f"role/{'r' * 64}", True),
        (f"role/{'r' * 65}", False),
        ("role/a//b", False),
        ("role/a b", False),
        ("role/", False),
        ("group/a", False),
    ],
)
def test_a_principal_has_a_name_of_iam(principal: str, *, fits: bool) -> None:
    path = "cluster.access"
    entry = {"principal_arn": f"arn:aws:iam::100000000004:{principal}", "policy": "AmazonEKSViewPolicy"}
    assert judged({path: {"people": entry}}) == (set() if fits else {f"{path}.people.principal_arn"})


def test_names_that_kubernetes_and_cloudwatch_keep_are_refused() -> None:
    chain = "observability.custom_metrics.chain.namespace"
    assert judged({"kubernetes.priorities.system-mine": 5}) == {"kubernetes.priorities.system-mine"}
    assert judged({chain: "AWS/Blockchain"}) == {chain}
