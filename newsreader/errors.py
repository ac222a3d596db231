"""What can go wrong, as errors whose messages are fit to show a user."""


class NewsreaderError(Exception):
    """Something that the user can act on; its message says what happened, where, and what to do."""

    status = 2
    """The exit status of a command that ends with this error."""


class UsageError(NewsreaderError):
    """The command line cannot be understood."""


class ConfigError(NewsreaderError):
    """The configuration file or an environment variable cannot be used as it is."""


class LibraryError(NewsreaderError):
    """A path that was named as the library cannot be read at all."""

    status = 3


class QueryError(NewsreaderError):
    """A query cannot be understood."""

    def __init__(self, message: str, position: int) -> None:
        """`position` counts characters of the query text from 0."""
        super().__init__(message)
        self.position = position


class ArchiveError(NewsreaderError):
    """The archive cannot be used, and could not be rebuilt."""

    status = 3


class MarksError(NewsreaderError):
    """The marks cannot be read or written; nothing that was stored is touched."""

    status = 3


class MarksDamagedError(MarksError):
    """The marks turned out to be damaged while releases were read; once they are held, reading can go on."""
