// Keys: "/" the search box, j and k the results, o opens one, "?" lists the keys, Esc leaves the box.
// A check box in that list switches them off.

import { read } from "./pages.js";

const SETTING = "keys";
const RESULTS = ":is(.hit, .timeline) :is(h2, h3) > a, .pages [rel=next]";
const ITEM = ".hit, .timeline > li";
const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";
// Keys of layouts that have other letters there, such as Ukrainian and Arabic ones.
const PLACES = { Slash: "/", KeyJ: "j", KeyK: "k", KeyO: "o", KeyN: "n", KeyP: "p" };

// Storage may be forbidden: keys are then on.
function areOn() {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

function switchKeys(on) {
  try {
    if (on) localStorage.removeItem(SETTING);
    else localStorage.setItem(SETTING, "off");
  } catch {
    // The choice then holds nowhere; nothing else depends on it.
  }
}

// Return the key that an event is about, or "" where keys have their usual meaning: in fields, in
// dialogs, with other keys held, and if they are switched off.
export function pressed(event) {
  const held = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
  if (held || event.defaultPrevented || !areOn()) return "";
  if (event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return "";
  if (event.key.length > 1 || /[ -~]/.test(event.key)) return event.key;
  const key = PLACES[event.code] ?? "";
  return key === "/" && event.shiftKey ? "?" : key;
}

function step(by) {
  const links = [...document.querySelectorAll(RESULTS)];
  const active = document.activeElement;
  let at = links.indexOf(active.closest(ITEM)?.querySelector(RESULTS) ?? active);
  if (at < 0) at = by > 0 ? -1 : 0;
  links[at + by]?.focus();
}

function open() {
  const active = document.activeElement;
  const link = active.matches(RESULTS) ? active : active.closest(ITEM)?.querySelector(RESULTS);
  link?.click();
}

// Show the list of keys, which is a part of the help, above the page.
async function list(address) {
  if (document.getElementById("keys")) return location.assign("#keys");
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "keys-title");
  try {
    dialog.append((await read(address)).found.getElementById("keys"));
  } catch {
    return location.assign(address);
  }
  if (document.querySelector("dialog")) return; // Asked for twice.
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  showSetting();
  dialog.showModal();
}

function showSetting() {
  const box = document.getElementById("keys-on");
  if (box) box.checked = areOn();
}

const ACTIONS = {
  "/": () => document.querySelector("input[name=q]").select(),
  j: () => step(1),
  k: () => step(-1),
  o: open,
  "?": () => list(document.querySelector("a.keys").href),
};

document.addEventListener("keydown", (event) => {
  const leaves = event.key === "Escape" && !event.defaultPrevented && areOn();
  if (leaves && event.target.matches("input[name=q]")) {
    event.preventDefault(); // Else the browser empties the box.
    return event.target.blur();
  }
  const act = ACTIONS[pressed(event)];
  if (!act) return;
  event.preventDefault();
  act();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.keys");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  list(link.href);
});
document.addEventListener("change", (event) => {
  if (event.target.id === "keys-on") switchKeys(event.target.checked);
});
showSetting();
