"""Pictures, sent once to the browser for a component that changes more often than they do."""

from __future__ import annotations

from collections.abc import Mapping

from core.ui.components.source import Component

code = Component("album")


def album(pictures: Mapping[str, str], *, key: str) -> None:
    """Send addresses of pictures, unseen; call where the settings are drawn, not the stage.

    They take the place of those that were sent before.

    Args:
        pictures: addresses by the names under which a component asks for them; a name stands
            for the same picture always.
        key: the component's key.
    """
    code.mount(key=key, data={"pictures": dict(pictures)})
