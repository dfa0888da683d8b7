// The picture of the graph under the pointer, beside it. The map is Plotly's, whose own hover text takes no picture:
// this listens to it, asks the server for the picture of a graph that it has not had yet, and shows it.

const MAP = ".st-key-map .js-plotly-plot";
const CALM = 120; // milliseconds on one point before its picture is asked for
const AWAY = 18; // pixels between pointer and picture
const pictures = new Map(); // by number of the graph
let look = ""; // of the pictures: dataset and colours
let image = null, ask = null, hovered = null, timer = 0;

function show() {
  if (!image) return;
  image.hidden = !pictures.has(hovered?.number);
  if (image.hidden) return;
  image.src = pictures.get(hovered.number);
  const { width, height } = image.getBoundingClientRect(), { x, y } = hovered;
  image.style.left = `${x + AWAY + width < innerWidth ? x + AWAY : x - AWAY - width}px`;
  image.style.top = `${y + 2 * AWAY + height < innerHeight ? y + 2 * AWAY : y - 2 * AWAY - height}px`;
}

function leave() {
  clearTimeout(timer);
  hovered = null;
  show();
}

function hover({ points: [{ customdata: number }], event }) {
  leave();
  if (!Number.isInteger(number)) return;
  hovered = { number, x: event.clientX, y: event.clientY };
  show();
  if (!pictures.has(number)) timer = setTimeout(() => ask?.("number", number), CALM);
}

function attach({ target }) {
  const plot = target.closest?.(MAP);
  if (!plot?.on) return;
  for (const [name, heard] of [["plotly_hover", hover], ["plotly_unhover", leave]]) {
    plot.removeListener(name, heard); // a chart that was drawn anew has forgotten it
    plot.on(name, heard);
  }
}

export default function ({ data, parentElement, setStateValue }) {
  image = parentElement.querySelector("img");
  ask = setStateValue;
  if (look !== data.look) pictures.clear();
  look = data.look;
  if (data.picture) pictures.set(data.number, `data:image/svg+xml,${encodeURIComponent(data.picture)}`);
  show();
  document.addEventListener("pointerover", attach);
  return () => {
    document.removeEventListener("pointerover", attach);
    image = null;
  };
}
