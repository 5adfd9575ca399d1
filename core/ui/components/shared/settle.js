// The settings beside a component have other ranges now. They can wait until the slider rests;
// the component "follow" beside them then asks for them.

const REST = 350;

function restThen(before, settle) {
  clearTimeout(before);
  return settle ? setTimeout(() => globalThis.dispatchEvent(new Event("receptive:rested")), REST) : null;
}
