"""What a network says of an image; the part that needs Keras is in `core.vision.worker`."""
