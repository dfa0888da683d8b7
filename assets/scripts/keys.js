// The letters that go from graph to graph. Presses are counted here and go out with the page that they were counted
// from: while a page is being made for one, the next ones are not lost, also where it takes this component away.

const STEPS = { n: 1, p: -1 };
let sum = null; // of the steps that were pressed in this session, on all pages
let sent = null, walk = null, path = "";

document.addEventListener("pressed", ({ detail }) => {
  const made = STEPS[detail] ?? 0;
  if (!made || location.pathname !== path) return;
  sum += made;
  walk?.();
});

export default function ({ data, setStateValue }) {
  const send = () => {
    sent = sum;
    setStateValue("walk", { ...data, to: sum });
  };
  [walk, path] = [send, location.pathname];
  if (sum === null) sum = sent = data.at; // the browser has just loaded the page
  if (sent !== sum) send();
  return () => {
    if (walk === send) walk = null;
  };
}
