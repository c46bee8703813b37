"""The CrossGuard pack: rules as data and functions, judged by the engine and by the offline review alike.

Nothing here imports the program, so the pack can judge any Pulumi program that uses the AWS provider.

A rule on a value is a row in the file of its domain, named in that file's `RULES`:

    check(
        "ebs-volume-encrypted", "Volumes are encrypted", "encrypted", be(True),
        on=VOLUMES, severity=Severity.HIGH, controls=("EC2.3", "CKV_AWS_3"),
        remediation="set encrypted=True and kms_key_id",
    ),

and four fixtures are a row in the tests: `value_case("ebs-volume-encrypted", VOLUME, "encrypted", False)`. What needs
more is a function under `@resource_rule` or `@stack_rule` that yields what is wrong; its docstring is title and reason.
"""
