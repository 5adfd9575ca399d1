"""The kinds of steps, one frozen model each: settings with bounds, a draw, words."""
