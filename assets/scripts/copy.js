// A text to take along: shown as it is, with a button that copies it.

export default function ({ data, parentElement }) {
  const [text, button] = [parentElement.querySelector("pre"), parentElement.querySelector("button")];
  text.textContent = data.text;
  button.textContent = "Copy";
  const stopper = new AbortController();
  const copy = async () => {
    getSelection().selectAllChildren(text); // where the browser lets no page copy, the user can
    await navigator.clipboard?.writeText(data.text);
    button.textContent = navigator.clipboard ? "Copied" : "Selected";
  };
  button.addEventListener("click", copy, { signal: stopper.signal });
  return () => stopper.abort();
}
