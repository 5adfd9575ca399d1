"""The training loop: the part of `core.training` that needs Keras, loaded by engine workers."""
