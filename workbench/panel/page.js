// What ipywidgets cannot say from Python: names for screen readers, the busy state, downloads
// without a server. One of these sits in every panel.

const FOCUSED = ".noUi-handle, input, select, button, [tabindex]";

function render({ model, el }) {
  const page = el.ownerDocument;
  let panel = null;
  let awaited = null; // the download this view asked for

  const label = () => {
    if (!panel) return;
    panel.setAttribute("role", "group");
    panel.setAttribute("aria-label", model.get("title"));
    panel.setAttribute("aria-busy", String(model.get("busy")));
    // Otherwise a letter typed at a control would run one of the notebook's shortcuts. The mark has
    // to be on the part that has the focus.
    for (const part of panel.querySelectorAll(FOCUSED)) {
      part.setAttribute("data-lm-suppress-shortcuts", "true");
    }
    panel.querySelector(".workbench-figure")?.setAttribute("role", "figure");
    panel.querySelector(".workbench-figure")?.setAttribute("aria-label", model.get("alt"));
    panel.querySelector(".workbench-finding")?.setAttribute("aria-live", "polite");
    for (const [name, title] of Object.entries(model.get("names"))) {
      const parts = panel.querySelectorAll(
        `.workbench-control-${name} :is(.noUi-handle, input, select)`,
      );
      for (const part of parts) {
        if (part.getAttribute("aria-label") !== title) part.setAttribute("aria-label", title);
      }
    }
  };

  const buttons = () => {
    const wanted = model.get("buttons");
    wanted.forEach(({ id, words, title, pressed }, place) => {
      let button = el.children[place];
      if (!button) {
        button = page.createElement("button");
        button.type = "button";
        button.addEventListener("click", () => {
          awaited = button.dataset.id;
          model.send({ click: button.dataset.id });
        });
        el.append(button);
      }
      button.dataset.id = id;
      button.textContent = words;
      button.title = title;
      if (pressed === null) button.removeAttribute("aria-pressed");
      else button.setAttribute("aria-pressed", String(pressed));
    });
    while (el.children.length > wanted.length) el.lastChild.remove();
    label();
  };

  const save = ({ id, name, type }, buffers) => {
    if (id !== awaited) return; // another view of the same panel asked for it
    awaited = null;
    const address = URL.createObjectURL(new Blob([buffers[0]], { type }));
    const link = page.createElement("a");
    link.href = address;
    link.download = name;
    page.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };

  const watch = new MutationObserver(label);
  let gone = false;
  const attach = () => {
    if (gone) return;
    panel = el.closest(".workbench-panel");
    if (!panel) {
      setTimeout(attach, 50); // the page puts us into the panel after it has drawn us
      return;
    }
    label();
    watch.observe(panel, { childList: true, subtree: true });
  };

  el.classList.add("workbench-buttons");
  buttons();
  attach();
  model.on("change:buttons", buttons);
  for (const name of ["title", "alt", "busy", "names"]) model.on(`change:${name}`, label);
  model.on("msg:custom", save);
  return () => {
    gone = true;
    watch.disconnect();
  };
}

export default { render };
