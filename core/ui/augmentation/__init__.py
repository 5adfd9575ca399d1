"""The page "Augmentation": a picture drawn anew, pipelines, boxes, and whether they help."""
