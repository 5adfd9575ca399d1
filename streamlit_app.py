"""Entry: page config, navigation, the current image in the sidebar. Nothing else."""

import streamlit as st

from core.ui import boot, frame, page

st.set_page_config(
    page_title="Receptive",
    page_icon=frame.ICON,
    layout="wide",
    initial_sidebar_state=frame.sidebar_state(),
)
boot.warm_up()
st.session_state["_framed"] = True
current = st.navigation(frame.navigation(), expanded=True)
page.follow_deep_link()
frame.draw(current.url_path)
current.run()
