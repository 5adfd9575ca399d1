"""The page "Detector", part by part."""
