"""What keeps a run from being written down."""


class CannotExport(Exception):
    """The run can't be written in this format as it was; the message is one sentence that says why."""
