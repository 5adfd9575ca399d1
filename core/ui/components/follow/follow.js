// Has the fragment that it stands in run again when the stage says that it rests.
//
// The stage itself must not ask for that: its message would start a run of the stage's fragment,
// which a callback would then have to turn into another one. Whatever Streamlit has not sent yet
// of the stage is thrown away at such a start, and a key that comes in between is taken back.

export default function ({ parentElement, setTriggerValue }) {
  const leave = () => globalThis.removeEventListener("receptive:rested", parentElement.follow);
  leave();
  parentElement.follow = () => setTriggerValue("rested", true);
  globalThis.addEventListener("receptive:rested", parentElement.follow);
  return leave;
}
