"""What is done from the command line, mostly without a screen."""
