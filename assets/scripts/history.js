/* Runs before Streamlit does, in the page itself: one entry in the browser's history for each step of the visitor.

   Streamlit writes the address several times a step (the path, then its parameters), each time as an entry, and
   replaces it where a widget is bound to a parameter. Here the first change after the visitor has done something
   is an entry, and all that follow until then change that entry. */
(() => {
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  let acted = false;

  const write = (state, unused, url) => {
    if (new URL(url, location.href).href === location.href) return;
    (acted ? push : replace)(state, unused, url);
    acted = false;
  };
  history.pushState = write;
  history.replaceState = write;

  const note = () => (acted = true);
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, note, true);
  addEventListener("popstate", () => (acted = false), true);

  addEventListener("beforeunload", (event) => {
    if (document.querySelector(".st-key-unsaved")) event.preventDefault();
  });
})();
