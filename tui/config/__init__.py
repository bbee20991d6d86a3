"""The config file: theme, language, start of the run, speed and keys, as the learner wants them."""
