"""The run is saved automatically, and resumed later."""
