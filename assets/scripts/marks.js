// What is seen of a molecule: lines, discs, rings and texts, in the order and at the places that they come with.

const DRAW = {
  line(pen, [x, y, toX, toY, colour, width, dashed]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.lineCap = dashed ? "butt" : "round";
    pen.setLineDash(dashed ? [6, 4] : []);
    pen.moveTo(x, y);
    pen.lineTo(toX, toY);
    pen.stroke();
  },
  disc(pen, [x, y, across, down, colour]) {
    pen.fillStyle = colour;
    pen.ellipse(x, y, across, down, 0, 0, 2 * Math.PI);
    pen.fill();
  },
  ring(pen, [x, y, reach, colour, width]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash([]);
    pen.arc(x, y, reach, 0, 2 * Math.PI);
    pen.stroke();
  },
  text(pen, [x, y, text, colour, size, around]) {
    pen.fillStyle = colour;
    pen.font = `${size}px sans-serif`;
    if (around) {
      pen.strokeStyle = around;
      pen.lineWidth = 4;
      pen.lineJoin = "round";
      pen.setLineDash([]);
      pen.strokeText(text, x, y + 0.36 * size);
    }
    pen.fillText(text, x, y + 0.36 * size);
  },
};

export function drawMarks(pen, marks) {
  pen.save();
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  for (const [kind, ...values] of marks) {
    pen.beginPath();
    DRAW[kind](pen, values);
  }
  pen.restore();
}
