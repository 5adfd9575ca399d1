"""Exact NumPy arithmetic of the layers, with a trace of every step."""
