"""What Streamlit shows: the only part that imports it."""
