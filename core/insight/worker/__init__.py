"""The part of `core.insight` that needs Keras, loaded by engine workers."""
