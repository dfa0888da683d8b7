// Linked networks: every panel shows the same window of the same plane, and the same selected node.
// Draws what `data` holds and nothing else; text goes in as text, never as HTML. Expects `globalThis.vis`.

import { KEYS, listen } from "./gestures.js";
import { drawMarks } from "./marks.js";
import { pictureOf } from "./picture.js";

const OPTIONS = {
  physics: false,
  layout: { randomSeed: 0 },
  interaction: { hover: true, dragNodes: false, multiselect: false, keyboard: false },
  nodes: { font: { size: 14, face: "sans-serif" }, shapeProperties: { borderRadius: 2 }, labelHighlightBold: false, chosen: false },
  edges: { smooth: false, chosen: false },
};
const RING = "#D55E00";
const MARGIN = 34, CLOSEST = 1.6; // around the nodes, in their units; pixels a unit
const CROWDED = 1.5; // a graph that could be drawn so much larger alone does not share its window
const mounted = new WeakMap();

function element(kind, name, parent, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

function button(parent, text, act) {
  const made = element("button", "", parent, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function named(made, words) {
  made.setAttribute("aria-label", words);
  made.title = words;
}

function themeOf(root) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#ffffff";
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? "dark" : "light";
}

class View {
  // One panel: heading, legend, network, and below it the model's predictions.
  constructor(root, trio) {
    this.box = element("section", "panel", root);
    this.title = element("h3", "", this.box);
    const tools = element("div", "tools", this.box);
    this.fitter = button(tools, "Fit", () => this.trio.frame());
    this.copier = globalThis.ClipboardItem ? button(tools, "Copy", () => this.copy()) : null; // https or this machine
    this.saver = button(tools, "PNG", () => this.save());
    this.caption = element("p", "caption", this.box);
    this.canvas = element("div", "canvas", this.box);
    this.canvas.setAttribute("role", "application"); // a picture with keys of its own
    this.tip = element("p", "tip", this.box);
    this.hint = element("p", "hint", this.box);
    this.status = element("p", "spoken", this.box);
    this.status.setAttribute("role", "status");
    this.legend = element("div", "legend", this.box);
    this.list = element("p", "listed", this.box);
    this.verdicts = element("div", "verdicts", this.box);
    this.facts = element("dl", "facts", this.box);
    this.nodes = new vis.DataSet();
    this.edges = new vis.DataSet();
    this.marks = [];
    this.trio = trio;
  }

  start() {
    // After all panels have their place: vis.js measures its canvas when it starts.
    const { trio } = this;
    this.network = new vis.Network(this.canvas, { nodes: this.nodes, edges: this.edges }, OPTIONS);
    listen(this);
    this.network.on("zoom", () => trio.follow(this));
    this.network.on("dragging", () => requestAnimationFrame(() => trio.follow(this))); // it moves after the event
    this.network.on("dragEnd", () => trio.follow(this));
    this.network.on("resize", () => trio.reframe());
    this.network.on("click", (event) => trio.pick(this, event));
    this.network.on("beforeDrawing", (pen) => drawMarks(pen, this.marks));
    this.network.on("afterDrawing", (pen) => {
      if (this.star) drawStar(pen, this.star);
      this.drawRing(pen, trio.selected);
      this.drawRing(pen, trio.pointed);
      if (trio.edge) this.drawEdge(pen, ...trio.edge);
    });
    this.network.on("hoverNode", ({ node }) => { this.canvas.style.cursor = "pointer"; this.tell(node); });
    this.network.on("blurNode", () => { this.canvas.style.cursor = "grab"; this.tell(null); });
    this.canvas.addEventListener("pointerleave", () => this.tell(null));
    this.network.on("hoverEdge", () => { if (trio.edges) this.canvas.style.cursor = "pointer"; });
    this.network.on("blurEdge", () => { this.canvas.style.cursor = "grab"; });
  }

  tell(id) {
    // The words of a node, beside it: to its left where there is no room to its right.
    const node = id === null ? null : this.nodes.get(id);
    this.tip.hidden = !node;
    if (!node) return;
    this.tip.textContent = node.words;
    const { x, y } = this.network.canvasToDOM(node), reach = (node.size + 10) * this.network.getScale() + 6;
    const { offsetLeft, offsetTop, clientWidth } = this.canvas, { offsetWidth, offsetHeight } = this.tip;
    const right = x + reach + offsetWidth <= clientWidth || x - reach < offsetWidth;
    this.tip.style.left = `${offsetLeft + (right ? x + reach : x - reach - offsetWidth)}px`;
    this.tip.style.top = `${offsetTop + y - offsetHeight / 2}px`;
  }

  drawRing(pen, id) {
    const node = id === null ? null : this.nodes.get(id);
    if (!node) return;
    pen.save();
    pen.strokeStyle = RING;
    pen.lineWidth = 4;
    pen.beginPath();
    pen.arc(node.x, node.y, node.size * (node.shape === "square" ? 1.42 : 1) + 6, 0, 2 * Math.PI);
    pen.stroke();
    pen.restore();
  }

  drawEdge(pen, one, other) {
    // Between two nodes: solid on an edge, dashed where there is none.
    const start = this.nodes.get(one), end = this.nodes.get(other);
    if (!start || !end) return;
    const ends = (edge) => (edge.from === one && edge.to === other) || (edge.from === other && edge.to === one);
    const [there] = this.edges.getIds({ filter: ends });
    pen.save();
    pen.strokeStyle = RING;
    pen.lineWidth = 4;
    pen.setLineDash(there === undefined ? [4, 8] : []);
    pen.beginPath();
    pen.moveTo(start.x, start.y);
    pen.lineTo(end.x, end.y);
    pen.stroke();
    pen.restore();
  }

  show(panel) {
    this.panel = panel;
    this.name = panel.name;
    this.title.textContent = panel.title ?? panel.name;
    this.caption.textContent = panel.caption;
    named(this.fitter, `Show all of ${panel.name}`);
    named(this.saver, `Save ${panel.name} as PNG`);
    if (this.copier) named(this.copier, `Copy ${panel.name} as a picture`);
    this.tell(null);
    this.canvas.setAttribute("aria-label", `${panel.alt} ${KEYS}`);
    replaceAll(this.nodes, panel.nodes.map(prepared));
    this.star = panel.nodes.find((node) => node.shape === "star");
    replaceAll(this.edges, panel.edges);
    this.marks = panel.marks ?? [];
    this.showList(panel.listed ?? []);
    this.legend.replaceChildren();
    panel.legend.forEach((key) => this.addKey(key));
    this.verdicts.replaceChildren();
    panel.verdicts.forEach((verdict) => this.addVerdict(verdict));
    this.facts.replaceChildren();
    (panel.facts ?? []).forEach((fact) => this.addFact(fact));
  }

  showList(nodes) {
    // The kept nodes by name: who points at one sees it in every panel.
    this.list.replaceChildren(...(nodes.length > 0 ? ["Kept: "] : []));
    nodes.forEach(({ id, name }) => {
      const item = element("span", "", this.list, name);
      item.addEventListener("pointerenter", () => this.trio.point(id));
      item.addEventListener("pointerleave", () => this.trio.point(null));
      item.addEventListener("click", () => this.trio.select(id, true));
    });
  }

  save() {
    const link = document.createElement("a");
    link.download = `${this.trio.file}-${this.name.toLowerCase().replaceAll(" ", "-")}.png`;
    link.href = pictureOf(this, this.panel).toDataURL("image/png");
    link.click();
  }

  copy() {
    const drawn = new Promise((done) => { pictureOf(this, this.panel).toBlob(done, "image/png"); });
    const told = (words) => { this.status.textContent = words; };
    navigator.clipboard.write([new ClipboardItem({ "image/png": drawn })]).then(
      () => { this.copier.textContent = "Copied"; told("The picture is copied."); },
      () => { this.copier.textContent = "No copy"; told("The browser does not let the page copy; save the picture."); },
    ).finally(() => setTimeout(() => { this.copier.textContent = "Copy"; }, 2000));
  }

  addKey(key) {
    const item = element("span", "key", this.legend);
    const glyph = element("i", key.kind, item);
    glyph.style.setProperty("--fill", key.fill);
    if (key.from) glyph.style.setProperty("--from", key.from);
    element("span", "", item, key.label);
  }

  addVerdict(verdict) {
    const row = element("div", `verdict ${verdict.kind}`, this.verdicts);
    element("span", "what", row, verdict.what);
    const bar = element("span", "bar", row);
    bar.style.setProperty("--at", `${100 * verdict.line}%`);
    element("i", "", bar).style.width = `${100 * verdict.share}%`;
    element("span", "share", row, verdict.text);
    element("span", "mark", row, verdict.mark);
    row.title = verdict.words;
    row.setAttribute("role", "img");
    row.setAttribute("aria-label", verdict.words);
  }

  addFact(fact) {
    const pair = element("div", "", this.facts);
    element("dt", "", pair, fact.name);
    element("dd", "", pair, fact.value);
    pair.title = fact.words;
  }
}

function drawStar(pen, { x, y, size, color, borderWidth }) {
  // Once more, as vis.js draws it: among many nodes it would lie below others.
  pen.save();
  pen.fillStyle = color.background;
  pen.strokeStyle = color.border;
  pen.lineWidth = borderWidth;
  pen.beginPath();
  for (let corner = 0; corner < 10; corner += 1) {
    const reach = 0.82 * size * (corner % 2 ? 0.5 : 1.3), angle = (corner * Math.PI) / 5;
    pen.lineTo(x + reach * Math.sin(angle), y + 0.1 * size - reach * Math.cos(angle));
  }
  pen.closePath();
  pen.fill();
  pen.stroke();
  pen.restore();
}

function prepared({ title, ...node }) {
  // vis.js writes the label of dots and squares below them: lift it into the middle. Its tooltips cover the node.
  return { ...node, words: title, font: { ...node.font, vadjust: -node.size - 15.5 } };
}

function replaceAll(set, items) {
  const wanted = new Set(items.map((item) => item.id));
  set.remove(set.getIds().filter((id) => !wanted.has(id)));
  set.update(items);
}

function windowOf(nodes, { clientWidth, clientHeight }) {
  // The middle of some nodes, and the scale at which they fill a panel.
  const xs = nodes.map((node) => node.x), ys = nodes.map((node) => node.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  if (xs.length === 0) return { x: 0, y: 0, scale: CLOSEST };
  const scale = Math.min(clientWidth / (right - left + 2 * MARGIN), clientHeight / (bottom - top + 2 * MARGIN), CLOSEST);
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale };
}

function holds({ home, nodes, canvas }) {
  const across = canvas.clientWidth / home.scale / 2, down = canvas.clientHeight / home.scale / 2;
  return nodes.get().every(({ x, y }) => Math.abs(x - home.x) < across && Math.abs(y - home.y) < down);
}

class Trio {
  constructor(root) {
    this.root = root;
    this.selected = null;
    this.edge = null; // two nodes, marked as a pair
    this.pointed = null; // marked while its name in a list is pointed at
    this.views = [];
  }

  update(data, report) {
    this.report = report;
    this.edges = data.edges ?? false; // can edges be picked?
    const panels = data[themeOf(this.root)] ?? data.light ?? data.dark;
    if (this.views.length !== panels.length) {
      this.clear();
      this.views = panels.map(() => new View(this.root, this));
      this.views.forEach((view) => view.start());
    }
    const other = data.token !== this.token;
    this.token = data.token;
    this.file = data.file ?? data.token; // starts the names of files
    this.pointed = null;
    const moved = !other && this.isMoved();
    this.views.forEach((view, i) => view.show(panels[i]));
    if (other || (!moved && !this.views.every((view) => holds(view)))) this.frame();
    this.select(data.selected, false, data.edge ?? null);
    this.root.dataset.token = data.token;
  }

  frame() {
    // Shows all of every panel, in one window or, where that would leave the graph in a corner, in two.
    this.homes().forEach((home, i) => {
      this.views[i].home = home;
      if (home.scale > 0) this.views[i].network.moveTo({ position: { x: home.x, y: home.y }, scale: home.scale });
    });
  }

  homes() {
    // The window of each panel: those with the first one's nodes alone always share theirs.
    const { canvas, nodes } = this.views[0];
    const all = windowOf(this.views.flatMap((view) => view.nodes.get()), canvas), own = windowOf(nodes.get(), canvas);
    if (own.scale < CROWDED * all.scale) return this.views.map(() => all);
    return this.views.map((view) => (view.nodes.getIds().every((id) => nodes.get(id)) ? own : all));
  }

  isMoved() {
    // Whether the user has moved the window, or zoomed.
    const { home, network } = this.views[0], { x, y } = network.getViewPosition();
    return Math.hypot(x - home.x, y - home.y) * home.scale > 1 || Math.abs(network.getScale() / home.scale - 1) > 0.01;
  }

  reframe() {
    // vis.js changes its own window after it told of the new size, so ours comes a frame later.
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.frame());
  }

  follow(moved) {
    // The others move and zoom as much, each from its own window.
    const { x, y } = moved.network.getViewPosition(), scale = moved.network.getScale(), { home } = moved;
    this.views.filter((view) => view !== moved).forEach((view) => {
      const shared = view.home === home, share = home.scale / view.home.scale;
      const place = { x: view.home.x + (x - home.x) * share, y: view.home.y + (y - home.y) * share };
      view.network.moveTo({ position: shared ? { x, y } : place, scale: shared ? scale : scale / share });
    });
  }

  pick(view, { nodes, edges }) {
    // What was clicked: a node, or an edge where edges can be picked, or nothing.
    const edge = this.edges && nodes.length === 0 && edges.length > 0 ? view.edges.get(edges[0]) : null;
    this.select(nodes[0] ?? null, true, edge && [edge.from, edge.to]);
  }

  select(id, tell, edge = null) {
    this.selected = id;
    this.edge = edge;
    this.views.forEach((view) => {
      if (id !== null && view.nodes.get(id)) view.network.selectNodes([id], false);
      else view.network.unselectAll();
      view.network.redraw();
    });
    if (tell) this.report({ token: this.token, node: id, edge });
  }

  point(id) {
    this.pointed = id;
    this.views.forEach((view) => view.network.redraw());
  }

  clear() {
    cancelAnimationFrame(this.waiting);
    this.views.forEach((view) => view.network.destroy());
    this.root.replaceChildren();
    this.views = [];
    this.token = null; // the window is set anew
  }
}

async function styled(parent) {
  // vis.js measures its panels once, so their style has to be there.
  const sheet = parent.querySelector("link[rel=stylesheet]");
  if (sheet && !sheet.sheet) await new Promise((resolve) => { sheet.addEventListener("load", resolve, { once: true }); });
}

export default async function ({ data, parentElement, setStateValue }) {
  await styled(parentElement);
  let trio = mounted.get(parentElement);
  if (!trio) {
    trio = new Trio(parentElement.querySelector(".trio"));
    trio.root.trio = trio; // for tests and for the console
    mounted.set(parentElement, trio);
  }
  trio.update(data, (selected) => setStateValue("selected", selected));
  const theme = themeOf(trio.root);
  if (!data[theme]) setStateValue("theme", theme); // the page is drawn anew
  return () => {
    trio.clear();
    mounted.delete(parentElement);
  };
}
