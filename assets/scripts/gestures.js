// What keys, the wheel and fingers do to a panel. The page keeps what scrolls it: the plain wheel and one finger.

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
export const KEYS = "Arrow keys walk from node to node, Enter selects, Escape clears, plus and minus zoom, 0 shows all.";
const WHEEL = "Hold Ctrl to zoom with the wheel", FINGERS = "Two fingers move and zoom";
let hinted = false; // once is enough, whatever the panel

export function listen(view) {
  listenToKeys(view);
  listenToWheel(view);
  listenToFingers(view);
  view.network.on("doubleClick", () => view.trio.frame());
}

function listenToKeys(view) {
  // The panel itself takes the focus, not vis.js's frame in it: one stop for the tab key.
  view.canvas.querySelector(".vis-network").tabIndex = -1;
  view.canvas.tabIndex = 0;
  view.canvas.addEventListener("pointerdown", () => view.canvas.focus({ preventScroll: true }));
  view.canvas.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !pressed(view, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function pressed(view, key) {
  const { trio, nodes } = view;
  const from = trio.selected === null ? null : nodes.get(trio.selected); // get(null) would be all of them
  if (ARROWS[key]) walk(view, nextNode(nodes.get(), from, ARROWS[key]));
  else if (key === "Enter") trio.select(trio.selected, true);
  else if (key === "Escape") trio.select(null, true);
  else if (key === "+" || key === "=" || key === "-") zoom(view, key === "-" ? 1 / 1.25 : 1.25);
  else if (key === "0") trio.frame();
  else return false;
  return true;
}

function nextNode(nodes, from, [x, y]) {
  // The node to walk to in a direction: near, and not far off the line. From nowhere: the first node.
  if (!from) return nodes[0];
  const cost = (node) => {
    const along = (node.x - from.x) * x + (node.y - from.y) * y;
    const across = Math.abs((node.x - from.x) * y - (node.y - from.y) * x);
    return along > 1 && across <= 2 * along ? along + 2 * across : Infinity;
  };
  return nodes.reduce((near, node) => (cost(node) < cost(near) ? node : near), from);
}

function walk(view, node) {
  if (!node) return;
  view.trio.select(node.id, false);
  view.status.textContent = `${node.words}\nEnter selects.`;
}

function zoom(view, factor) {
  view.network.moveTo({ scale: view.network.getScale() * factor });
  view.trio.follow(view);
}

function hint(view, text) {
  if (hinted) return;
  hinted = true;
  view.hint.textContent = text;
  view.hint.classList.add("told");
  setTimeout(() => view.hint.classList.remove("told"), 2600);
}

function listenToWheel(view) {
  const plain = (event) => {
    if (event.ctrlKey || event.metaKey) return; // vis.js zooms
    event.stopPropagation();
    hint(view, WHEEL);
  };
  view.canvas.addEventListener("wheel", plain, { capture: true, passive: true });
}

function keepFinger(event) {
  if (event.pointerType === "touch") event.stopPropagation();
}

function listenToFingers(view) {
  // vis.js hears of taps alone; it would take one finger for itself.
  const { canvas } = view;
  let held = null;
  canvas.addEventListener("pointermove", keepFinger, { capture: true });
  const moved = (event) => {
    if (event.touches.length === 1 && event.type === "touchmove") hint(view, FINGERS);
    const now = event.touches.length === 2 ? grip(event.touches, canvas) : null;
    if (now && event.cancelable) event.preventDefault();
    if (now && held) pinch(view, held, now);
    held = now;
  };
  for (const kind of ["touchstart", "touchmove", "touchend"]) canvas.addEventListener(kind, moved, { passive: false });
}

function grip([one, other], canvas) {
  // Where two fingers are in the panel, and how far apart.
  const { left, top } = canvas.getBoundingClientRect();
  const gap = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  return { x: (one.clientX + other.clientX) / 2 - left, y: (one.clientY + other.clientY) / 2 - top, gap: Math.max(gap, 1) };
}

function pinch(view, held, now) {
  // What lay between the fingers stays between them.
  const { network, canvas } = view;
  const under = network.DOMtoCanvas(held), scale = (network.getScale() * now.gap) / held.gap;
  const x = under.x - (now.x - canvas.clientWidth / 2) / scale, y = under.y - (now.y - canvas.clientHeight / 2) / scale;
  network.moveTo({ position: { x, y }, scale });
  view.trio.follow(view);
}
