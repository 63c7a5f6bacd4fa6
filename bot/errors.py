"""The errors that a person can cause or must hear of; each front end shows them as one line."""


class PapersError(Exception):
    """Something outside failed and nothing could stand in for it; the message says what to do.

    The command line ends with `status`.
    """

    status = 1


class BadInput(PapersError):
    """Wrong usage or unusable input; the message names the file, line or setting and the reason."""

    status = 2


class LibraryBusy(PapersError):
    """Another process is writing to the library; the message names it."""


class LibraryDamaged(PapersError):
    """A file of the library is unreadable or from a newer version; nothing was changed."""
