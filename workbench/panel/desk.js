// What ipywidgets cannot do at a desk: words are told to the kernel while they are typed, and a click
// on a row of the list takes that row in hand, as its choice above the form does.

const PAUSE_MS = 400;

function render({ model, el }) {
  const page = el.ownerDocument;
  const typed = new Map(); // boxes of which the kernel has not heard yet, by their number
  let panel = null;
  let pause = 0;
  let gone = false;

  const tell = () => {
    clearTimeout(pause);
    if (!typed.size) return;
    model.send({ typed: Object.fromEntries([...typed].map(([number, box]) => [number, box.value])) });
    typed.clear();
  };

  const note = ({ target }) => {
    const box = target.closest('[class*="workbench-typed-"]');
    if (!box) return;
    typed.set(box.className.match(/workbench-typed-(\w+)/)[1], target);
    clearTimeout(pause);
    pause = setTimeout(tell, PAUSE_MS);
  };

  const leave = () => page.visibilityState === "hidden" && tell();

  const choice = () => panel.querySelector(".workbench-control-chosen-step select");
  const rows = () => [...panel.querySelectorAll(".workbench-list tbody tr")];
  // a list that sorts says which row of the whole each of its rows is
  const place = (row) => Number(row.dataset.row ?? rows().indexOf(row));

  const take = ({ target }) => {
    const row = target.closest(".workbench-list tbody tr");
    const select = choice();
    if (!row || !select || target.closest("a, button, input")) return;
    if (select.selectedIndex !== place(row)) {
      select.selectedIndex = place(row);
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const form = panel.querySelector(".workbench-form");
    if (form.getBoundingClientRect().top > page.defaultView.innerHeight / 2) {
      form.scrollIntoView({ block: "start" });
    }
    mark();
  };

  const mark = () => {
    const inHand = choice()?.selectedIndex;
    for (const row of rows()) {
      if (place(row) === inHand) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  };

  const watch = new MutationObserver(mark);
  const attach = () => {
    if (gone) return;
    panel = el.closest(".workbench-panel");
    if (!panel) {
      setTimeout(attach, 50); // the page puts us into the panel after it has drawn us
      return;
    }
    panel.addEventListener("input", note);
    panel.addEventListener("click", take);
    panel.addEventListener("change", mark);
    watch.observe(panel, { childList: true, subtree: true });
    mark();
  };

  page.addEventListener("visibilitychange", leave);
  page.defaultView.addEventListener("pagehide", tell);
  attach();
  return () => {
    tell();
    gone = true;
    watch.disconnect();
    page.removeEventListener("visibilitychange", leave);
    page.defaultView.removeEventListener("pagehide", tell);
    for (const [kind, does] of [["input", note], ["click", take], ["change", mark]]) {
      panel?.removeEventListener(kind, does);
    }
  };
}

export default { render };
