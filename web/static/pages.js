// Reads pages of this server as documents.

// Return the page at an address as { found, address }, where redirects have led. The browser parses
// it, with scripts off: no text becomes markup here, as Trusted Types demand.
export function read(address, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.timeout = 15_000;
    request.onload = () => {
      if (request.status === 200 && request.response) {
        resolve({ found: request.response, address: new URL(request.responseURL) });
      } else reject(new Error(`status ${request.status}`));
    };
    request.onerror = request.ontimeout = () => reject(new Error("no answer"));
    signal?.addEventListener("abort", () => request.abort());
    request.send();
  });
}

// Let screen readers say a text.
export function say(text) {
  document.getElementById("told").textContent = text.replace(/\s+/g, " ").trim();
}
