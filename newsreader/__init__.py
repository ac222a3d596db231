"""A terminal news reader for digests of official releases."""

__version__ = "0.1.0"
