// Answers that come later: a component asks again whether there is more to show, ever more rarely.

const PATIENCE = [150, 200, 300, 450, 700, 900];
// Milliseconds until it asks again.
const QUIET = 80;

class Asking {
  constructor(tell) {
    this.tell = tell;
    this.asked = 0;
  }

  // `stamp` changes with what is asked, `poll` says whether something is still missing. Not once
  // for each answer: one that brings nothing new does not reach the component.
  ask({ stamp, poll }) {
    clearTimeout(this.later);
    if (stamp !== this.stamp) this.asked = 0;
    this.stamp = stamp;
    if (!poll) return;
    const pause = PATIENCE[Math.min(this.asked++, PATIENCE.length - 1)];
    this.later = setTimeout(() => this.askWhenQuiet(stamp), pause);
  }

  // A question stops what is being drawn, and on a busy machine would do so again and again.
  askWhenQuiet(stamp) {
    if (document.querySelector("[data-test-script-state='running']")) {
      this.later = setTimeout(() => this.askWhenQuiet(stamp), QUIET);
      return;
    }
    this.tell(`${Date.now()}`);
    this.ask({ stamp, poll: true });
  }

  release() { clearTimeout(this.later); }
}
