"""Where a program lives: its folder first on the path, gradstep's own modules out of its sight."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

OURS = ("core", "tui")


@contextmanager
def program_folder(filename: str, module: ModuleType, hide: bool = True) -> Iterator[None]:
    """Run with `module` as __main__; with `hide` the program's folder comes first, and a core.py there wins."""
    main, path = sys.modules.get("__main__"), list(sys.path)
    sys.modules["__main__"] = module
    folder = Path(filename).resolve().parent
    ours = [name for name in list(sys.modules) if name.partition(".")[0] in OURS] if hide else []
    kept = {name: sys.modules.pop(name) for name in ours}
    if hide and folder.is_dir():
        sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        if main is not None:
            sys.modules["__main__"] = main
        if hide:
            sys.path[:] = path
            for name in [name for name in list(sys.modules) if name.partition(".")[0] in OURS]:
                del sys.modules[name]
        sys.modules.update(kept)
