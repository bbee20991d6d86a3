"""The command line: what is done without a screen, and with what the stepper begins."""
