// The capacity path: a point a step, of which the nearest one to the pointer is told, and picked by a click.
// By keyboard, arrow keys walk from step to step and Enter picks. Draws what `data` holds; text goes in as text.

const HEIGHT = 230, EDGE = { left: 62, right: 14, top: 30, bottom: 42 }, NEAR = 18; // pixels
const charts = new WeakMap();

function shape(kind, attributes, parent, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

function scaled(values, from, to) {
  const low = Math.min(...values), span = Math.max(...values) - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

class Chart {
  constructor(root) {
    this.root = root;
    this.svg = shape("svg", { tabindex: 0, role: "slider" }, root);
    this.words = document.createElement("p");
    root.append(this.words);
    this.svg.addEventListener("pointermove", (event) => this.walk(this.nearest(event)));
    this.svg.addEventListener("click", (event) => this.choose(this.nearest(event)));
    this.svg.addEventListener("keydown", (event) => this.press(event));
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(root);
  }

  show(data, pick) {
    Object.assign(this, { data, pick, at: data.shown[0] ?? data.choice[data.choice.length >> 1] ?? 0 });
    this.svg.setAttribute("aria-label", data.alt);
    this.svg.setAttribute("aria-valuemin", 0);
    this.svg.setAttribute("aria-valuemax", data.points.length - 1);
    this.draw();
  }

  draw() {
    const width = this.root.clientWidth;
    if (!this.data || width < 2 * EDGE.left) return;
    const { points, choice, shown, across, up } = this.data, { svg } = this;
    const x = scaled(points.map((point) => point.x), EDGE.left + 8, width - EDGE.right);
    const y = scaled(points.map((point) => point.y), HEIGHT - EDGE.bottom - 8, EDGE.top + 8);
    this.spots = points.map((point) => [x(point.x), y(point.y)]);
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    for (const [value, text] of up) {
      shape("line", { class: "grid", x1: EDGE.left, x2: width - EDGE.right, y1: y(value), y2: y(value) }, svg);
      shape("text", { x: EDGE.left - 8, y: y(value) + 4, "text-anchor": "end" }, svg, text);
    }
    for (const [value, text] of across) {
      shape("text", { x: x(value), y: HEIGHT - EDGE.bottom + 16, "text-anchor": "middle" }, svg, text);
    }
    const middle = (HEIGHT - EDGE.bottom + EDGE.top) / 2;
    shape("text", { x: (EDGE.left + width) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, svg, "bits kept, on average");
    shape("text", { transform: `translate(13 ${middle}) rotate(-90)`, "text-anchor": "middle" }, svg, "predictions that hold");
    shape("polyline", { points: this.spots.join(" ") }, svg);
    this.spots.forEach(([cx, cy]) => shape("circle", { class: "step", cx, cy, r: 4 }, svg));
    choice.forEach((i) => shape("path", { class: "choice", d: "M0-6L6 0L0 6L-6 0Z", transform: `translate(${this.spots[i]})` }, svg));
    shown.forEach((i) => shape("circle", { class: "shown", cx: this.spots[i][0], cy: this.spots[i][1], r: 9 }, svg));
    this.legend();
    this.mark = shape("circle", { class: "mark", r: 7 }, svg);
    this.walk(this.at);
  }

  legend() {
    const keys = [["choice", "HPME's choice: the mean of these steps"], ...this.data.shown.map(() => ["shown", "shown"])];
    keys.forEach(([name, text], i) => {
      const place = { transform: `translate(${EDGE.left + 8 + 260 * i} 11)` };
      shape(name === "choice" ? "path" : "circle", { class: name, ...place, d: "M0-6L6 0L0 6L-6 0Z", r: 6 }, this.svg);
      shape("text", { ...place, dx: 12, dy: 4 }, this.svg, text);
    });
  }

  nearest(event) {
    const box = this.svg.getBoundingClientRect();
    const gaps = this.spots.map(([x, y]) => Math.hypot(x - event.clientX + box.left, y - event.clientY + box.top));
    const least = Math.min(...gaps);
    this.svg.classList.toggle("near", least < NEAR);
    return least < NEAR ? gaps.indexOf(least) : null;
  }

  walk(step) {
    if (step === null) return;
    this.at = step;
    const [cx, cy] = this.spots[step], { words } = this.data.points[step];
    this.mark.setAttribute("cx", cx);
    this.mark.setAttribute("cy", cy);
    this.words.textContent = words;
    this.svg.setAttribute("aria-valuenow", step);
    this.svg.setAttribute("aria-valuetext", words);
  }

  choose(step) {
    if (step !== null && this.data.clickable) this.pick(step);
  }

  press(event) {
    const move = { ArrowRight: -1, ArrowUp: -1, ArrowLeft: 1, ArrowDown: 1 }[event.key]; // bits fall with the steps
    if (move) this.walk(Math.max(0, Math.min(this.spots.length - 1, this.at + move)));
    else if (event.key === "Enter") this.choose(this.at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let chart = charts.get(parentElement);
  if (!chart) {
    chart = new Chart(parentElement.querySelector(".path"));
    charts.set(parentElement, chart);
  }
  chart.show(data, (step) => setTriggerValue("step", step));
  return () => {
    chart.watcher.disconnect();
    charts.delete(parentElement);
  };
}
