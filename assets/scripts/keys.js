// The letters that go from graph to graph. Presses are counted here and their sum goes out: while a page is being
// made for one, the next ones are not lost.

const STEPS = { n: 1, p: -1 };
const WRITTEN = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable=true]";
let sum = 0; // since the page was opened, for all places of this component
let listening = null;

function step(event) {
  const [target] = event.composedPath();
  if (event.altKey || event.ctrlKey || event.metaKey || target.matches?.(WRITTEN)) return 0;
  return STEPS[event.key.toLowerCase()] ?? 0;
}

function stop() {
  document.removeEventListener("keydown", listening);
}

export default function ({ setStateValue }) {
  stop();
  listening = (event) => {
    const made = step(event);
    sum += made;
    if (made) setStateValue("sum", sum);
  };
  document.addEventListener("keydown", listening);
  return stop;
}
