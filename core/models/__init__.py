"""Keras models. Engine workers load this package; the process that serves pages does not."""
