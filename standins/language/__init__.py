"""The engine's Python language host, for machines where only the engine itself can be had."""
