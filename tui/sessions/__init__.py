"""The run is saved by itself, and gone on with later."""
