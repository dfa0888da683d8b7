// The letters that go from graph to graph. Presses are counted here and their sum goes out: while a page is being
// made for one, the next ones are not lost.

const STEPS = { n: 1, p: -1 };
let sum = 0; // since the page was opened, for all places of this component
let listening = null;

function stop() {
  document.removeEventListener("pressed", listening);
}

export default function ({ setStateValue }) {
  stop();
  listening = ({ detail }) => {
    const made = STEPS[detail] ?? 0;
    sum += made;
    if (made) setStateValue("sum", sum);
  };
  document.addEventListener("pressed", listening);
  return stop;
}
