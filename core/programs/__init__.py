"""The lecture's loop bodies, one file a hypothesis."""
