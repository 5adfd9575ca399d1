"""What a backbone is made of, as far as it is known without waiting."""

from __future__ import annotations

import streamlit as st

from core import engine
from core.engine import EngineError
from core.engine.settings import EngineSettings
from core.training.anatomies import PACKAGED
from core.training.anatomy import Anatomy, anatomy
from core.ui.training.session import TRANSFER
from core.zoo.registry import ZOO

_KNOWN = "_known_anatomies"


def anatomy_of(backbone: str) -> Anatomy | None:
    """Its blocks; None where a worker would have to be asked first."""
    known: dict[str, Anatomy] = st.session_state.get(_KNOWN, {})
    return PACKAGED.get(backbone) or known.get(backbone)


def ask(backbone: str) -> None:
    """A button that has the network fetched, and looked at block by block."""
    st.button(
        f"Look at the blocks of {ZOO[backbone].title}",
        icon=":material/account_tree:",
        key="ask_anatomy",
        on_click=_ask,
        args=(backbone,),
        help="It is fetched where it is not here yet. A run fetches it, too.",
    )


def _ask(backbone: str) -> None:
    try:
        found = anatomy(engine.connect(), backbone)
    except EngineError as error:
        TRANSFER.say(str(error))
        return
    st.session_state.setdefault(_KNOWN, {})[backbone] = found


def memory_limit() -> int:
    """Bytes that a worker may take."""
    return EngineSettings.from_environment().memory_limit
