import streamlit as st
from core.ui import page
page.begin("pages/home.py")
st.title("Receptive")
