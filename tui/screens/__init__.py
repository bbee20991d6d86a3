"""Screens that open over the stepper."""
