"""Names of closed lists: those of AWS are taken, those next to them are refused."""

from __future__ import annotations

import pytest

from config.facts.names import (
    budget_services,
    config_rules,
    linked_role_services,
    postgres_parameters,
    resource_types,
)
from config.notes import notes
from config.rules.closed_lists import misspelt
from config.secrecy import names_secret
from tests.config.stackfile import SETTINGS, accepted, judged

RULE = "audit.configuration.rules.ebs-volume-encryption"
PARAMETERS = "data.postgres.parameters"


def slips(name: str) -> set[str]:
    """Return names that a slip of the hand makes of a name."""
    dropped = {name[:at] + name[at + 1 :] for at in range(1, len(name))}
    swapped = {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(1, len(name) - 1)}
    return {one for one in dropped | swapped if one[-1].isalnum() and one != name}


def test_a_managed_rule_with_a_slip_in_its_name_is_refused() -> None:
    known = config_rules()
    wrong = sorted(slips("ENCRYPTED_VOLUMES") | {"MULTI_REGION_CLOUDTRAIL_ENABLED"})
    assert not set(wrong) & known.keys()
    rules = {f"rule-{at}": {"identifier": name} for at, name in enumerate(wrong)}
    assert judged({"audit.configuration.rules": rules}) == {
        f"audit.configuration.rules.rule-{at}.identifier" for at in range(len(wrong))
    }


def test_every_managed_rule_is_taken_with_its_own_parameters() -> None:
    rules = {
        f"rule-{at}": {"identifier": name, "parameters": {one: "1" for one in parameters if not names_secret(one)}}
        for at, (name, parameters) in enumerate(config_rules().items())
    }
    assert len(rules) > 500
    assert judged({"audit.configuration.rules": rules}) == set()


def test_a_parameter_that_a_managed_rule_does_not_take_is_refused() -> None:
    wrong = "audit.configuration.rules.open-security-groups.parameters"
    assert judged({wrong: {"authorisedTcpPorts": "80,443"}}) == {f"{wrong}.authorisedTcpPorts"}


def test_a_resource_type_that_does_not_exist_is_refused() -> None:
    assert "AWS::EC2::Volume" in resource_types()
    assert judged({f"{RULE}.resource_types": ["AWS::EC2::Volume"]}) == set()
    assert judged({f"{RULE}.resource_types": ["AWS::EC2::Volumes"]}) == {f"{RULE}.resource_types[0]"}


def test_a_parameter_with_a_slip_in_its_name_is_refused() -> None:
    wrong = sorted(slips("max_connections") - postgres_parameters(17))
    assert "max_conections" in wrong
    assert judged({PARAMETERS: dict.fromkeys(wrong, "100")}) == {f"{PARAMETERS}.{name}" for name in wrong}


def test_parameters_of_the_major_version_are_taken() -> None:
    secret = {name for name in postgres_parameters(17) if names_secret(name)}
    taken = sorted(postgres_parameters(17) - {"rds.force_ssl"} - secret)
    assert len(taken) > 300
    assert judged({PARAMETERS: dict.fromkeys(taken, "1") | {"max_connections": "5000"}}) == set()


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("wal_keep_segments", 11, 12), ("wal_keep_size", 13, 18), ("old_snapshot_threshold", 11, 16),
     ("transaction_timeout", 17, 18), ("io_method", 18, 18), ("work_mem", 11, 18)],
)  # fmt: skip
def test_a_parameter_belongs_to_the_majors_that_have_it(name: str, first: int, last: int) -> None:
    majors = [major for major in range(11, 19) if name in postgres_parameters(major)]
    assert majors == list(range(first, last + 1))


def test_a_parameter_of_an_extension_that_nobody_knows_is_reported_as_unknown() -> None:
    config = accepted()
    postgres = config.data.postgres.model_copy(update={"parameters": {"vector.some": "1", "cron.log_run": "1"}})
    reported = notes(config.model_copy(update={"data": config.data.model_copy(update={"postgres": postgres})}))
    assert [note.path[-1] for note in reported if "parameters" in note.path] == ["vector.some"]
    assert judged({PARAMETERS: {"vector.some": "1"}}) == set()
    assert judged({PARAMETERS: {"cron.log_runs": "1"}}) == {f'{PARAMETERS}["cron.log_runs"]'}


def test_every_rule_of_prod_is_a_managed_one() -> None:
    used = {rule["identifier"] for rule in SETTINGS["audit"]["configuration"]["rules"].values()}
    assert used
    assert used <= config_rules().keys()


BUDGET = "cost.budgets.database.services"
LINKED = "audit.account.service_linked_roles"


@pytest.mark.parametrize("name", sorted(budget_services()))
def test_a_slip_in_the_name_of_a_service_is_refused_with_the_name_that_was_meant(name: str) -> None:
    """Another case, a letter lost where the name is long enough to know it by; the name itself is taken."""
    assert misspelt(name, budget_services()) == ""
    if len(name) > 12:
        assert misspelt(name[:7] + name[8:], budget_services()), "a letter is missing"
    assert misspelt(name.swapcase(), budget_services()) == name


@pytest.mark.parametrize("name", sorted(linked_role_services()))
def test_a_slip_in_the_name_of_a_principal_is_refused(name: str) -> None:
    assert misspelt(name, linked_role_services()) == ""
    assert misspelt(name.replace(".", " .", 1), linked_role_services()) == name


@pytest.mark.parametrize("path", [BUDGET, LINKED])
def test_a_service_that_nobody_knows_is_left_to_a_note(path: str) -> None:
    name = {BUDGET: "Quantum Ledger of Tomorrow", LINKED: "tomorrow.amazonaws.com"}[path]
    assert judged({path: [name]}) == set()


@pytest.mark.parametrize(
    ("path", "got"),
    [(BUDGET, "Amazon Relational Database Servise"), (BUDGET, "Amazon CloudWatch"), (LINKED, "confiig.amazonaws.com")],
)
def test_a_misspelt_service_of_a_file_is_refused(path: str, got: str) -> None:
    assert judged({path: [got]}) == {f"{path}[0]"}
