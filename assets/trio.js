// Linked networks: every panel shows the same window of the same plane, and the same selected node.
// Draws what `data` holds and nothing else; text goes in as text, never as HTML. Expects `globalThis.vis`.

const OPTIONS = {
  physics: false,
  layout: { randomSeed: 0 },
  interaction: { hover: true, dragNodes: false, multiselect: false, tooltipDelay: 120, keyboard: false },
  nodes: { font: { size: 14, face: "sans-serif" }, shapeProperties: { borderRadius: 2 }, labelHighlightBold: false, chosen: false },
  edges: { smooth: false, chosen: false },
};
const RING = "#D55E00";
const MARGIN = 34;
const mounted = new WeakMap();

function element(kind, name, parent, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

function isDark(root) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#ffffff";
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
const KEYS = "Arrow keys walk from node to node, Enter selects, Escape clears, plus and minus zoom.";

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
  else return false;
  return true;
}

function walk(view, node) {
  if (!node) return;
  view.trio.select(node.id, false);
  view.status.textContent = `${node.title}\nEnter selects.`;
}

function zoom(view, factor) {
  view.network.moveTo({ scale: view.network.getScale() * factor });
  view.trio.follow(view);
}

class View {
  // One panel: heading, legend, network, and below it the model's predictions.
  constructor(root, trio) {
    this.box = element("section", "panel", root);
    this.title = element("h3", "", this.box);
    const save = element("button", "save", this.box, "PNG");
    save.type = "button";
    save.addEventListener("click", () => this.save());
    this.saver = save;
    this.caption = element("p", "caption", this.box);
    this.canvas = element("div", "canvas", this.box);
    this.canvas.setAttribute("role", "application"); // a picture with keys of its own
    this.status = element("p", "spoken", this.box);
    this.status.setAttribute("role", "status");
    this.legend = element("div", "legend", this.box);
    this.verdicts = element("div", "verdicts", this.box);
    this.facts = element("dl", "facts", this.box);
    this.nodes = new vis.DataSet();
    this.edges = new vis.DataSet();
    this.picture = null;
    this.trio = trio;
  }

  start() {
    // After all panels have their place: vis.js measures its canvas when it starts.
    const { trio } = this;
    this.network = new vis.Network(this.canvas, { nodes: this.nodes, edges: this.edges }, OPTIONS);
    listenToKeys(this);
    this.network.on("zoom", () => trio.follow(this));
    this.network.on("dragging", () => requestAnimationFrame(() => trio.follow(this))); // it moves after the event
    this.network.on("dragEnd", () => trio.follow(this));
    this.network.on("resize", () => trio.reframe());
    this.network.on("click", (event) => trio.pick(this, event));
    this.network.on("beforeDrawing", (pen) => this.drawPicture(pen));
    this.network.on("afterDrawing", (pen) => {
      if (this.star) drawStar(pen, this.star);
      this.drawRing(pen, trio.selected);
      if (trio.edge) this.drawEdge(pen, ...trio.edge);
    });
    this.network.on("hoverNode", () => { this.canvas.style.cursor = "pointer"; });
    this.network.on("blurNode", () => { this.canvas.style.cursor = "grab"; });
    this.network.on("hoverEdge", () => { if (trio.edges) this.canvas.style.cursor = "pointer"; });
    this.network.on("blurEdge", () => { this.canvas.style.cursor = "grab"; });
  }

  drawPicture(pen) {
    if (!this.picture?.complete) return;
    const { x, y, width, height } = this.picture.box;
    pen.drawImage(this.picture, x, y, width, height);
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
    this.title.textContent = panel.name;
    this.caption.textContent = panel.caption;
    this.saver.setAttribute("aria-label", `Save ${panel.name} as PNG`);
    this.saver.title = this.saver.getAttribute("aria-label");
    this.canvas.setAttribute("aria-label", `${panel.alt} ${KEYS}`);
    replaceAll(this.nodes, panel.nodes.map(centred));
    this.star = panel.nodes.find((node) => node.shape === "star");
    replaceAll(this.edges, panel.edges);
    this.showPicture(panel.image);
    this.legend.replaceChildren();
    panel.legend.forEach((key) => this.addKey(key));
    this.verdicts.replaceChildren();
    panel.verdicts.forEach((verdict) => this.addVerdict(verdict));
    this.facts.replaceChildren();
    (panel.facts ?? []).forEach((fact) => this.addFact(fact));
  }

  showPicture(image) {
    this.picture = image ? new Image() : null;
    if (!image) return;
    this.picture.box = image;
    this.picture.addEventListener("load", () => this.network.redraw());
    this.picture.src = `data:image/svg+xml;utf8,${encodeURIComponent(image.svg)}`;
  }

  save() {
    // What the panel shows now, on the surface that it lies on.
    const drawn = this.canvas.querySelector("canvas"), picture = document.createElement("canvas");
    [picture.width, picture.height] = [drawn.width, drawn.height];
    const pen = picture.getContext("2d");
    pen.fillStyle = getComputedStyle(this.box).backgroundColor;
    pen.fillRect(0, 0, picture.width, picture.height);
    pen.drawImage(drawn, 0, 0);
    const link = document.createElement("a");
    link.download = `${this.trio.token}-${this.title.textContent.toLowerCase().replaceAll(" ", "-")}.png`;
    link.href = picture.toDataURL("image/png");
    link.click();
  }

  addKey(key) {
    const item = element("span", "key", this.legend);
    const glyph = element("i", key.kind, item);
    glyph.style.setProperty("--fill", key.fill);
    if (key.from) glyph.style.setProperty("--from", key.from);
    element("span", "", item, key.label);
  }

  addVerdict(verdict) {
    const row = element("div", verdict.holds ? "verdict holds" : "verdict lost", this.verdicts);
    element("span", "what", row, verdict.what);
    const bar = element("span", "bar", row);
    bar.style.setProperty("--at", `${100 * verdict.line}%`);
    element("i", "", bar).style.width = `${100 * verdict.share}%`;
    element("span", "share", row, verdict.text);
    element("span", "mark", row, verdict.holds ? "✓" : "✗");
    row.title = verdict.words;
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

function centred(node) {
  // vis.js writes the label of dots and squares below them; lift it into the middle.
  return { ...node, font: { ...node.font, vadjust: -node.size - 15.5 } };
}

function replaceAll(set, items) {
  const wanted = new Set(items.map((item) => item.id));
  set.remove(set.getIds().filter((id) => !wanted.has(id)));
  set.update(items);
}

class Trio {
  constructor(root) {
    this.root = root;
    this.selected = null;
    this.edge = null; // two nodes, marked as a pair
    this.views = [];
  }

  update(data, report) {
    this.report = report;
    this.edges = data.edges ?? false; // can edges be picked?
    const panels = isDark(this.root) ? data.dark : data.light;
    if (this.views.length !== panels.length) {
      this.clear();
      this.views = panels.map(() => new View(this.root, this));
      this.views.forEach((view) => view.start());
    }
    const other = data.token !== this.token;
    this.token = data.token;
    const whole = !other && this.fitting() >= this.views[0].network.getScale();
    this.views.forEach((view, i) => view.show(panels[i]));
    if (other) this.frame(); else if (whole) this.widen();
    this.select(data.selected, false, data.edge ?? null);
    this.root.dataset.token = data.token;
  }

  box() {
    const nodes = this.views.flatMap((view) => view.nodes.get());
    const xs = nodes.map((node) => node.x), ys = nodes.map((node) => node.y);
    const [left, right] = [Math.min(...xs) - MARGIN, Math.max(...xs) + MARGIN];
    const [top, bottom] = [Math.min(...ys) - MARGIN, Math.max(...ys) + MARGIN];
    return { left, right, top, bottom };
  }

  frame() {
    // One window that holds every panel's nodes.
    const { left, right, top, bottom } = this.box();
    const canvas = this.views[0].canvas;
    const scale = Math.min(canvas.clientWidth / (right - left), canvas.clientHeight / (bottom - top), 1.6);
    if (!(scale > 0)) return;
    const position = { x: (left + right) / 2, y: (top + bottom) / 2 };
    this.views.forEach((view) => view.network.moveTo({ position, scale }));
  }

  reframe() {
    // vis.js changes its own window after it told of the new size, so ours comes a frame later.
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.frame());
  }

  fitting() {
    // The largest scale at which the window, staying where it is, holds every node.
    const { network, canvas } = this.views[0];
    const { x, y } = network.getViewPosition();
    const { left, right, top, bottom } = this.box();
    const across = 2 * Math.max(x - left, right - x), down = 2 * Math.max(y - top, bottom - y);
    return Math.min(canvas.clientWidth / across, canvas.clientHeight / down) + 1e-6;
  }

  widen() {
    // On the same graph the window stays; it steps back only for new nodes outside, and never when zoomed in.
    const { network } = this.views[0];
    const position = network.getViewPosition(), scale = Math.min(network.getScale(), this.fitting());
    this.views.forEach((view) => view.network.moveTo({ position, scale }));
  }

  follow(moved) {
    const position = moved.network.getViewPosition(), scale = moved.network.getScale();
    this.views.filter((view) => view !== moved).forEach((view) => view.network.moveTo({ position, scale }));
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

  clear() {
    cancelAnimationFrame(this.waiting);
    this.views.forEach((view) => view.network.destroy());
    this.root.replaceChildren();
    this.views = [];
    this.token = null; // the window is set anew
  }
}

export default function ({ data, parentElement, setStateValue }) {
  let trio = mounted.get(parentElement);
  if (!trio) {
    trio = new Trio(parentElement.querySelector(".trio"));
    trio.root.trio = trio; // for tests and for the console
    mounted.set(parentElement, trio);
  }
  trio.update(data, (selected) => setStateValue("selected", selected));
  return () => {
    trio.clear();
    mounted.delete(parentElement);
  };
}
