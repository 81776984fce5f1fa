"""Hand machine-learning research over to production, on one screen."""

__version__ = "0.1.0"
