"""The account's own settings: what binds everything in it, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import iam, s3

from components.base import child, named

if TYPE_CHECKING:
    import pulumi

    from config.audit import Account
    from config.identity import Identity


def build_account(
    parent: pulumi.Resource, name: str, identity: Identity, account: Account
) -> list[iam.ServiceLinkedRole]:
    """Build the account's settings.

    Returns:
        The service-linked roles that the stack makes, for those that need one of them.
    """
    _password_policy(parent, name, account)
    if account.block_public_buckets:
        s3.AccountPublicAccessBlock(
            named(name, "public-buckets"),
            account_id=identity.account_id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child(parent),
        )
    return [
        iam.ServiceLinkedRole(
            named(name, f"linked-{service.partition('.')[0]}"), aws_service_name=service, opts=child(parent)
        )
        for service in account.service_linked_roles
    ]


def _password_policy(parent: pulumi.Resource, name: str, account: Account) -> None:
    policy = account.password_policy
    iam.AccountPasswordPolicy(
        named(name, "passwords"),
        minimum_password_length=policy.minimum_length,
        password_reuse_prevention=policy.reuse_prevention,
        max_password_age=policy.maximum_age_days,
        require_lowercase_characters=True,
        require_uppercase_characters=True,
        require_numbers=True,
        require_symbols=True,
        allow_users_to_change_password=True,
        opts=child(parent),
    )
