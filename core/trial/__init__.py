"""A line of one's own: what it may be, and what it does, tried on a copy before it replaces anything."""
