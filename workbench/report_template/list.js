"use strict";
// A list people act on: sorted by a click, searched by typing, paged or shown whole, filtered, saved.
// It knows nothing of the page it stands in. `root` holds the table, in which the first rows may
// stand already; `data` its columns, rows (a cell is a text or {text, href}), keys (numbers to sort
// a column by, or null: by its text), codes (unseen values to filter by), first (how many rows stand
// open) and csv; `words` what it says. Gives what others may do with it.
function makeList(root, data, words) {
  const { columns, rows, keys = [], codes = {}, first = rows.length } = data;
  const total = data.all || rows.length;
  const lang = words.lang === "zh" ? "zh-Hans" : "en";
  const written = new Intl.NumberFormat(lang);
  const collator = new Intl.Collator(lang, { numeric: true });
  const said = (text, values) =>
    text.replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? written.format(values[name]) : values[name]));
  const element = (tag, properties, ...inside) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...inside);
    return made;
  };
  const button = (text, act, properties) => {
    const made = element("button", { type: "button", ...properties }, text);
    made.addEventListener("click", act);
    return made;
  };
  const textOf = (cell) => (typeof cell === "string" ? cell : cell.text);
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  let texts = null; // what is searched, made when first asked for

  const table = root.querySelector("table");
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);
  const lead = Math.max(0, columns.findIndex((column) => column.strong));
  let start = 0, size = first, sorted = null, allowed = null, held = null, query = "";
  const list = { rows: rows.map((_, row) => row) }; // the numbers of the rows that match, in order

  const written_cell = (cell) => {
    const link = typeof cell !== "string" && /^(tel|mailto|weixin):/i.test(cell.href);
    return element("bdi", {}, link ? element("a", { href: cell.href }, cell.text) : textOf(cell));
  };
  const written_row = (number) => {
    const cells = rows[number].map((cell, place) => {
      const column = columns[place];
      const names = ["number", "strong", "accent", "minor", "under"].filter((name) => column[name]);
      const made = element(place ? "td" : "th", { className: names.join(" ") }, written_cell(cell));
      if (!place) made.scope = "row";
      if (place === lead) {
        columns.forEach((other, at) => {
          if (other.under) made.append(element("span", { className: "below" }, written_cell(rows[number][at])));
        });
      }
      return made;
    });
    const made = element("tr", {}, ...cells);
    made.dataset.row = number; // its place in the whole list, however it is sorted
    return made;
  };

  const draw = () => {
    const n = list.rows.length;
    const end = Math.min(start + size, n);
    body.replaceChildren(...list.rows.slice(start, end).map(written_row));
    const isPart = n < (held ? held.rows.length : rows.length);
    const all = held ? held.n : total;
    count.textContent = n ? said(isPart ? words.matching : words.range, { from: start + 1, to: end, n: isPart ? n : all }) : words.none;
    more.textContent = size < n ? said(words.all, { n }) : words.fewer;
    more.hidden = n <= first;
    before.hidden = after.hidden = n <= size;
    before.disabled = start === 0;
    after.disabled = end === n;
  };
  const matching = (values) => (held ? held.rows : rows.map((_, row) => row)).filter((row) =>
    Object.entries(values || {}).every(([name, wanted]) => wanted.includes(codes[name][row])));
  const update = () => {
    const asked = plain(query).split(/\s+/).filter(Boolean);
    if (asked.length) texts = texts || rows.map((row) => plain(row.map(textOf).join("\n")));
    list.rows = matching(allowed).filter((row) => asked.every((word) => texts[row].includes(word)));
    if (sorted) {
      const { column, down } = sorted;
      const value = (row) => (keys[column] ? keys[column][row] : textOf(rows[row][column]));
      list.rows.sort((one, other) => {
        const [a, b] = [value(one), value(other)];
        if (a === null || b === null) return (a === null) - (b === null) || one - other;
        return (keys[column] ? a - b : collator.compare(a, b)) * (down ? -1 : 1) || one - other;
      });
    }
    start = 0;
    draw();
  };
  // what is known is the largest first, then the smallest, then the order it came in
  const sort = (column) => {
    const down = Boolean(keys[column]);
    const isTurned = sorted && sorted.column === column && sorted.down !== down;
    const isSame = sorted && sorted.column === column;
    sorted = isTurned ? null : { column, down: isSame ? !down : down };
    heads.forEach((head, place) => {
      const way = sorted && sorted.column === place ? (sorted.down ? "descending" : "ascending") : "none";
      head.setAttribute("aria-sort", way);
    });
    update();
  };

  // a line of the file ends where no quote is open
  const records = () => {
    const lines = [];
    let open = false;
    for (const piece of data.csv.split("\r\n")) {
      if (open) lines[lines.length - 1] += "\r\n" + piece; else lines.push(piece);
      if ((piece.split('"').length - 1) % 2) open = !open;
    }
    return lines;
  };
  list.csv = () => {
    const lines = records();
    return "\ufeff" + [lines[0], ...list.rows.map((row) => lines[row + 1])].join("\r\n") + "\r\n";
  };
  list.filter = (values, label) => {
    allowed = values;
    chip.replaceChildren(...(values && label ? [button(label + " ✕", () => list.filter(null), { ariaLabel: said(words.clear, { label }) })] : []));
    for (let fold = root.closest("details"); values && fold; fold = fold.parentElement.closest("details")) fold.open = true;
    update();
  };
  // the list is no longer than these rows, of n that there are: a what-if says so
  list.hold = (now, n) => { held = { rows: now.filter((row) => row < rows.length), n }; update(); };
  // what a mark says of its rows, by code a value or two ends [from, below], as values to filter by
  list.meant = (key) => Object.fromEntries(Object.entries(key).map(([name, wanted]) => {
    const inside = (value) => value !== null && value >= wanted[0] && (wanted[1] === null || value < wanted[1]);
    return [name, Array.isArray(wanted) ? (codes[name] || []).filter(inside) : [wanted]];
  }));
  list.count = (values) => (Object.keys(values).every((name) => codes[name]) ? matching(values).length : 0);
  list.show = (n) => { size = n; start = 0; draw(); };

  const count = element("p", { className: "count" });
  count.setAttribute("role", "status");
  const chip = element("span", { className: "chip" });
  const search = element("input", { type: "search", placeholder: words.search, ariaLabel: words.search });
  search.addEventListener("input", () => { query = search.value; update(); });
  const more = button("", () => {
    const isOpening = size < list.rows.length;
    list.show(isOpening ? Infinity : first);
    if (!isOpening) root.scrollIntoView({ block: "nearest" });
  });
  const turn = (by) => () => { start = Math.max(0, start + by * size); draw(); };
  const before = button("‹", turn(-1), { ariaLabel: words.before });
  const after = button("›", turn(1), { ariaLabel: words.after });

  if (rows.length > first) {
    root.prepend(element("div", { className: "tools" }, count, chip, search));
    if (table.caption) table.caption.className = "hidden";
    heads.forEach((head, place) => {
      const label = button("", () => sort(place));
      label.append(...head.childNodes);
      head.replaceChildren(label);
      head.setAttribute("aria-sort", "none");
    });
  } else {
    root.prepend(chip);
  }
  let foot = root.querySelector(".after");
  if (!foot) root.append(foot = element("p", { className: "after" }));
  foot.prepend(more, before, after);
  const save = foot.querySelector("a");
  if (save && data.csv) {
    save.textContent = words.save;
    save.addEventListener("click", (event) => {
      event.preventDefault();
      const href = URL.createObjectURL(new Blob([list.csv()], { type: "text/csv" }));
      element("a", { href, download: data.file.split("/").pop() }).click();
      setTimeout(() => URL.revokeObjectURL(href), 1000);
    });
  }
  draw();
  return list;
}
