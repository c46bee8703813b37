"""The comment: verdict, what needs eyes, stacks, money, recovery, picture, details."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from config.objectives import duration
from review.comment.fit import Section
from review.comment.neighbourhood import mermaid
from review.difference import report
from review.difference.compare import OPERATIONS
from review.difference.flags import CONCERNS
from review.difference.meaning import meanings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from review.comment.gather import Reviewed
    from review.difference.compare import Changed

_HEAD: Final = (
    "| stack | replace | delete | update | create | USD a month at rest | policy |",
    "|---|---|---|---|---|---|---|",
)
_NAMED: Final = 5
"""Resources that the verdict names; more are counted."""
_USD: Final = Decimal(1)


def sections(reviews: Sequence[Reviewed], errors: Mapping[str, str]) -> list[Section]:
    """Return the parts of the comment, in the order in which they are read.

    Args:
        reviews: Stacks that could be compared.
        errors: Stack -> why it could not be.
    """
    touched = [one for one in reviews if not one.quiet]
    picture = tuple(mermaid(reviews))
    return [
        Section(title="", lines=tuple(_verdict(reviews, errors)), rank=0),
        Section(title="Needs your eyes", lines=tuple(_eyes(touched)), rank=1),
        Section(title="Stacks", lines=tuple(map(_row, touched)), opening=_HEAD, rank=2),
        Section(title="Money", lines=tuple(_money(touched)), rank=3),
        Section(title="Recovery", lines=tuple(_recovery(touched)), rank=4),
        Section(
            title="What changes, and what hangs on it", lines=picture, opening=("```mermaid",), closing=("```",),
            rank=5, whole=True,
        ),
        *(_details(one) for one in touched),
    ]  # fmt: skip


def stops(reviews: Sequence[Reviewed], errors: Mapping[str, str]) -> Iterator[str]:
    """Yield what stops a change, worst first: a promise that breaks, data that would be lost, what the pack refuses."""
    for stack, why in errors.items():
        yield f"**{stack} cannot be compared**: {_plain(why)}"
    broken = [f"{review.stack} {one.service}" for review in reviews for one in review.promises if one.broken]
    if broken:
        yield f"**promises that cannot be kept**: {', '.join(broken)}"
    lost = [f"`{one.resource.name}`" for review in reviews for one in review.difference.changes if one.loses_data]
    if lost:
        more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
        yield f"**data would be lost**: {', '.join(lost[:_NAMED])}{more}"
    blocked = [review.stack for review in reviews if review.blocked]
    if blocked:
        yield f"**the policy pack refuses**: {', '.join(blocked)}"


def _verdict(reviews: Sequence[Reviewed], errors: Mapping[str, str]) -> Iterator[str]:
    """Yield the first lines: what stops the change, then what it is in numbers."""
    found = list(stops(reviews, errors))
    yield from (f"❌ {one}  " for one in found)
    counts = {one: sum(review.difference.counts.get(one, 0) for review in reviews) for one in OPERATIONS}
    said = ", ".join(f"{number} to {operation}" for operation, number in counts.items() if number)
    usd = sum((review.money.more for review in reviews), Decimal(0))
    touched = [review.stack for review in reviews if not review.quiet]
    named = f": {', '.join(touched[:_NAMED])}{', …' * (len(touched) > _NAMED)}" if touched else ""
    money = f"; {_dollars(usd)} a month at rest" if usd else ""
    of = len(reviews) + len(errors)
    yield f"{'' if found else '✅ '}{said or 'no resource changes'}{money}; {len(touched)} of {of} stacks change{named}"


def _eyes(reviews: Sequence[Reviewed]) -> Iterator[str]:
    """Yield losses, then what the pack refuses, then what changes mean, first things first over all stacks."""
    for review in reviews:
        for one in review.difference.changes:
            if one.loses_data:
                because = f" because of {', '.join(one.because)}" if one.because else ""
                yield f"- **data** {_named(review, one)}: {one.operation}{because}{_place(review, one)}"
    for review in reviews:
        for finding in review.new:
            if finding.blocking:
                name = finding.urn.rpartition("::")[2] or "the stack"
                yield f"- **policy** `{review.stack}` `{name}`: {finding.rule.name}: {_plain(finding.problem)}"
    changes = [
        (review, one, meaning) for review in reviews for one in review.difference.changes for meaning in meanings(one)
    ]
    for concern in CONCERNS:
        for review, one, meaning in changes:
            if meaning.concern == concern and meaning.worse:
                yield f"- **{concern}** {_named(review, one)}: {_plain(meaning.text)}{_place(review, one)}"


def _row(review: Reviewed) -> str:
    counts = review.difference.counts
    numbers = " | ".join(str(counts.get(one) or "") for one in ("replace", "delete", "update", "create"))
    blocking = sum(one.blocking for one in review.new)
    policy = f"{blocking} refused" if blocking else f"{len(review.new)} new" if review.new else "passes"
    money = f"{review.money.after.quantize(_USD, rounding=ROUND_HALF_UP):,} ({_dollars(review.money.more)})"
    return f"| {review.stack} | {numbers} | {money} | {policy} |"


def _money(reviews: Sequence[Reviewed]) -> Iterator[str]:
    for review in reviews:
        for area, usd in sorted(review.money.areas.items(), key=lambda one: -abs(one[1])):
            yield f"- `{review.stack}` {area}: {_dollars(usd)}"
        if review.money.unknown:
            yield f"- `{review.stack}`: price unknown, and in no sum: {', '.join(review.money.unknown)}"


def _recovery(reviews: Sequence[Reviewed]) -> Iterator[str]:
    found = [(review, one) for review in reviews for one in review.promises]
    for review, one in sorted(found, key=lambda pair: not pair[1].broken):
        mark = "❌ " if one.broken else ""
        yield f"- {mark}`{review.stack}` {one.service}, {one.scope} lost: {_bound(one.before)} → {_bound(one.after)}"


def _bound(document: Mapping[str, Any] | None) -> str:
    if document is None:
        return "nothing"
    declared = document["declared"]
    promised = f"promised {declared['rto_minutes']}/{declared['rpo_minutes']} min" if declared else "nothing promised"
    seconds = [document["bound"][f"{side}_seconds"] for side in ("rto", "rpo")]
    kept = "/".join("no bound" if one is None else duration(one) for one in seconds)
    return f"{promised}, kept {kept} by {document['mechanism']}"


def _details(review: Reviewed) -> Section:
    return Section(
        title=f"All of {review.stack}",
        lines=tuple(report.as_text(review.difference, review.at)),
        opening=("```text",),
        closing=("```",),
        rank=6,
        folded=True,
    )


def _named(review: Reviewed, changed: Changed) -> str:
    return f"`{review.stack}` `{changed.resource.name}`"


def _place(review: Reviewed, changed: Changed) -> str:
    if changed.operation == "delete":
        return ""
    place = review.at(changed.resource.urn, "")
    return f" ({place.file}:{place.line})"


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is, and that calls nobody."""
    return text.replace("*", "\\*").replace("<", "&lt;").replace("\n", " ").replace("@", "@\u200b")


def _dollars(usd: Decimal) -> str:
    rounded = usd.quantize(_USD, rounding=ROUND_HALF_UP)
    sign = "+" if rounded > 0 else "-" if rounded < 0 else "±"
    return f"{sign}{abs(rounded):,} USD"
