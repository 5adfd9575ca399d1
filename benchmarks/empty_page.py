"""The smallest page with a slider: what a step costs in Streamlit itself."""

import streamlit as st

value = st.select_slider("Value", range(1, 12), value=3, key="value")
with st.container(key="shown"):
    st.write(f"Value {value}")
