"""The page "Transfer learning": a pretrained network taught classes of one's own."""
