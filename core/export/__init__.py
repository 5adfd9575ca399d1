"""What a lesson can be taken away as: Keras code, a notebook, pictures, tables, settings."""
