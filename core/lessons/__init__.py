"""What each page can be set to: one frozen model a page, with the rules between its fields."""
