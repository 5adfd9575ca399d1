"""The page "Training": a run handed in, watched, steered, compared and tried."""
