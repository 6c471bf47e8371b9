"""Holdfast: on-call and incident response that refuses untrue claims."""

__version__ = "0.1.0"
