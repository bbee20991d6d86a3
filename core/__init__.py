"""What gradient descent does: no screen, no keys, no terminal."""
