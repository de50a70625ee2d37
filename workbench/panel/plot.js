// Draws a figure and, when another comes, turns the one into the other in the same place.
// plotly.js comes with the kernel, packed and only once, however many panels there are.

const NARROW = 480;

const isDark = (page) => {
  const theme = page.body.dataset.jpThemeLight;
  return theme ? theme === "false" : page.defaultView.matchMedia("(prefers-color-scheme: dark)").matches;
};

// Every colour in a figure is a whole string, so dark is a look-up.
function recoloured(part, colours) {
  if (typeof part === "string") return colours[part.toLowerCase()] ?? part;
  if (Array.isArray(part)) return part.map((one) => recoloured(one, colours));
  if (!part || typeof part !== "object" || ArrayBuffer.isView(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, recoloured(one, colours)]));
}

async function load(model, page) {
  const id = model.get("library").slice("IPY_MODEL_".length);
  const library = await model.widget_manager.get_model(id);
  const packed = new Blob([library.get("packed")]).stream();
  const source = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
  const view = page.defaultView;
  const theirs = view.Plotly;
  const script = page.createElement("script");
  script.textContent = source;
  page.head.append(script);
  script.remove();
  const ours = view.Plotly;
  view.Plotly = theirs;
  delete view.moduleName; // plotly.js leaves it behind
  return ours;
}

function render({ model, el }) {
  const page = el.ownerDocument;
  const place = page.createElement("div");
  el.append(place);
  let drawn = null;
  let narrow = null;
  let dark = null;
  let queue = Promise.resolve();

  const colours = async () => {
    const id = model.get("library").slice("IPY_MODEL_".length);
    return (await model.widget_manager.get_model(id)).get("dark");
  };
  const draw = async () => {
    const width = el.clientWidth;
    if (!width) return; // not on the page yet, or in a hidden tab: the observer calls again
    const shared = page.defaultView;
    shared.workbenchPlotly ??= load(model, page);
    const Plotly = await shared.workbenchPlotly;
    const isNarrow = width < NARROW;
    const figure = model.get("figure");
    const turned = isDark(page);
    if (figure === drawn && isNarrow === narrow && turned === dark) {
      if (place._fullLayout?.width !== width) await Plotly.relayout(place, { width });
      return;
    }
    [drawn, narrow, dark] = [figure, isNarrow, turned];
    const { data, layout } = turned ? recoloured(figure, await colours()) : structuredClone(figure);
    await Plotly.react(place, data, { ...layout, width }, { displayModeBar: false });
    // a click on a mark lists what it counts
    place.removeAllListeners("plotly_click");
    place.on("plotly_click", ({ points: [point] }) => {
      model.send({ at: [point.curveNumber].concat(point.pointNumber) });
    });
    const phone = layout.meta?.phone;
    if (isNarrow && phone) await Plotly.relayout(place, phone);
  };
  const again = () => {
    queue = queue.then(draw).catch((error) => model.send({ error: String(error) }));
  };

  const size = new ResizeObserver(again);
  size.observe(el);
  model.on("change:figure", again);
  // While it changes its style sheets JupyterLab shows nothing, and nothing has a width.
  const theme = new MutationObserver(() => {
    again();
    setTimeout(again, 400);
  });
  theme.observe(page.body, { attributeFilter: ["data-jp-theme-light"] });
  const scheme = page.defaultView.matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", again);
  return () => {
    size.disconnect();
    theme.disconnect();
    scheme.removeEventListener("change", again);
  };
}

export default { render };
