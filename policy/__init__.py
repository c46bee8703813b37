"""The CrossGuard pack: rules as data and functions, judged by the engine and by the offline review alike.

Nothing here imports the program, so the pack can judge any Pulumi program that uses the AWS provider.
"""
