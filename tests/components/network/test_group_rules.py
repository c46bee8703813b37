from __future__ import annotations

import re

import pytest

from components.network.group_rules import GroupRule, group_rules, groups
from config.placement import Placed, ports_in
from config.serving import Member, Port
from tests.components.network.samples import MEMBERS, network

ADMINS = ("203.0.113.0/24", "198.51.100.0/24")
DESCRIBED = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")


def _spelt(rule: GroupRule) -> str:
    port = "all" if rule.port is None else rule.port
    return f"{rule.group} {rule.direction} {port} {rule.peer}"


def test_the_rules_follow_from_who_serves_and_whom() -> None:
    assert {_spelt(rule) for rule in group_rules(network(), MEMBERS)} == {
        "alb in 80 0.0.0.0/0",
        "alb in 443 0.0.0.0/0",
        "alb out all 10.0.0.0/16",
        "eks in 443 alb",
        "eks out all 0.0.0.0/0",
        "rds in 5432 eks",
        "redis in 6379 eks",
        "endpoints in 443 10.0.0.0/16",
    }


@pytest.mark.parametrize("group", ["rds", "redis"])
def test_data_is_reached_by_group_and_calls_nobody(group: str) -> None:
    rules = [rule for rule in group_rules(network(admin_cidrs=ADMINS), MEMBERS) if rule.group == group]
    assert [rule.direction for rule in rules] == ["in"], "a data service opens no connection"
    assert [rule.peer for rule in rules] == ["eks"], "its clients are a group, never a block"


def test_without_admin_blocks_there_is_no_bastion() -> None:
    assert "bastion" not in groups(network(), MEMBERS), "Session Manager needs no open port"
    assert not [rule for rule in group_rules(network(), MEMBERS) if rule.port == 22], "and nothing listens for SSH"


def test_with_admin_blocks_a_bastion_takes_ssh_from_them_alone() -> None:
    rules = group_rules(network(admin_cidrs=ADMINS), MEMBERS)
    assert "bastion" in groups(network(admin_cidrs=ADMINS), MEMBERS)
    assert {_spelt(rule) for rule in rules if rule.group == "bastion"} == {
        "bastion in 22 203.0.113.0/24",
        "bastion in 22 198.51.100.0/24",
        "bastion out all 10.0.0.0/16",
    }


def test_a_rule_keeps_its_key_when_another_block_goes() -> None:
    both, one = (
        {rule.key for rule in group_rules(network(admin_cidrs=admins), MEMBERS) if rule.group == "bastion"}
        for admins in (ADMINS, ADMINS[1:])
    )
    assert one < both, "removing a block must not replace the rules of the others"


def test_every_rule_has_its_own_name() -> None:
    rules = group_rules(network(admin_cidrs=ADMINS), MEMBERS)
    assert len({(rule.group, rule.direction, rule.key) for rule in rules}) == len(rules), "logical names are unique"


def test_descriptions_are_what_ec2_accepts() -> None:
    drawn = network(admin_cidrs=ADMINS)
    texts = [*groups(drawn, MEMBERS).values(), *(rule.description for rule in group_rules(drawn, MEMBERS))]
    assert [text for text in texts if not DESCRIBED.fullmatch(text)] == [], "EC2 refuses any other character"


def test_every_peer_group_exists() -> None:
    for settings in (network(), network(admin_cidrs=ADMINS)):
        for rule in group_rules(settings, MEMBERS):
            assert rule.group in groups(settings, MEMBERS), "a rule needs its group"
            named = isinstance(rule.peer, str)
            assert not named or rule.peer in groups(settings, MEMBERS), "a rule needs its peer"


@pytest.mark.parametrize("absent", MEMBERS, ids=[one.member.group for one in MEMBERS])
def test_what_a_stack_leaves_out_has_no_group_and_is_nobody_s_client(absent: Placed) -> None:
    rest, group = [one for one in MEMBERS if one is not absent], absent.member.group
    assert group not in groups(network(), rest)
    assert [rule for rule in group_rules(network(), rest) if group in (rule.group, rule.peer)] == []
    before = {rule for rule in group_rules(network(), MEMBERS) if group not in (rule.group, rule.peer)}
    assert set(group_rules(network(), rest)) == before, "the rules of the others stay as they are"


def test_an_area_that_says_its_port_and_its_clients_gets_its_group_and_its_rules() -> None:
    queue = Member(
        group="queue",
        purpose="Brokers",
        called="the queue",
        kind="isolated",
        ports=(Port(key="amqps", called="AMQP", number=5671), Port(key="stomp", called="STOMP", number=61614)),
        clients="private",
    )
    members = (*MEMBERS, Placed(member=queue, tier="database"))
    rules = [rule for rule in group_rules(network(), members) if rule.group == "queue"]
    found = {(rule.key, rule.port, rule.description) for rule in rules}
    assert found == {
        ("amqps-eks", 5671, "AMQP from the cluster"),
        ("stomp-eks", 61614, "STOMP from the cluster"),
    }
    assert ports_in(members, "database") == (5432, 6379, 5671, 61614)
    assert ports_in(members, "private") == (443,)
