import streamlit as st
from core.ui import page
page.begin("pages/image.py")
st.title("Receptive")
