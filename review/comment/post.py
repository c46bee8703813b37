"""Puts one comment under a pull request, and edits it from then on: by GitHub's API, or by one that is like it.

The comment is found by a marker that no reader sees, among those of its own author alone, over all pages. The marker
holds the number of the run, so that a run that began earlier and ends later edits nothing. Two runs may each find no
comment and make one; each looks again afterwards, the oldest comment stays, and others of the author go.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

API: Final = "https://api.github.com"
_MARK: Final = re.compile(r"<!-- platform-review run=(\d+) commit=([0-9a-f]+) -->")
_PAGE: Final = 100
_TRIES: Final = 4
_WAIT_SECONDS: Final = 60
"""Longest wait that a refusal for too many calls is followed; a longer one ends the run."""
_AGAIN: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, *range(500, 600)})


class PostError(Exception):
    """The comment was not posted; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a comment goes."""

    api: str
    """URL of the API."""
    repository: str
    """Owner and name."""
    pull: int
    """Number of the pull request."""
    token: str
    """Who writes; in a header of each call, and nowhere else."""

    def __repr__(self) -> str:
        """Name the place without the token."""
        return f"{self.repository}#{self.pull}"


@dataclass(frozen=True, kw_only=True)
class _Mine:
    """A comment of ours that is there."""

    id: int
    run: int
    text: str


def post(place: Place, text: str, *, commit: str, run: int) -> str:
    """Put the comment there, or edit the one that is there; returns what was done.

    Raises:
        PostError: A newer run was here, or the API refuses or does not answer.
    """
    if not re.fullmatch(r"[0-9a-f]{7,64}", commit):
        raise PostError(f"--commit: no commit: {commit}; give its hexadecimal name")
    body = f"<!-- platform-review run={run} commit={commit} -->\n{text}"
    there = list(_mine(place))
    if newer := [one.run for one in there if one.run > run]:
        raise PostError(f"run {max(newer)} has posted already; what run {run} says of {commit[:12]} is older")
    if there:
        first, *others = sorted(there, key=lambda one: one.id)
        done = "left as it was"
        if first.text != body:
            _call(place, "PATCH", f"issues/comments/{first.id}", {"body": body})
            done = "edited"
    else:
        _call(place, "POST", f"issues/{place.pull}/comments", {"body": body})
        first, *others = sorted(_mine(place), key=lambda one: one.id)
        done = "posted"
    for one in others:
        _call(place, "DELETE", f"issues/comments/{one.id}")
    return f"{place!r}: {done}{f', and {len(others)} others taken away' * bool(others)}"


def _mine(place: Place) -> Iterator[_Mine]:
    """Yield every comment of ours, over all pages; one of another author that has the marker is none."""
    author = _login(place)
    page = 1
    while True:
        found = _call(place, "GET", f"issues/{place.pull}/comments?per_page={_PAGE}&page={page}")
        for one in found:
            mark = _MARK.match(one.get("body") or "")
            if mark and (one.get("user") or {}).get("login") == author:
                yield _Mine(id=one["id"], run=int(mark[1]), text=one["body"])
        if len(found) < _PAGE:
            return
        page += 1


def _login(place: Place) -> str:
    """Return whom the token is of; that of a workflow may not ask, and is always the same."""
    try:
        return str(_call(place, "GET", "user", above=True)["login"])
    except _RefusedError as error:
        if error.status != HTTPStatus.FORBIDDEN:
            raise
        return "github-actions[bot]"


class _RefusedError(PostError):
    """The API refuses a call."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def _call(place: Place, method: str, path: str, body: Mapping[str, Any] | None = None, *, above: bool = False) -> Any:  # noqa: ANN401  JSON
    """Call the API; what it refuses for the moment is asked again.

    Args:
        place: Where.
        method: Method of HTTP.
        path: Below the repository.
        body: What is sent.
        above: True = below the API itself.

    Raises:
        PostError: It refuses, or does not answer.
    """
    base = place.api.rstrip("/")
    url = f"{base}/{path}" if above else f"{base}/repos/{place.repository}/{path}"
    if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise PostError(f"--api: {place.api}: the token would be sent in the clear; give an https URL")
    request = Request(url, method=method, data=None if body is None else json.dumps(body).encode())  # noqa: S310  judged above
    for name, value in _headers(place).items():
        request.add_header(name, value)
    for attempt in range(1, _TRIES + 1):
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310  judged above
                said = answer.read()
                return json.loads(said) if said else None
        except HTTPError as error:
            wait = _wait(error, attempt)
            if wait is None or attempt == _TRIES:
                raise _RefusedError(error.code, f"{place!r}: {method} {path}: {error.code} {error.reason}") from None
            time.sleep(wait)
        except (URLError, TimeoutError) as error:
            if attempt == _TRIES:
                raise PostError(f"{place!r}: no answer: {getattr(error, 'reason', error)}") from None
            time.sleep(attempt)
    raise AssertionError  # every way out of the loop returns or raises


def _wait(error: HTTPError, attempt: int) -> float | None:
    """Return for how many seconds to wait before the call is tried again; None where that helps nobody."""
    limited = error.code == HTTPStatus.FORBIDDEN and error.headers.get("x-ratelimit-remaining") == "0"
    if error.code not in _AGAIN and not limited and not error.headers.get("retry-after"):
        return None
    asked = error.headers.get("retry-after")
    reset = error.headers.get("x-ratelimit-reset")
    seconds = float(asked) if asked else float(reset) - time.time() if limited and reset else float(attempt)
    return max(seconds, 0.0) if seconds <= _WAIT_SECONDS else None


def _headers(place: Place) -> Mapping[str, str]:
    return {
        "authorization": f"Bearer {place.token}",
        "accept": "application/vnd.github+json",
        "content-type": "application/json",
        "user-agent": "platform-review",
    }
