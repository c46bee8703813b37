from __future__ import annotations

import re

import pytest

from components.network.group_rules import PURPOSES, GroupRule, group_rules, groups
from tests.components.network.samples import network

ADMINS = ("203.0.113.0/24", "198.51.100.0/24")
DESCRIBED = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")


def _spelt(rule: GroupRule) -> str:
    port = "all" if rule.port is None else rule.port
    return f"{rule.group} {rule.direction} {port} {rule.peer}"


def test_the_table_is_the_seeds() -> None:
    assert {_spelt(rule) for rule in group_rules(network())} == {
        "alb in 80 0.0.0.0/0",
        "alb in 443 0.0.0.0/0",
        "alb out all 10.0.0.0/16",
        "eks in 443 alb",
        "eks out all 0.0.0.0/0",
        "rds in 5432 eks",
        "redis in 6379 eks",
        "endpoints in 443 10.0.0.0/16",
    }, "seed 004 section 4.2, and the group of the interface endpoints"


@pytest.mark.parametrize("group", ["rds", "redis"])
def test_data_is_reached_by_group_and_calls_nobody(group: str) -> None:
    rules = [rule for rule in group_rules(network(admin_cidrs=ADMINS)) if rule.group == group]
    assert [rule.direction for rule in rules] == ["in"], "a data service opens no connection"
    assert all(rule.peer in PURPOSES for rule in rules), "its clients are a group, never a block"


def test_without_admin_blocks_there_is_no_bastion() -> None:
    assert "bastion" not in groups(network()), "Session Manager needs no open port"
    assert not [rule for rule in group_rules(network()) if rule.port == 22], "and nothing listens for SSH"


def test_with_admin_blocks_a_bastion_takes_ssh_from_them_alone() -> None:
    rules = group_rules(network(admin_cidrs=ADMINS))
    assert "bastion" in groups(network(admin_cidrs=ADMINS))
    assert {_spelt(rule) for rule in rules if rule.group == "bastion"} == {
        "bastion in 22 203.0.113.0/24",
        "bastion in 22 198.51.100.0/24",
        "bastion out all 10.0.0.0/16",
    }, "seed 004 section 4.2"


def test_a_rule_keeps_its_key_when_another_block_goes() -> None:
    both, one = (
        {rule.key for rule in group_rules(network(admin_cidrs=admins)) if rule.group == "bastion"}
        for admins in (ADMINS, ADMINS[1:])
    )
    assert one < both, "removing a block must not replace the rules of the others"


def test_every_rule_has_its_own_name() -> None:
    rules = group_rules(network(admin_cidrs=ADMINS))
    assert len({(rule.group, rule.direction, rule.key) for rule in rules}) == len(rules), "logical names are unique"


def test_descriptions_are_what_ec2_accepts() -> None:
    texts = [*PURPOSES.values(), *(rule.description for rule in group_rules(network(admin_cidrs=ADMINS)))]
    assert [text for text in texts if not DESCRIBED.fullmatch(text)] == [], "EC2 refuses any other character"


def test_every_peer_group_exists() -> None:
    for settings in (network(), network(admin_cidrs=ADMINS)):
        for rule in group_rules(settings):
            assert rule.group in groups(settings), "a rule needs its group"
            assert rule.peer not in PURPOSES or rule.peer in groups(settings), "a rule needs its peer"
