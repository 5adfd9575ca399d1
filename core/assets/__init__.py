"""Weights and data that are not in the repository: where they are, and how they get here."""
