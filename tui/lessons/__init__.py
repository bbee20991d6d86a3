"""The lessons: Markdown files, a page of the lecture each, and what is needed to sit through them."""
