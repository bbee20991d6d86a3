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


CONFIG = "GRADSTEP_CONFIG"
"""The environment variable that names another config file."""


def config_file() -> str:
    """The file in which a learner says how the program is to be; it need not exist."""
    if named := os.environ.get(CONFIG):
        return named
    from platformdirs import user_config_path

    return str(user_config_path("gradstep") / "config.toml")
