"""Prediction, both methods side by side and kept runs, as the screen has them."""
