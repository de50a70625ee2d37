// What ipywidgets cannot say from Python: names for screen readers, the busy state, downloads
// without a server, and how wide the panel is. One of these sits in every panel.

function render({ model, el }) {
  const page = el.ownerDocument;
  let panel = null;
  let awaited = null; // the download this view asked for

  const label = () => {
    if (!panel) return;
    panel.setAttribute("role", "group");
    panel.setAttribute("aria-label", model.get("title"));
    panel.setAttribute("aria-busy", String(model.get("busy")));
    // Otherwise a letter typed into a control would run one of the notebook's shortcuts.
    panel.setAttribute("data-lm-suppress-shortcuts", "true");
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

  // Plotly draws at its own default width where its place had none yet, and then waits for the
  // window to change.
  let fitted = 0;
  const fit = () => {
    const place = panel?.querySelector(".workbench-figure");
    const drawn = place?.querySelector(".main-svg");
    if (!drawn || fitted === place.clientWidth) return;
    fitted = place.clientWidth;
    if (Math.abs(drawn.clientWidth - fitted) > 2) {
      requestAnimationFrame(() => page.defaultView.dispatchEvent(new Event("resize")));
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

  const watch = new MutationObserver(() => {
    label();
    fit();
  });
  const size = new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (!width) return; // in a hidden tab
    fit();
    const narrow = width < 480;
    if (model.get("narrow") !== narrow) {
      model.set("narrow", narrow);
      model.save_changes();
    }
  });
  let tries = 0;
  const attach = () => {
    panel = el.closest(".workbench-panel");
    if (!panel) {
      if (tries++ < 100) setTimeout(attach, 50);
      return;
    }
    label();
    watch.observe(panel, { childList: true, subtree: true });
    size.observe(panel);
  };

  el.classList.add("workbench-buttons");
  buttons();
  attach();
  model.on("change:buttons", buttons);
  for (const name of ["title", "alt", "busy", "names"]) model.on(`change:${name}`, label);
  model.on("msg:custom", save);
  return () => {
    watch.disconnect();
    size.disconnect();
  };
}

export default { render };
