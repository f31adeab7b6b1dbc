// Shows other results without a reload: links and forms that lead to results, and the browser's way
// back. An answer that is no page of results, and a failure, are left to the browser.

import { read, say } from "./pages.js";

const box = document.querySelector("input[name=q]");
const wide = matchMedia("(min-width: 60rem)");
let shown = location.pathname + location.search;
let asked = new AbortController();

function isResults(address) {
  const { origin, pathname } = location;
  return address.origin === origin && address.pathname === pathname
    && address.search && !address.hash && !address.searchParams.has("ui");
}

// Ask for results, and return whether they could be shown.
async function show(address) {
  asked.abort();
  const own = asked = new AbortController();
  const main = document.getElementById("main");
  main.setAttribute("aria-busy", "true");
  try {
    const page = await read(address, own.signal);
    if (!page.found.querySelector("main.results") || !isResults(page.address)) throw new Error();
    replace(page.found);
    shown = page.address.pathname + page.address.search;
    return page.address;
  } catch {
    location.assign(address);
    return null;
  } finally {
    main.removeAttribute("aria-busy");
  }
}

// Take all that differs between two pages of results: the header stays, as one may be typing in it.
function replace(found) {
  const opened = openFilters();
  document.title = found.title;
  for (const part of ["#main", "footer"]) {
    document.querySelector(part).replaceChildren(...found.querySelector(part).childNodes);
  }
  const [own, other] = [document, found].map((one) => one.querySelector("link[rel=alternate]"));
  own.replaceWith(other);
  if (document.activeElement !== box) box.value = found.querySelector("input[name=q]").value;
  for (const one of document.querySelectorAll(".box [type=hidden]")) one.remove();
  box.form.append(...found.querySelectorAll(".box [type=hidden]"));
  for (const one of document.querySelectorAll(".facets details")) {
    if (opened.has(nameOf(one))) one.open = true;
  }
}

function openFilters() {
  return new Set([...document.querySelectorAll(".facets details[open]")].map(nameOf));
}

function nameOf(details) {
  return details.querySelector("summary .hidden")?.textContent;
}

function tell() {
  const parts = document.querySelectorAll(".correction, .summary p, .found h1:not(.hidden)");
  say([...parts].map((one) => one.textContent).join(" "));
}

// Show the results that a link or form leads to. The focus stays with a filter that is beside them;
// else the results begin at the top.
async function go(address, element) {
  const filter = wide.matches && element.closest(".facets") ? element : null;
  const left = scrollY;
  const [text, top] = [filter?.textContent, filter?.getBoundingClientRect().top];
  if (!filter) document.activeElement.blur();
  const arrived = await show(address);
  if (!arrived) return;
  if (arrived.href !== location.href) {
    history.replaceState({ top: left }, ""); // For the way back.
    history.pushState(null, "", arrived);
  }
  const again = filter && [...document.querySelectorAll(`.facets ${filter.localName}`)]
    .find((one) => one.textContent === text);
  if (again) {
    again.focus({ preventScroll: true });
    scrollBy(0, again.getBoundingClientRect().top - top);
  } else {
    if (document.activeElement !== box) document.getElementById("main").focus();
    scrollTo(0, 0);
  }
  tell();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const held = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || event.defaultPrevented || event.button || held) return;
  const address = new URL(link.href);
  if (!isResults(address)) return;
  event.preventDefault();
  go(address, link);
});
document.addEventListener("submit", (event) => {
  const address = new URL(event.target.action);
  address.search = new URLSearchParams(new FormData(event.target));
  if (event.defaultPrevented || event.target.method !== "get" || !isResults(address)) return;
  event.preventDefault();
  go(address, event.target);
});

addEventListener("popstate", async (event) => {
  if (location.pathname + location.search === shown) return; // Another place of the same page.
  if (await show(new URL(location.href.replace(location.hash, "")))) {
    scrollTo(0, event.state?.top ?? 0);
    tell();
  }
});
