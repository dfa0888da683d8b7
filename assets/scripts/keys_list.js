/* The question mark lists the keys that work on the page, with no need of the server. What is pressed while
   nothing is being written goes on to the page as "pressed". */
(() => {
  const WRITTEN = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable=true]";
  const KEYS = [
    ["steps", "N, P", "the next graph, the previous one"],
    ["anywhere", "Tab", "to the next button, box or link"],
    ["panels", "Arrow keys", "in a panel: from node to node"],
    ["panels", "Enter, Escape", "in a panel: select the node, select none"],
    ["panels", "+, −, 0", "in a panel: nearer, further off, all of it"],
    ["anywhere", "?", "this list"],
  ];

  const isWritten = (event) => event.composedPath()[0].matches?.(WRITTEN);

  const list = () => {
    if (document.querySelector("dialog.keys")) return;
    const dialog = document.createElement("dialog"), close = document.createElement("button");
    const heading = document.createElement("h2"), rows = document.createElement("dl");
    dialog.className = "keys";
    heading.id = "list-of-keys";
    heading.textContent = "Keys";
    dialog.setAttribute("aria-labelledby", heading.id);
    const elements = [...document.querySelectorAll("*")], works = {
      anywhere: true,
      steps: document.querySelector(".st-key-step1 button:enabled"),
      panels: elements.some((element) => element.shadowRoot?.querySelector(".trio")),
    };
    for (const [where, key, words] of KEYS) {
      if (!works[where]) continue;
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
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || isWritten(event)) return;
    if (event.key === "?") list();
    document.dispatchEvent(new CustomEvent("pressed", { detail: event.key.toLowerCase() }));
  });
})();
