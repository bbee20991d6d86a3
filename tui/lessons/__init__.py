"""The lessons: their texts, and the learner in one of them."""
