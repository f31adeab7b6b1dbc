// Suggests queries below the search box while one types: an editable combobox with a list, by the
// patterns of WAI-ARIA. The focus stays in the box; arrows choose, Enter searches, Esc closes.

import { say } from "./pages.js";

const box = document.querySelector("input[name=q]");
const list = document.getElementById("suggestions");
const api = new URL("../api/v1/suggest", import.meta.url);
const known = new Map();
let asked = 0;
let pause;

function choose(option) {
  list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
}

function setOpen(open) {
  list.hidden = !open;
  box.setAttribute("aria-expanded", open);
  if (!open) choose(null);
}

// Return an option. What it adds to the text that was typed stands out.
function option(text, typed, number) {
  const made = document.createElement("li");
  made.id = `suggestion-${number}`;
  made.setAttribute("role", "option");
  made.dir = "auto";
  made.setAttribute("aria-selected", "false");
  const kept = text.toLowerCase().startsWith(typed.toLowerCase()) ? typed.length : 0;
  const added = document.createElement("b");
  added.textContent = text.slice(kept);
  made.append(text.slice(0, kept), added);
  return made;
}

function show(suggestions, typed) {
  const others = suggestions.filter((text) => text !== typed.trim());
  list.replaceChildren(...others.map((text, number) => option(text, typed, number)));
  setOpen(others.length > 0);
  if (others.length) say(list.dataset.told.replace("{count}", others.length));
}

async function suggest() {
  const text = box.value;
  const number = ++asked;
  if (text.trim().length < 2) return setOpen(false);
  if (!known.has(text)) {
    try {
      const answer = await fetch(`${api}?q=${encodeURIComponent(text)}`);
      if (!answer.ok) return;
      known.set(text, (await answer.json()).suggestions);
    } catch {
      return; // A server that cannot be reached suggests nothing.
    }
  }
  if (number === asked && document.activeElement === box) show(known.get(text), text);
}

// Close the list, and show no answer that is still to come.
function close() {
  clearTimeout(pause);
  asked++;
  setOpen(false);
}

function take(option) {
  box.value = option.textContent;
  close();
}

// Choose the next option, or the one before. Between the last and the first one none is chosen.
function step(by) {
  if (list.hidden) return suggest();
  const options = [null, ...list.children];
  const at = options.indexOf(list.querySelector("[aria-selected=true]"));
  choose(options.at((at + by) % options.length));
}

const KEYS = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Escape: close,
};

if (box) {
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  setOpen(false);
  box.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(suggest, 80);
  });
  box.addEventListener("keydown", (event) => {
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.isComposing) return;
    if (event.key === "Enter") return chosen ? take(chosen) : close();
    if (!KEYS[event.key] || (event.key === "Escape" && list.hidden)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  box.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // The focus stays.
  list.addEventListener("click", (event) => {
    const clicked = event.target.closest("[role=option]");
    if (!clicked) return;
    take(clicked);
    box.form.requestSubmit();
  });
}
