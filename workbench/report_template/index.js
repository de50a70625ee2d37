"use strict";
// The list of all reports: in the reader's language, and searched by typing. Without this script
// all of it is there, one language below the other.
(function () {
  const shelves = Array.from(document.querySelectorAll(".shelf"));
  const buttons = Array.from(document.querySelectorAll(".tongues button"));
  const choose = (lang) => {
    for (const shelf of shelves) shelf.hidden = shelf.dataset.shelf !== lang;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.shelf === lang));
    document.documentElement.lang = lang;
  };
  for (const one of buttons) one.addEventListener("click", () => choose(one.dataset.shelf));
  if (buttons.length) {
    buttons[0].parentElement.hidden = false;
    const read = navigator.languages.map((lang) => lang.slice(0, 2));
    const known = shelves.map((shelf) => shelf.dataset.shelf);
    const lang = read.find((one) => known.some((shelf) => shelf.startsWith(one)));
    choose(known.find((shelf) => shelf.startsWith(lang)) || known[0]);
  }
  for (const shelf of shelves) {
    const search = shelf.querySelector(".search");
    if (!search) continue;
    const [box, status] = search.children;
    const rows = Array.from(shelf.querySelectorAll(".editions .said > li"));
    search.hidden = false;
    box.addEventListener("input", () => {
      const asked = box.value.trim().toLowerCase().split(/\s+/);
      for (const row of rows) {
        const said = row.closest("section").querySelector("h2").textContent + row.textContent;
        row.hidden = !asked.every((word) => said.toLowerCase().includes(word));
      }
      for (const part of shelf.querySelectorAll(".editions")) {
        part.hidden = !part.querySelector(".said > li:not([hidden])");
      }
      status.textContent = rows.every((row) => row.hidden) ? status.dataset.none : "";
    });
  }
})();
