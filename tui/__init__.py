"""The stepper: what a learner sees and presses. It shows the core and computes nothing of its own."""
