"""The part of `core.vision` that needs Keras, loaded by engine workers."""
