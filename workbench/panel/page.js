// What ipywidgets cannot say from Python: names for screen readers, the busy state, downloads
// without a server. One of these sits in every panel.

const ANSWER_MS = 8000; // within which an idle kernel has answered a move

const GONE = ["dead", "terminating"];
const FOCUSED = ".noUi-handle, input, select, textarea, button, [tabindex]";

function render({ model, el }) {
  const page = el.ownerDocument;
  let panel = null;
  let awaited = null; // the download this view asked for
  const edited = new Set(); // boxes a person has typed in

  const label = () => {
    // A second one of these in a panel holds buttons alone, and has no title.
    if (!panel || !model.get("title")) return;
    panel.setAttribute("role", "group");
    panel.setAttribute("aria-label", model.get("title"));
    panel.setAttribute("aria-busy", String(model.get("busy")));
    // Otherwise a letter typed at a control would run one of the notebook's shortcuts. The mark has
    // to be on the part that has the focus.
    for (const part of panel.querySelectorAll(FOCUSED)) {
      part.setAttribute("data-lm-suppress-shortcuts", "true");
    }
    const fold = panel.querySelector(".workbench-adjust");
    fold?.setAttribute("aria-expanded", String(fold.classList.contains("mod-active")));
    fold?.removeAttribute("aria-pressed");
    panel.querySelector(".workbench-figure")?.setAttribute("role", "figure");
    panel.querySelector(".workbench-figure")?.setAttribute("aria-label", model.get("alt"));
    panel.querySelector(".workbench-finding")?.setAttribute("aria-live", "polite");
    for (const [name, title] of Object.entries(model.get("names"))) {
      const parts = panel.querySelectorAll(
        `.workbench-control-${name} :is(.noUi-handle, input:not([type="file"]), select, textarea)`,
      );
      const note = panel.querySelector(`.workbench-control-${name} .workbench-note`);
      if (note && !note.id) note.id = `workbench-note-${Math.random().toString(36).slice(2)}`;
      for (const part of parts) {
        if (part.getAttribute("aria-label") !== title) part.setAttribute("aria-label", title);
        if (note) part.setAttribute("aria-describedby", note.id);
      }
    }
  };

  // What stands in a control now: the kernel hears of it only when the control is left.
  const typed = ({ typed_in, text }) =>
    panel?.querySelector(`.workbench-control-${typed_in} :is(textarea, input)`)?.value ?? text;

  // The words in boxes a person has typed in, by the box: they travel slower than the click.
  const unheard = () => {
    const said = {};
    for (const box of edited) {
      const name = box.closest('[class*="workbench-typed-"]')?.className.match(/workbench-typed-(\w+)/);
      if (name && panel?.contains(box)) said[name[1]] = box.value;
    }
    edited.clear();
    return said;
  };

  const copy = async (text) => {
    try {
      await page.defaultView.navigator.clipboard.writeText(text);
    } catch {
      // A browser that keeps the clipboard shut still copies what a person has marked.
      const sheet = page.createElement("textarea");
      sheet.value = text;
      page.body.append(sheet);
      sheet.select();
      page.execCommand("copy");
      sheet.remove();
    }
  };

  const lead = (link, way) => {
    if (!/^(mailto|sms|tel):/.test(way.address)) return;
    link.href = way.address;
    link.addEventListener("click", () => {
      const words = encodeURIComponent(typed(way).replace(/\r?\n/g, "\r\n"));
      link.href = way.address.replace(/([?&]body=).*$/s, (_all, head) => head + words);
    });
  };

  const made = (wanted) => {
    const part = page.createElement(wanted.address ? "a" : "button");
    if (wanted.address) {
      lead(part, wanted);
      return part;
    }
    part.type = "button";
    part.addEventListener("click", async () => {
      if ("address" in wanted) {
        await copy(typed(wanted));
        part.textContent = wanted.done;
        return;
      }
      awaited = part.dataset.id;
      const round = part.dataset.round ? { round: Number(part.dataset.round) } : {};
      // what an act is done to: the row that stands chosen as it is pressed, and no other
      const picked = Array.from(panel.querySelectorAll(".workbench-group-chosen select"))
        .map((select) => `${select.selectedIndex} ${select.selectedOptions[0]?.textContent ?? ""}`.replace(/\s+/g, " ").trim());
      model.send({ click: part.dataset.id, typed: unheard(), picked, ...round });
    });
    return part;
  };

  const buttons = () => {
    const wanted = model.get("buttons");
    wanted.forEach((one, place) => {
      const { id, words, title, pressed } = one;
      let button = el.children[place];
      // What leads out holds its words: it is made anew with them.
      const stays = button?.dataset.id === id || !("address" in one || button?.dataset.leads);
      if (!button || !stays || "address" in one) {
        const part = made(one);
        if (button) button.replaceWith(part);
        else el.append(part);
        button = part;
      }
      if ("address" in one) button.dataset.leads = "out";
      button.dataset.id = id;
      if ("round" in one) button.dataset.round = one.round;
      else delete button.dataset.round;
      button.classList.toggle("workbench-act", id.startsWith("act:"));
      button.textContent = words;
      button.title = title;
      if (pressed === null) button.removeAttribute("aria-pressed");
      else button.setAttribute("aria-pressed", String(pressed));
    });
    while (el.children.length > wanted.length) el.lastChild.remove();
    label();
  };

  // After a move the kernel is asked whether it has heard. It is lost where the notebook says so, and
  // where it is idle and does not answer; while a long cell runs, it may take its time.
  let waiting = null;
  const heard = () => {
    clearTimeout(waiting);
    waiting = null;
    panel?.querySelector(".workbench-lost")?.remove();
  };
  const lost = () => {
    if (panel.querySelector(".workbench-lost")) return;
    const said = page.createElement("div");
    said.className = "workbench-lost";
    said.setAttribute("role", "alert");
    said.textContent = model.get("lost");
    panel.prepend(said);
  };
  // What no page but JupyterLab's tells is not guessed: there a kernel counts as busy.
  const state = () => {
    const kernel = model.widget_manager?.kernel;
    if (kernel === null || kernel?.isDisposed || GONE.includes(kernel?.status)) return "gone";
    return kernel?.status === "idle" ? "idle" : "busy";
  };
  const listen = () => {
    if (state() === "busy") waiting = setTimeout(listen, ANSWER_MS);
    else lost();
  };
  const ask = (event) => {
    if (waiting || !model.get("lost") || !event.target.closest(".workbench-control")) return;
    if (state() === "gone") return lost();
    waiting = setTimeout(listen, ANSWER_MS);
    model.send({ ping: true });
  };

  const save = ({ id, name, type, pong }, buffers) => {
    if (pong) return heard();
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
    panel.addEventListener("input", (event) => edited.add(event.target));
    for (const kind of ["change", "keyup", "pointerup"]) panel.addEventListener(kind, ask);
    panel.addEventListener("click", () => setTimeout(label));
  };

  el.classList.add("workbench-buttons");
  buttons();
  attach();
  model.on("change:buttons", buttons);
  for (const name of ["title", "alt", "busy", "names"]) model.on(`change:${name}`, label);
  model.on("msg:custom", save);
  return () => {
    gone = true;
    clearTimeout(waiting);
    watch.disconnect();
  };
}

export default { render };
