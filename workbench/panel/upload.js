// A place to drop a file on, or to choose one with the keyboard. The file goes to the kernel in
// pieces, each asked for: no message is larger than the server takes, whatever the file's size.

const PIECE = 1 << 20;

function render({ model, el }) {
  const page = el.ownerDocument;
  const zone = page.createElement("label");
  const words = page.createElement("span");
  const input = page.createElement("input");
  const bar = page.createElement("progress");
  zone.className = "workbench-drop";
  input.type = "file";
  input.setAttribute("data-lm-suppress-shortcuts", "true");
  bar.hidden = true;
  zone.append(words, input, bar);
  el.append(zone);
  let sending = null; // the file this view sends

  const say = () => {
    words.textContent = model.get("words");
    bar.setAttribute("aria-label", model.get("words"));
  };

  const begin = (file) => {
    if (!file) return;
    sending = { id: crypto.randomUUID?.() ?? String(Math.random()), file };
    bar.hidden = false;
    bar.value = 0;
    model.send({ upload: sending.id, name: file.name, size: file.size });
  };

  const answer = async ({ upload, at, done }) => {
    if (!sending || upload !== sending.id) return; // another view's, or an earlier one
    const { id, file } = sending;
    if (done) {
      sending = null;
      bar.hidden = true;
      input.value = ""; // the same file, mended, can be given again
      return;
    }
    bar.max = file.size || 1;
    bar.value = at;
    try {
      const piece = await file.slice(at, at + PIECE).arrayBuffer();
      model.send({ upload: id, at }, undefined, [piece]);
    } catch (error) {
      model.send({ upload: id, lost: String(error) });
    }
  };

  // Without this the browser would leave the notebook to show the file.
  const over = (event) => {
    event.preventDefault();
    event.stopPropagation();
    zone.classList.toggle("workbench-drop-over", event.type !== "dragleave");
  };
  for (const kind of ["dragenter", "dragover", "dragleave"]) zone.addEventListener(kind, over);
  zone.addEventListener("drop", (event) => {
    over(event);
    zone.classList.remove("workbench-drop-over");
    begin(event.dataTransfer.files[0]);
  });
  input.addEventListener("change", () => begin(input.files[0]));

  say();
  model.on("change:words", say);
  model.on("msg:custom", answer);
}

export default { render };
