"""Verdicts "no change" of the provider, kept for a question that is asked again word for word.

The schema of a web ACL nests statements three deep. Provider 5.100.0 copies it and compares its types for each plan:
one verdict takes bridge and provider 5 to 7 s of the processor (2026-11), where other types take milliseconds.

Only types whose plan depends on nothing but the question are listed. A web ACL has no plan logic of its own, only that
of the provider's default tags, so the question is: provider and bridge, the provider's configuration, identity, state,
old and new inputs. A refresh changes the state, and with it the question. What the provider logged on the way cannot be
kept, so such a verdict is not. Changes are never kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from pulumi.runtime.proto import provider_pb2

if TYPE_CHECKING:
    from pathlib import Path

    from standins.awsproxy.bridge import Binaries
    from standins.awsproxy.values import Message

TYPES = frozenset({"aws:wafv2/webAcl:WebAcl"})
"""Types whose verdicts are kept."""


class Verdicts:
    """Verdicts of one provider.

    Args:
        directory: Where they are kept, one file each; it need not exist.
        binaries: Who gave them; another build of either gives its own.
    """

    def __init__(self, directory: Path, binaries: Binaries) -> None:
        self._directory = directory
        self._builds = [_build(path) for path in (binaries.bridge, binaries.provider)]
        self._configuration = b""

    def configured(self, request: Message) -> None:
        """Remember what the provider was configured with; before that nothing is known."""
        self._configuration = _bytes(request)

    def known(self, token: str, request: Message) -> Message | None:
        """The verdict on a `DiffRequest`, if it was "no change" before; one that cannot be read is none."""
        if self._asks(token):
            with contextlib.suppress(OSError, DecodeError):
                found = provider_pb2.DiffResponse.FromString(self._file(request).read_bytes())
                if found.changes == provider_pb2.DiffResponse.DIFF_NONE:
                    return found
        return None

    def keep(self, token: str, request: Message, response: Message) -> None:
        """Keep the verdict on a `DiffRequest` if it is "no change"; one that cannot be written is asked for again."""
        if not self._asks(token) or response.changes != provider_pb2.DiffResponse.DIFF_NONE:
            return
        file = self._file(request)
        new = file.with_name(f".{file.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(response.SerializeToString())
            new.replace(file)

    def _asks(self, token: str) -> bool:
        return token in TYPES and bool(self._configuration)

    def _file(self, request: Message) -> Path:
        question = hashlib.sha256()
        for part in (*self._builds, self._configuration, _bytes(request)):
            question.update(len(part).to_bytes(8, "big") + part)
        return self._directory / question.hexdigest()


def _build(path: Path) -> bytes:
    found = path.stat()
    return f"{path.name} {found.st_size} {found.st_mtime_ns}".encode()


def _bytes(message: Message) -> bytes:
    return bytes(message.SerializeToString(deterministic=True))
