"""From a key to the run: torch behind the first frame, keys that wait for it, what runs by itself."""
