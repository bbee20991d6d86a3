"""`gradstep config`: the config file, printed as it holds, or made."""

from pathlib import Path

from core.language import _
from tui.command_line.options import print_config_notes
from tui.errors import os_reason
from tui.places import config_file
from tui.settings import current
from tui.settings_fields import template


def print_config() -> None:
    """Print the config that holds. Raises ValueError where the file can't be read."""
    settings = current()
    if settings.broken:
        raise ValueError(settings.mistakes[0])
    print_config_notes()
    print("\n".join(template(config_file(), settings.values, settings.keymap)))


def write_config() -> None:
    """Make the file with the defaults, all commented out. Raises ValueError where it is there or can't be."""
    path = config_file()
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with open(path, "x", encoding="utf-8") as file:
            file.write("\n".join(template(path, {}, {})) + "\n")
    except FileExistsError:
        raise ValueError(_("{path} is there already: it stays as it is").format(path=path)) from None
    except OSError as error:
        raise ValueError(_("{path} can't be written: {why}").format(path=path, why=os_reason(error))) from None
    print(_("{path} is made: every line in it is still a comment").format(path=path))
