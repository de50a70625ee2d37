// Lists, folded sections and figures of the page: one look at the data, one copy of plotly, each
// unpacked when the page opens. What is folded is drawn when it is opened, and all when printed.
(async function () {
  const plots = Array.from(document.querySelectorAll(".plot"));
  const folds = Array.from(document.querySelectorAll("details.fold"));
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const PHONE = 480;
  const PRINT = 672; // the text width of A4 between its margins, in CSS pixels
  const PRINT_HALF = 435; // two in a row, set at three quarters of their size
  const PRINT_HEIGHT = 0.8; // of that on a screen: more figures on a sheet
  let data = null, opened = null;
  let printing = false;

  // Every colour in a figure is a whole string, so dark is a look-up.
  const recoloured = (part) => {
    if (typeof part === "string") return data.colours[part.toLowerCase()] || part;
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
    const source = structuredClone(data.figures[plot.dataset.figure]);
    const figure = dark.matches && !printing ? recoloured(source) : source;
    const layout = figure.layout || {};
    const meta = layout.meta || {};
    layout.title = undefined; // the page's heading says it
    layout.width = printing ? (plot.closest(".half") ? PRINT_HALF : PRINT) : plot.clientWidth;
    layout.height = Math.round(plot.dataset.height * (printing ? PRINT_HEIGHT : 1));
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
    said.textContent = document.getElementById("main").dataset.failed;
    plot.replaceChildren(said);
    plot.dataset.state = "failed";
    const details = plot.closest("section").querySelector("details.behind");
    if (details) details.open = true;
  };

  const draw = (plot) => {
    try {
      return Promise.resolve(drawn(plot)).then(() => {
        plot.dataset.state = "drawn";
        opened(plot, data.figures[plot.dataset.figure].layout?.meta?.opens);
      }).catch((error) => failed(plot, error));
    } catch (error) {
      return failed(plot, error);
    }
  };
  const isOpen = (plot) => !plot.closest("details:not([open])");
  const drawOpen = () => Promise.all(plots.filter((plot) => isOpen(plot) && !plot.dataset.state).map(draw));
  const redraw = () => {
    for (const plot of plots) if (plot.dataset.state === "drawn") delete plot.dataset.state;
    return drawOpen();
  };

  // a link to a folded section opens it, and so does the address
  const reveal = (hash) => {
    const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target) return;
    const own = target.querySelector(":scope > details.fold");
    if (own) own.open = true;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link) reveal(link.getAttribute("href"));
  });
  window.addEventListener("hashchange", () => reveal(location.hash));

  // each four bytes stand as five signs, as reports/html.py writes them
  const places = new Uint8Array(127);
  for (let code = 33, place = 0; code < 127; code += 1) {
    if (!"\"&'<>\\`{}".includes(String.fromCharCode(code))) { places[code] = place; place += 1; }
  }
  const unpacked = async (id) => {
    const packed = document.getElementById(id).textContent;
    const signs = packed.padEnd(Math.ceil(packed.length / 5) * 5, "~");
    const groups = new DataView(new ArrayBuffer(signs.length / 5 * 4));
    for (let i = 0; i < signs.length; i += 5) {
      let group = 0;
      for (let k = i; k < i + 5; k += 1) group = group * 85 + places[signs.charCodeAt(k)];
      groups.setUint32(i / 5 * 4, group);
    }
    const bytes = new Uint8Array(groups.buffer, 0, Math.floor(packed.length * 4 / 5));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  };

  for (const plot of plots) plot.style.height = plot.dataset.height + "px";
  try {
    data = JSON.parse(await unpacked("page-data"));
    joinHeadings(document, data.terms);
    for (const root of document.querySelectorAll("[data-list]")) {
      root.closest("section").list = makeList(root, data.lists[root.dataset.list], data.words);
    }
    const set = makeDials(data.whatif, (plot, figure) => {
      data.figures[plot.dataset.figure] = figure;
      if (plot.dataset.state === "drawn") delete plot.dataset.state;
      drawOpen();
    });
    opened = makeOpenings(data.words, set);
    if (plots.length) {
      const script = document.createElement("script");
      script.textContent = await unpacked("plotly");
      document.head.appendChild(script);
      if (!window.Plotly) throw new Error("plotly did not start");
    }
    reveal(location.hash);
    await drawOpen();
    let width = window.innerWidth;
    window.addEventListener("resize", () => {
      if (window.innerWidth === width || printing) return;
      width = window.innerWidth;
      requestAnimationFrame(redraw);
    });
    dark.addEventListener("change", redraw);
    for (const fold of folds) fold.addEventListener("toggle", () => { if (!printing) drawOpen(); });
    let closed = [];
    // on paper two figures that follow each other stand side by side
    const paired = () => {
      for (const section of document.querySelectorAll("section.figure")) {
        let before = section.previousElementSibling;
        while (before.matches(".part ~ .table")) before = before.previousElementSibling; // not printed
        if (!before.matches(".figure:not(.half)")) continue;
        before.classList.add("half");
        section.classList.add("half");
      }
    };
    window.addEventListener("beforeprint", () => {
      printing = true;
      closed = folds.filter((fold) => !fold.open);
      for (const fold of closed) fold.open = true;
      paired();
      redraw();
    });
    window.addEventListener("afterprint", () => {
      printing = false;
      for (const section of document.querySelectorAll(".half")) section.classList.remove("half");
      for (const fold of closed) fold.open = false;
      redraw();
    });
  } catch (error) {
    plots.forEach((plot) => failed(plot, error));
  }
  document.documentElement.dataset.figures = "done";
})();
