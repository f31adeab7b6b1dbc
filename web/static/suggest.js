// Fills the list of suggestions while a query is typed.

const box = document.querySelector("input[name=q]");
const list = document.getElementById("suggestions");
const api = new URL("../api/v1/suggest", import.meta.url);
const known = new Map();
let asked = 0;

function show(suggestions) {
  list.replaceChildren(...suggestions.map((text) => {
    const option = document.createElement("option");
    option.value = text;
    return option;
  }));
}

async function suggest() {
  const text = box.value;
  const number = ++asked;
  if (text.trim().length < 2) return show([]);
  if (!known.has(text)) {
    try {
      const answer = await fetch(`${api}?q=${encodeURIComponent(text)}`);
      if (!answer.ok) return;
      known.set(text, (await answer.json()).suggestions);
    } catch {
      return; // A server that cannot be reached suggests nothing.
    }
  }
  if (number === asked) show(known.get(text));
}

let pause;
box?.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(suggest, 80);
});
