// Hands a component over to its code, which another, unchanging component has loaded: Streamlit
// sends a component's whole script with every change of its data, and this one is short.

export default function (component) {
  const { parentElement, data } = component;
  let release;
  const begin = () => {
    const code = globalThis.receptive.NAME;
    if (!parentElement.querySelector(".receptive-NAME")) {
      const host = document.createElement("div");
      host.className = "receptive-NAME";
      host.innerHTML = `<style>${code.css}</style>${code.html}`;
      parentElement.appendChild(host);
    }
    release = code.mount({ ...component, data: data[0] });
  };
  if (globalThis.receptive?.NAME) begin();
  else globalThis.addEventListener("receptive:NAME", begin, { once: true });
  return () => release?.();
}
