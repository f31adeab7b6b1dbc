// Steps through the marks of an article, by the buttons of its bar and the keys n and p.

import { pressed } from "./keys.js";
import { say } from "./pages.js";

const bar = document.querySelector(".marks");
const marks = [...document.querySelectorAll("article mark")];
const count = bar?.querySelector("a");
let at = -1;

// Return a few words around a mark.
function around(mark) {
  const before = mark.previousSibling?.textContent.slice(-40) ?? "";
  const behind = mark.nextSibling?.textContent.slice(0, 40) ?? "";
  return before + mark.textContent + behind;
}

// Show a mark in the middle of the window. After the last one comes the first one.
function show(number) {
  marks[at]?.removeAttribute("aria-current");
  at = (number + marks.length) % marks.length;
  const mark = marks[at];
  mark.setAttribute("aria-current", "true");
  mark.scrollIntoView({ block: "center" });
  const digits = new Intl.NumberFormat(document.documentElement.lang);
  count.textContent = bar.dataset.place.replace("{at}", digits.format(at + 1));
  say(`${count.textContent}: ${around(mark)}`);
  return mark;
}

function step(by) {
  return show(at < 0 && by < 0 ? -1 : at + by);
}

bar?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) return step(Number(button.value));
  if (event.target.closest("a") !== count) return;
  event.preventDefault();
  show(0);
});
document.addEventListener("keydown", (event) => {
  const by = { n: 1, p: -1 }[pressed(event)];
  if (!by || !marks.length) return;
  event.preventDefault();
  // The focus goes along, so that one reads on from there.
  const mark = step(by);
  mark.tabIndex = -1;
  mark.focus({ preventScroll: true });
});
