"""Kubernetes provider that renders manifests to files instead of applying them: no API server is needed, or asked.

Writes the layout of the official provider's `renderYamlToDirectory`. What only a server could do (patches, Helm
releases, look-ups) is refused by name, and so is what must never lie in a plain file: secrets.
"""
