"""One file a panel. A panel draws the Descent and knows nothing else."""
