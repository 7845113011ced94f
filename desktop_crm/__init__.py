"""Desktop CRM: the customer program of a small phone shop."""

__version__ = "0.1.0"
