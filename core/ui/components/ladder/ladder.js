// Shows the drawing that Python sends.

function mount(component) {
  const root = component.parentElement.querySelector(".ladder");
  if (root.drawn !== component.data.svg) {
    root.innerHTML = root.drawn = component.data.svg;
    root.dataset.ready = "true";
  }
  return () => {};
}
