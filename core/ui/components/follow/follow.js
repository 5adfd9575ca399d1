// Has the fragment that it stands in run again when the stage says that it rests, or, where
// `again` names a reason, once the browser has drawn what has come.
//
// The stage itself must not ask for that: its message would start a run of the stage's fragment,
// which a callback would then have to turn into another one. Whatever Streamlit has not sent yet
// of the stage is thrown away at such a start, and a key that comes in between is taken back.

const IDLE = "[data-testid='stApp'][data-test-script-state='notRunning']";
const LOOK_MS = 30;

export default function ({ parentElement, data, setTriggerValue }) {
  const [again] = data;
  const leave = () => {
    globalThis.removeEventListener("receptive:rested", parentElement.follow);
    clearInterval(parentElement.waiting);
  };
  leave();
  parentElement.follow = () => setTriggerValue("rested", true);
  globalThis.addEventListener("receptive:rested", parentElement.follow);
  if (again !== "") {
    parentElement.waiting = setInterval(() => {
      if (!document.querySelector(IDLE)) return;
      clearInterval(parentElement.waiting);
      parentElement.follow();
    }, LOOK_MS);
  }
  return leave;
}
