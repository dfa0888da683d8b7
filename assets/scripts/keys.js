// The letters that go from graph to graph. Presses are counted here and their sum goes out: while a page is being
// made for one, the next ones are not lost. The question mark lists all keys, with no need of the server.

const STEPS = { n: 1, p: -1 };
const WRITTEN = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable=true]";
let sum = 0; // since the page was opened, for all places of this component
let listening = null;

function isWritten(event) {
  const [target] = event.composedPath();
  return event.altKey || event.ctrlKey || event.metaKey || target.matches?.(WRITTEN);
}

function list(keys) {
  if (document.querySelector("dialog.keys")) return;
  const dialog = document.createElement("dialog"), close = document.createElement("button");
  const heading = document.createElement("h2"), rows = document.createElement("dl");
  dialog.className = "keys";
  heading.id = "list-of-keys";
  heading.textContent = "Keys";
  dialog.setAttribute("aria-labelledby", heading.id);
  for (const [key, words] of keys) {
    for (const [kind, text] of [["dt", key], ["dd", words]]) {
      const made = document.createElement(kind);
      made.textContent = text;
      rows.append(made);
    }
  }
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(heading, rows, close);
  (document.querySelector(".stApp") ?? document.body).append(dialog);
  dialog.showModal();
}

function stop() {
  document.removeEventListener("keydown", listening);
}

export default function ({ data, setStateValue }) {
  stop();
  listening = (event) => {
    if (isWritten(event)) return;
    if (event.key === "?") list(data.keys);
    const made = STEPS[event.key.toLowerCase()] ?? 0;
    sum += made;
    if (made) setStateValue("sum", sum);
  };
  document.addEventListener("keydown", listening);
  return stop;
}
