"""The page "U-Net", part by part."""
