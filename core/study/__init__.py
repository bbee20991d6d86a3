"""What a learner does with a run beside running it: predict it, compare it, experiment, write a line, reach a goal."""
