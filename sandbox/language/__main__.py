"""`pulumi-language-python`, started by the engine with its own address and the options of the project file."""

from sandbox.language.host import serve

serve()
