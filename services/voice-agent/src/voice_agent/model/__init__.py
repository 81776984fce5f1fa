"""Weights, training and inference. Knows nothing of HTTP, and nothing of `api`."""
