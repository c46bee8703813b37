"""Lifecycle of the sandbox: checks, toolchain, emulator, gate, deploy, verify, report; all of it or none of it."""
