// A panel as one picture, three times as sharp as the screen: heading, network, legend and bars.

const TIMES = 3, EDGE = 14, ROW = 20; // pixels a pixel; around the picture; height of a line

export function pictureOf(view, panel) {
  const network = sharp(view.network), look = getComputedStyle(view.box);
  const width = network.width / TIMES + 2 * EDGE, room = width - 2 * EDGE;
  const picture = document.createElement("canvas"), pen = picture.getContext("2d");
  const write = (text, size, weight) => { pen.font = `${weight} ${size}px ${look.fontFamily}`; return text; };
  const heading = wrapped(pen, write(panel.title ?? panel.name, 15, 650), room);
  const heads = [...heading.map((text) => [text, 15, 650]), ...wrapped(pen, write(panel.caption, 12.5, 400), room).map((text) => [text, 12.5, 400])];
  write("", 12, 400);
  const keys = rows(panel.legend, (key) => pen.measureText(key.label).width + GLYPH + 18, room);
  const height = 2 * EDGE + ROW * (heads.length + keys.length + panel.verdicts.length) + network.height / TIMES + 8;
  [picture.width, picture.height] = [width * TIMES, height * TIMES];
  pen.scale(TIMES, TIMES);
  pen.fillStyle = look.backgroundColor;
  pen.fillRect(0, 0, width, height);
  pen.textBaseline = "middle";
  pen.fillStyle = look.color;
  let y = EDGE + ROW / 2;
  for (const [text, size, weight] of heads) {
    pen.fillText(write(text, size, weight), EDGE, y);
    y += ROW;
  }
  pen.drawImage(network, EDGE, y - ROW / 2, network.width / TIMES, network.height / TIMES);
  y += network.height / TIMES + 4;
  write("", 12, 400);
  for (const row of keys) {
    let x = EDGE;
    for (const { item, wide } of row) {
      drawKey(pen, item, x, y, look.color);
      x += wide;
    }
    y += ROW;
  }
  y += 4;
  panel.verdicts.forEach((verdict, i) => drawBar(pen, verdict, y + i * ROW, width, look));
  return picture;
}

const GLYPH = 26; // width of a legend's mark

function sharp(network) {
  // The network as it stands, on a larger canvas; the one on the screen is as before when this returns.
  const { canvas, body } = network, shown = canvas.frame.canvas, copy = document.createElement("canvas");
  const before = [shown.width, shown.height, canvas.pixelRatio];
  [shown.width, shown.height, canvas.pixelRatio] = [shown.clientWidth * TIMES, shown.clientHeight * TIMES, TIMES];
  body.emitter.emit("_redraw");
  [copy.width, copy.height] = [shown.width, shown.height];
  copy.getContext("2d").drawImage(shown, 0, 0);
  [shown.width, shown.height, canvas.pixelRatio] = before;
  body.emitter.emit("_redraw");
  return copy;
}

function wrapped(pen, text, room) {
  // Lines of words that have room.
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (pen.measureText(longer).width <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.filter(Boolean);
}

function rows(items, width, room) {
  // Items in rows that have room, each with its width.
  const found = [];
  let left = 0;
  for (const item of items) {
    const wide = width(item);
    if (wide > left) {
      found.push([]);
      left = room;
    }
    found.at(-1).push({ item, wide });
    left -= wide;
  }
  return found;
}

function drawKey(pen, { kind, fill, from, label }, x, y, ink) {
  pen.fillStyle = fill;
  pen.strokeStyle = fill;
  pen.lineWidth = 2.5;
  pen.setLineDash(kind === "dash" ? [5, 4] : []);
  pen.beginPath();
  if (kind === "ramp") {
    pen.fillStyle = pen.createLinearGradient(x, 0, x + GLYPH - 6, 0);
    pen.fillStyle.addColorStop(0, from);
    pen.fillStyle.addColorStop(1, fill);
    pen.fillRect(x, y - 5, GLYPH - 6, 10);
  } else if (kind === "dash" || kind === "line") {
    pen.moveTo(x, y);
    pen.lineTo(x + GLYPH - 6, y);
    pen.stroke();
  } else if (kind === "square") pen.fillRect(x + 4, y - 6, 12, 12);
  else {
    pen.arc(x + 10, y, kind === "ring" ? 5 : 6, 0, 2 * Math.PI);
    if (kind === "ring") pen.stroke();
    else pen.fill();
  }
  pen.setLineDash([]);
  pen.fillStyle = ink;
  pen.fillText(label, x + GLYPH, y);
}

function drawBar(pen, verdict, y, width, look) {
  const start = EDGE + 110, end = width - EDGE - 70, long = end - start;
  const accent = look.getPropertyValue("--accent").trim() || "#0072b2";
  pen.fillStyle = look.color;
  pen.fillText(verdict.what, EDGE, y);
  pen.fillText(`${verdict.text} ${verdict.mark}`, end + 10, y);
  pen.globalAlpha = 0.15;
  pen.fillRect(start, y - 5, long, 10);
  pen.globalAlpha = verdict.kind === "rest" ? 0.55 : 1;
  if (verdict.kind !== "rest") pen.fillStyle = verdict.kind === "lost" ? "#d55e00" : accent;
  pen.fillRect(start, y - 5, long * verdict.share, 10);
  pen.globalAlpha = 0.6;
  pen.fillStyle = look.color;
  pen.fillRect(start + long * verdict.line, y - 5, 1, 10);
  pen.globalAlpha = 1;
}
