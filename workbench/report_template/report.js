"use strict";
// Draws the page's figures: one look at the data, one copy of plotly, unpacked when first needed.
(function () {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const plots = Array.from(document.querySelectorAll(".plot"));
  const colours = read("dark-colours");
  const words = read("page-words");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const PHONE = 480;
  const PRINT = 672; // the text width of A4 between its margins, in CSS pixels
  let printing = false;

  // Every colour in a figure is a whole string, so dark is a look-up.
  const recoloured = (part) => {
    if (typeof part === "string") return colours[part.toLowerCase()] || part;
    if (Array.isArray(part)) return part.map(recoloured);
    if (part && typeof part === "object") {
      const copy = {};
      for (const key of Object.keys(part)) copy[key] = recoloured(part[key]);
      return copy;
    }
    return part;
  };

  // "xaxis.title.text": what a figure says should differ on a phone
  const patched = (layout, patch) => {
    for (const [path, value] of Object.entries(patch || {})) {
      const steps = path.split(".");
      let place = layout;
      for (const step of steps.slice(0, -1)) {
        const name = step.match(/^(\w+)\[(\d+)\]$/);
        if (name) { place = (place[name[1]] = place[name[1]] || [])[Number(name[2])] || {}; }
        else { place = place[step] = place[step] || {}; }
      }
      place[steps[steps.length - 1]] = value;
    }
    return layout;
  };

  const drawn = (plot) => {
    const source = read("figure-" + plot.dataset.figure);
    const figure = dark.matches && !printing ? recoloured(source) : source;
    const layout = figure.layout || {};
    const meta = layout.meta || {};
    layout.title = undefined; // the page's heading says it
    layout.width = printing ? Math.min(PRINT, plot.clientWidth || PRINT) : plot.clientWidth;
    layout.height = Number(plot.dataset.height);
    layout.autosize = false;
    layout.dragmode = false;
    if (layout.width < PHONE) patched(layout, meta.phone);
    layout.font = Object.assign({}, layout.font, { family: getComputedStyle(document.body).fontFamily });
    plot.style.height = layout.height + "px";
    return window.Plotly.react(plot, figure.data, layout, { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false, showTips: false });
  };

  const failed = (plot, error) => {
    console.error(error);
    plot.removeAttribute("aria-hidden");
    const said = document.createElement("p");
    said.className = "failed";
    said.textContent = words.failed;
    plot.replaceChildren(said);
    plot.dataset.state = "failed";
    const details = plot.closest("section").querySelector("details");
    if (details) details.open = true;
  };

  const draw = (plot) => {
    try {
      return Promise.resolve(drawn(plot)).then(() => { plot.dataset.state = "drawn"; }, (error) => failed(plot, error));
    } catch (error) {
      return failed(plot, error);
    }
  };
  const drawAll = () => Promise.all(plots.filter((plot) => plot.dataset.state !== "failed").map(draw));

  const unpack = async () => {
    const packed = atob(document.getElementById("plotly").textContent.trim());
    const bytes = Uint8Array.from(packed, (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.appendChild(script);
    if (!window.Plotly) throw new Error("plotly did not start");
  };

  for (const plot of plots) plot.style.height = plot.dataset.height + "px";
  const ready = unpack().then(drawAll).then(() => {
    let width = window.innerWidth;
    window.addEventListener("resize", () => {
      if (window.innerWidth === width || printing) return;
      width = window.innerWidth;
      requestAnimationFrame(drawAll);
    });
    dark.addEventListener("change", drawAll);
    window.addEventListener("beforeprint", () => { printing = true; drawAll(); });
    window.addEventListener("afterprint", () => { printing = false; drawAll(); });
  }).catch((error) => plots.forEach((plot) => failed(plot, error)));
  ready.then(() => { document.documentElement.dataset.figures = "done"; });
})();
