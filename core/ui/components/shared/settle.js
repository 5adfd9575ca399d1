// The settings beside a component have other ranges now. They can wait until the slider rests.

const REST = 160;

function restThen(before, settle, component) {
  clearTimeout(before);
  return settle ? setTimeout(() => component.setTriggerValue("settled", true), REST) : null;
}
