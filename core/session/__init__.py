"""A run that outlives the program: written down as a recipe, read again as data, and replayed to the bit."""
