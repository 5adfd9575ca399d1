"""Pretrained networks as data: what they are, what they take, how good they are said to be.

Nothing here needs Keras; `core.models.zoo` builds what is described here.
"""
