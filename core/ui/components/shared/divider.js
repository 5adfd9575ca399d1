// A line between two pictures that lie over each other: left of it the one, right the other.
// It is a slider: the pointer drags it, arrow keys, Home and End move it.

class Divider {
  // handle: the element that is dragged, in the view's own frame. onMove(): draw again.
  constructor(handle, view, onMove) {
    Object.assign(this, { handle, view, onMove, share: 0.5 });
    handle.setAttribute("role", "slider");
    handle.setAttribute("aria-valuemin", "0");
    handle.setAttribute("aria-valuemax", "100");
    handle.tabIndex = 0;
    handle.addEventListener("pointerdown", (e) => {
      handle.setPointerCapture(e.pointerId);
      e.preventDefault();
      handle.focus({ preventScroll: true });
    });
    handle.addEventListener("pointermove", (e) => {
      if (!handle.hasPointerCapture(e.pointerId)) return;
      const box = view.getBoundingClientRect();
      this.to((e.clientX - box.left) / box.width);
    });
    handle.addEventListener("dblclick", () => this.to(0.5));
    handle.addEventListener("keydown", (e) => this.key(e));
    this.to(0.5);
  }

  key(event) {
    const step = event.shiftKey ? 0.1 : 0.02;
    const to = { ArrowLeft: this.share - step, ArrowRight: this.share + step, Home: 0, End: 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.to(to);
  }

  to(share) {
    this.share = Math.min(Math.max(share, 0), 1);
    this.handle.style.left = `${this.share * 100}%`;
    this.handle.setAttribute("aria-valuenow", String(Math.round(this.share * 100)));
    this.onMove?.();
  }
}
