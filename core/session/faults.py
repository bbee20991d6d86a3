"""What can be wrong with a session's file."""


class Fault(Exception):
    """What is wrong with a file, and where in it; without its name."""


class Unopenable(ValueError):
    """A session that can't be opened; the message is one sentence for the person who named it."""


class Unwritable(ValueError):
    """A file that can't be written; the message is one sentence for the person who named it."""


class AlreadyThere(Unwritable):
    """A file of that name exists."""
