// Any number opens its list, and a dial shows what would be said if a threshold stood elsewhere.

// A mark of a figure counts rows of a list: it opens the first list on the page that holds as many.
// A list of others, which holds some of a mark's rows and not all, opens for no mark of the figure.
function makeOpenings(words, turn) {
  const sections = Array.from(document.querySelectorAll("section[data-exhibit]"));
  const counted = ({ list }, mark) => list.count(list.meant(mark.key));
  const behind = (opens) => {
    const lists = opens.lists
      .flatMap((name) => sections.filter((section) => section.dataset.exhibit === name && section.list))
      .map((section) => ({ section, counts: opens.marks.map((mark) => counted(section, mark)) }))
      .filter(({ counts }) => counts.every((n, i) => n === 0 || n === opens.marks[i].n));
    return opens.marks
      .map((mark, i) => ({ mark, list: lists.find(({ counts }) => counts[i] > 0)?.section }))
      .filter(({ list }) => list);
  };
  const go = (section, mark, dial) => {
    // what stands where the threshold is set counts the rows that are listed there
    const other = section.dataset.whatif;
    if (other && other !== dial) turn(other);
    const isPart = Object.keys(mark.key).length > 0;
    section.list.filter(isPart ? section.list.meant(mark.key) : null, mark.label);
    const heading = section.querySelector("h2");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    section.scrollIntoView();
  };
  const written = new Intl.NumberFormat(words.lang === "zh" ? "zh-Hans" : "en");

  for (const value of document.querySelectorAll("[data-opens]")) {
    const [found] = behind(JSON.parse(value.dataset.opens));
    if (!found) continue;
    const { mark, list } = found;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...value.childNodes);
    button.setAttribute("aria-label", mark.label + " · " + written.format(mark.n));
    button.addEventListener("click", () => go(list, mark));
    value.append(button);
  }

  // makes the marks of a figure that has been drawn lead to their lists, and buttons of the same
  return (plot, opens) => {
    const section = plot.closest("section");
    const dial = section.dataset.whatif;
    const found = opens ? behind(opens) : [];
    plot.classList.toggle("opens", found.length > 0);
    plot.removeAllListeners("plotly_click");
    plot.on("plotly_click", ({ points: [point] }) => {
      const place = [point.curveNumber].concat(point.pointNumber).join();
      const one = found.find(({ mark }) => mark.at.join() === place);
      if (one) go(one.list, one.mark, dial);
    });
    const inside = section.querySelector("details.behind .inside");
    const before = section.querySelector(".numbers");
    if (before) before.remove();
    if (!inside || !found.length) return;
    const numbers = document.createElement("div");
    numbers.className = "numbers";
    const said = numbers.appendChild(document.createElement("p"));
    said.textContent = words.numbers;
    const items = numbers.appendChild(document.createElement("ul"));
    for (const { mark, list } of found) {
      const button = items.appendChild(document.createElement("li")).appendChild(document.createElement("button"));
      button.type = "button";
      button.textContent = mark.label + " · " + written.format(mark.n);
      button.addEventListener("click", () => go(list, mark, dial));
    }
    inside.append(numbers);
  };
}

// Each dial moves exhibits of its own. `show` draws a figure anew. Gives what sets a dial back.
function makeDials(dials, show) {
  const backs = {};
  for (const control of document.querySelectorAll(".whatif")) {
    const name = control.dataset.dial;
    const [range, said, back] = ["input", "output", "button"].map((tag) => control.querySelector(tag));
    const members = Object.entries(dials).filter(([, one]) => one.name === name);
    const dial = members[0][1];
    const write = (section, selector, text) => {
      const part = section.querySelector(selector);
      if (part) part.textContent = text;
    };
    const put = (section, id, piece) => {
      write(section, "h2", piece.heading);
      joinHeadings(section);
      write(section, ".subtitle", piece.subtitle);
      if (piece.rows) {
        if (section.list) { section.list.filter(null); section.list.hold(piece.rows, piece.n); }
        return;
      }
      write(section, "[id$='-alt']", piece.alt);
      section.querySelectorAll(".inside > p.meaning").forEach((part, i) => { part.textContent = piece.meaning[i] || ""; });
      section.querySelectorAll("tbody tr").forEach((row, i) => Array.from(row.cells).forEach((cell, j) => {
        cell.querySelector("bdi").textContent = piece.cells[i][j];
      }));
      show(section.querySelector(".plot"), piece.figure);
    };
    const turn = (at) => {
      const isSet = at === dial.set;
      range.value = at;
      said.textContent = dial.positions[at];
      range.setAttribute("aria-valuetext", dial.positions[at]);
      back.disabled = isSet;
      // lists first: the marks of a figure ask them for their rows
      for (const [id, one] of members.slice().sort(([, a], [, b]) => Boolean(b.pieces[at].rows) - Boolean(a.pieces[at].rows))) {
        const section = document.getElementById(id);
        const stand = section.querySelector(".stand");
        stand.hidden = isSet;
        const now = stand.querySelector("b");
        if (now) now.textContent = dial.positions[at];
        put(section, id, one.pieces[at]);
      }
    };
    let waiting = 0;
    range.addEventListener("input", () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => turn(Number(range.value)));
    });
    back.addEventListener("click", () => { turn(dial.set); range.focus(); });
    for (const [id, one] of members) {
      const { list } = document.getElementById(id);
      if (list && one.pieces[dial.set].rows) list.hold(one.pieces[dial.set].rows, one.pieces[dial.set].n);
    }
    backs[name] = () => turn(dial.set);
    control.hidden = false;
  }
  return (name) => { if (backs[name]) backs[name](); };
}
