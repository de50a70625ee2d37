// A panel's table: its first rows at once; a moment after it rests all of them, to sort, search, page.

const REST_MS = 250;

function render({ model, el }) {
  let list = null;
  let asking = null;

  // What a person sorted by and searched for stays when the rows change.
  const way = () => {
    const heads = [...el.querySelectorAll("thead th")];
    const place = heads.findIndex((head) => /ending$/.test(head.ariaSort ?? ""));
    const search = el.querySelector(".tools input");
    return { place, sort: heads[place]?.ariaSort, query: search?.value ?? "", typing: search === document.activeElement };
  };
  let kept = way();

  const show = () => {
    if (list) kept = way();
    list = null;
    el.innerHTML = model.get("value");
    el.classList.toggle("workbench-more", model.get("more"));
    clearTimeout(asking);
    if (model.get("more")) asking = setTimeout(() => model.send({ rows: true }), REST_MS);
  };
  const fill = () => {
    const data = model.get("data");
    if (!data.rows) return show();
    if (list) return;
    list = makeList(el, data, model.get("words"));
    const head = () => el.querySelectorAll("thead th")[kept.place];
    for (let turn = 0; turn < 2 && head() && head().ariaSort !== kept.sort; turn += 1) {
      head().querySelector("button").click();
    }
    const search = el.querySelector(".tools input");
    if (kept.query) {
      search.value = kept.query;
      search.dispatchEvent(new Event("input"));
    }
    if (kept.typing) search.focus();
  };
  show();
  if (model.get("data").rows) fill();
  model.on("change:value", show);
  model.on("change:data", fill);
  return () => clearTimeout(asking);
}

export default { render };
