"""Switches: no input of any type of the provider turns off encryption, logs or protection, or opens what is private.

The inputs are those of `policy/deciding.txt`, made from the SDK. What AWS's default is does not matter here: only a
value that stands in the program is judged. Where a rule of its own judges an input, that rule speaks alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from policy.deciding import listed, words
from policy.rule import Level, Rule, Severity, resource_rule
from policy.tokens import EVERY_AWS
from policy.values import Mark, UnknownValueError, same, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from policy.deciding import Input
    from policy.resources import Resource
    from policy.rule import Settings

_PILLARS: Final = "https://docs.aws.amazon.com/wellarchitected/latest"
_INVERTED: Final = re.compile(
    r"disabled|\bdisable-|insecure|\bskip-|\bforce-|^is-public|create-public|publicly|internet-access"
)
_OPENS: Final = re.compile(r"public-(ip|connectivity)|publicly|public-access$|internet-access|is-public")
_WORDS: Final = {
    "off": ("disabled", "none", "false", "no", "off", "plaintext", "tls_plaintext", "no_tls", "optional"),
    "on": ("enabled", "true", "yes", "on", "service_provided_eips"),
}
"""Texts that mean off and on, in lower case."""
_SWITCHES: Final = ("bool", "str")


def bad_word(one: Input) -> str:
    """Return whether the input does harm when it is `on` or `off`; empty where its type is no switch's."""
    text = words(one.path.rpartition(".")[2])
    if one.type not in _SWITCHES or (one.type == "str" and not _is_switch(text)):
        return ""
    harmful_on = _OPENS.search(text) if one.kind == "exposure" else _INVERTED.search(text)
    return "on" if harmful_on else "off"


def _is_switch(text: str) -> bool:
    """Whether a text input says on or off, by its name; others name a key, a bucket or a policy."""
    return bool(
        re.search(r"(encrypted|encryption|protection|encryption-(type|mode|option|support)|ssl-mode|tls-mode)$", text)
        or re.search(r"(logging-level|client-broker|public-access-type|internet-access|assign-public-ip)$", text)
        or re.search(r"(direct-internet-access|deletion-protection-status|sse-type|catalog-encryption-mode)$", text)
    )


def _means(value: object, word: str) -> bool:
    return same(value, word == "on") or (isinstance(value, str) and value.lower() in _WORDS[word])


def judged(kinds: Sequence[str], rules: Sequence[Rule]) -> Callable[[str], Sequence[tuple[Input, str]]]:
    """Return what tells, for a type, the switches of some kinds that no rule of its own judges."""
    found: dict[str, Sequence[tuple[Input, str]]] = {}

    def of(token: str) -> Sequence[tuple[Input, str]]:
        if token not in found:
            own = [rule for rule in rules if token in rule.on]
            found[token] = [
                (one, word)
                for one in listed().get(token, ())
                if one.kind in kinds and (word := bad_word(one)) and not any(rule.reads_input(one.path) for rule in own)
            ]
        return found[token]

    return of


class _Switch(NamedTuple):
    """A rule on switches: name, title, kinds of decision, weight, id, page."""

    name: str
    title: str
    kinds: Sequence[str]
    severity: Severity
    level: Level
    control: str
    page: str


_SWITCH_RULES: Final = (
    _Switch("encryption-not-off", "Nothing switches encryption off", ("encryption", "transit"), Severity.HIGH,
            Level.MANDATORY, "NIST-SC-28", "security-pillar/sec_protect_data_rest_encrypt.html"),
    _Switch("public-access-not-on", "Nothing is opened to the public", ("exposure",), Severity.CRITICAL,
            Level.MANDATORY, "NIST-SC-7", "security-pillar/sec_network_protection_create_layers.html"),
    _Switch("logs-not-off", "Nothing switches logs off", ("logs",), Severity.MEDIUM, Level.MANDATORY, "NIST-AU-2",
            "security-pillar/sec_detect_investigate_events_app_service_logging.html"),
    _Switch("protection-not-off", "Nothing gives up the protection of what it holds", ("loss",), Severity.MEDIUM,
            Level.PRODUCTION, "NIST-CP-9", "reliability-pillar/rel_backing_up_data_automated_backups_data.html"),
)  # fmt: skip


def _rule(switch: _Switch, rules: Sequence[Rule]) -> Rule:
    switches = judged(switch.kinds, rules)

    def judge(resource: Resource, _settings: Settings) -> Iterator[str]:
        unknown = ""
        for one, word in switches(resource.type):
            for where, value in resource.each(one.path):
                if value is Mark.UNKNOWN:
                    unknown = unknown or where
                elif value is not Mark.ABSENT and _means(value, word):
                    yield f"{where} is {show(value)}; allowed: anything but {show(value)}"
        if unknown:
            raise UnknownValueError(unknown)

    judge.__doc__ = f"{switch.title}.\n\nJudged are the inputs that `policy/deciding.txt` lists, where a value stands."
    return resource_rule(
        switch.name,
        on=EVERY_AWS,
        severity=switch.severity,
        level=switch.level,
        controls=(switch.control,),
        url=f"{_PILLARS}/{switch.page}",
        remediation="leave the input out, or set it the other way round",
    )(judge)


def rules_beside(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules on every switch that none of `rules` judges itself."""
    return tuple(_rule(switch, rules) for switch in _SWITCH_RULES)
