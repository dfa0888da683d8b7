/* A button that copies the address of what is shown. */
export default function ({ parentElement }) {
  const button = parentElement.querySelector("button");
  const stopper = new AbortController();
  const copy = async () => {
    let words = "Copied";
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      words = "Copy it from the address bar"; // browsers allow it on safe addresses alone
    }
    button.textContent = words;
    setTimeout(() => (button.textContent = "Copy link"), 3000);
  };
  button.addEventListener("click", copy, { signal: stopper.signal });
  return () => stopper.abort();
}
