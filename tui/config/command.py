"""`gradstep config`: the config file, printed as it holds, or made."""

from pathlib import Path

from core.language import _
from core.session.faults import AlreadyThere, Unwritable
from core.session.file import reason, write_durably
from tui.command_line.starting import tell_notes
from tui.config.config import Config
from tui.config.file import File
from tui.config.own_way import in_use
from tui.config.written import written
from tui.places import config_file


def printed() -> None:
    """Print the config that holds. Raises ValueError where the file is none, or can't be read."""
    config = in_use().config
    if config and config.file.mistake:
        raise ValueError(config.file.mistake())
    tell_notes()
    print(written(config or Config(File(config_file()))), end="")


def make() -> None:
    """Make the file with the defaults, all of them out of force. Raises ValueError where it is there or can't be."""
    path = config_file()
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, written(Config(File(path))), replace=False)
    except AlreadyThere:
        raise ValueError(_("{path} is there already: it stays as it is").format(path=path)) from None
    except Unwritable:
        raise
    except (OSError, ValueError) as error:
        raise ValueError(_("{path} can't be written: {why}").format(path=path, why=reason(error))) from None
    print(_("{path} is made: every line in it is still a comment").format(path=path))
