// Every component is a class with `receive(component)` and `release()`. Streamlit calls `mount` on
// each change; the element that is already there keeps its view, and with it what a person did.

function mounting(selector, View) {
  const views = new WeakMap();
  return (component) => {
    const root = component.parentElement.querySelector(selector);
    let view = views.get(root);
    if (!view) {
      view = new View(root, component);
      views.set(root, view);
    }
    view.receive(component);
    return () => {
      view.release();
      views.delete(root);
    };
  };
}
