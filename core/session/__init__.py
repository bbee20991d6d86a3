"""A run as a file: its texts, its knobs and its place, from which an engine replays it to the bit."""
