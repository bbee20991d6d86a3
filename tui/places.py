"""Where the program keeps what it remembers from one start to the next."""

import os
from pathlib import Path

STATE = "GRADSTEP_STATE"
"""The environment variable that names another folder for it."""


def state_folder() -> Path:
    """The folder of this program in the platform's place for such things; it need not exist yet."""
    if named := os.environ.get(STATE):
        return Path(named)
    from platformdirs import user_state_path  # asks the system where things are: not for the first frame

    return user_state_path("gradstep")
