"""Roles of people: of the stack's own account, with rights to what the stack has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.problems import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Path, Problem
    from config.stack import StackConfig

ROLES: Final[Path] = ("operators", "roles")


def of_the_account(config: StackConfig) -> Iterator[Problem]:
    """People are users of the stack's own account: who is a user of another one, its administrators decide."""
    own = config.identity.account_id
    for name, role in config.operators.roles.items() if config.operators else ():
        for at, arn in enumerate(role.trusted):
            if arn.split(":")[4] != own:
                allowed = f"arn:aws:iam::{own}:root, or users of that account"
                fix = "name users of this account; people of others come by IAM Identity Center"
                yield refuse((*ROLES, name, "trusted", at), "another account", got=arn, allowed=allowed, fix=fix)


def of_the_stack(config: StackConfig) -> Iterator[Problem]:
    """A right to the cluster needs one."""
    for name, role in config.operators.roles.items() if config.operators else ():
        if "kubernetes" in role.rights and config.cluster is None:
            at, fix = role.rights.index("kubernetes"), "leave the right out, or add cluster"
            what, allowed = "the stack has no cluster", "look, shell"
            yield refuse((*ROLES, name, "rights", at), what, got="kubernetes", allowed=allowed, fix=fix)


RULES: Final = (of_the_account, of_the_stack)
