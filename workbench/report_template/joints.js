// Chinese headings break between words, never inside one: the browser's own dictionary finds the
// words, and our terms are kept whole.
function joinHeadings(root, terms = joinHeadings.terms) {
  joinHeadings.terms = terms;
  if (document.documentElement.lang.slice(0, 2) !== "zh" || !window.Intl?.Segmenter) return;
  const words = new Intl.Segmenter("zh", { granularity: "word" });
  const mark = (heading) => {
    const text = heading.textContent;
    const whole = new Set(); // places inside a term
    for (const term of terms) {
      for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
        for (let i = at + 1; i < at + term.length; i += 1) whole.add(i);
      }
    }
    const parts = [];
    let from = 0;
    for (const { index } of words.segment(text)) {
      const stays = whole.has(index) || /[\p{Ps}\p{Pi}\d.]$/u.test(text.slice(from, index)) ||
        /^[\p{Pe}\p{Pf}\p{Po}%\s]/u.test(text.slice(index));
      if (!index || stays) continue;
      parts.push(text.slice(from, index), document.createElement("wbr"));
      from = index;
    }
    heading.replaceChildren(...parts, text.slice(from));
  };
  for (const heading of root.querySelectorAll("h1, h2")) {
    if (!heading.children.length) mark(heading);
  }
}
