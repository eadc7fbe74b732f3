"""Broadsheet: wire copy comes in, a newspaper goes out, and every claim keeps its source.

The rooms of the house, and which may lean on which, are told in ``docs/flow.md``;
import-linter holds the arrows (``pyproject.toml``).
"""

__version__ = "0.1.0"
