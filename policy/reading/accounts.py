"""Which accounts are one's own, and whom of others a policy or a list of shares lets in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.reading.conditions import says_who
from policy.reading.logic import every, sift, some
from policy.values import Mark, plain, show

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from policy.reading.conditions import Test
    from policy.reading.statement import Principal, Statement
    from policy.resources import Resource

_NUMBER: Final = re.compile(r"(?<!\d)\d{12}(?!\d)")
_OF_ARN: Final = re.compile(r"^arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}):")
_CALLERS: Final = frozenset(
    {"aws:principalaccount", "aws:principalarn", "kms:calleraccount", "s3:dataaccesspointaccount"}
)
"""Condition keys whose values name the account of who asks."""
_NOBODYS: Final = "0" * 12
"""Stands in ARNs of recordings; AWS gives it to nobody."""
_OTHERS_OF_AWS: Final = frozenset(
    {
        "127311923021", "033677994240", "027434742980", "797873946194", "098369216593", "754344448648",
        "589379963580", "718504428378", "383597477331", "600734575887", "114774131450", "783225319266",
        "582318560864", "985666609251", "054676820928", "156460612806", "652711504416", "635631232127",
        "009996457667", "897822967062", "076674570225", "507241528517",
    }
)  # fmt: skip
"""Accounts of Elastic Load Balancing that write access logs, in regions opened before August 2022.

Elastic Load Balancing, "Enable access logs for your Application Load Balancer", read November 2026.
"""


def own_accounts(resource: Resource) -> set[str]:
    """Return the accounts that a resource's provider may work in; text, where a state file has the list as JSON."""
    if resource.provider is None:
        return set()
    value = resource.provider.each("allowedAccountIds")[0][1]
    return set() if isinstance(value, Mark) else set(_NUMBER.findall(show(value)))


def account_of(resource: Resource) -> set[str]:
    """Return the account that a resource's own ARN names, or those that its policy names as places of resources."""
    named = [text for text in resource.identities if (found := _OF_ARN.match(text)) for text in [found[1]]]
    known = [pattern for document in resource.documents for each in document.statements for pattern in _places(each)]
    return {*named, *(found[1] for pattern in known if (found := _OF_ARN.match(pattern)))}


def _places(statement: Statement) -> Sequence[str]:
    return [] if statement.resources.inverted else statement.resources.known


def strangers(statement: Statement, own: Collection[str]) -> list[str]:
    """Return whom of other accounts a statement of a resource's policy lets in, with no condition that says who.

    Raises:
        UnknownValueError: the answer hangs on a part that is not known.
    """
    if not every(lambda: statement.allows, lambda: bool(own)):
        return []

    def strange(one: Principal) -> bool:
        return one.kind in ("AWS", "*") and is_strange(one.account, own)

    found = list(sift(statement.principals, strange))
    if found and not some(statement.conditions, says_who):
        return [one.text for one in found]
    return list(_admitted(statement, own))


def _admitted(statement: Statement, own: Collection[str]) -> Iterator[str]:
    """Yield the accounts of others that conditions on the caller admit; a further one may still keep them out."""
    admitting = [test for test in statement.conditions if test.equals and test.needs_key and test.key in _CALLERS]
    named = [[value for value in test.values if is_strange(account_in(str(value)), own)] for test in admitting]
    if named and all(named) and not some(statement.conditions, lambda test: _keeps_out(test, admitting)):
        yield from (str(value) for value in named[0])


def _keeps_out(test: Test, admitting: Sequence[Test]) -> bool:
    return test not in admitting and says_who(test)


def account_in(text: str) -> str:
    """Return the account of an ARN; any other text as it is."""
    return found[1] if (found := _OF_ARN.match(text)) else text


def is_strange(account: str, own: Collection[str]) -> bool:
    """Tell whether a number is that of an account of others; AWS's own that write logs are not."""
    return bool(_NUMBER.fullmatch(account)) and account not in {*own, _NOBODYS} and account not in _OTHERS_OF_AWS


def shared_with(resource: Resource, paths: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Yield path and account of everyone whom inputs that list accounts name, None for one that is not known.

    A text may hold several, with commas.
    """
    for path in paths:
        for where, value in resource.each(path):
            items = value if isinstance(value, list | tuple) else [value]
            for item in map(plain, items):
                if item is Mark.UNKNOWN:
                    yield where, None
                elif item is not Mark.ABSENT:
                    yield from ((where, part.strip()) for part in str(item).removesuffix(".0").split(","))
