"""The stepper in browsers on this machine: a server on textual-serve, and a process for each session."""
