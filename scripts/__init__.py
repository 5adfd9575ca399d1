"""What is run by hand: pictures for the documentation, the icon."""
