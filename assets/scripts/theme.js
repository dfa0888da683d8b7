// Tells the page which theme the browser shows, where its pictures are drawn for the other one.

export default function ({ data, parentElement, setStateValue }) {
  const shown = getComputedStyle(parentElement.host).colorScheme;
  const known = shown === "light" || shown === "dark"; // "normal" while styles are missing
  if (known && shown !== data.theme) setStateValue("theme", shown); // the page is drawn anew
}
