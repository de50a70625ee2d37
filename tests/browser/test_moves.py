"""A page's dials and numbers in a real browser: each position as its twin says, each number its list."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dialled
import pytest
from opened_lists import OPENED, UNLISTED
from waiting import until

from workbench.words import LANGUAGES, Lang, Words

pytestmark = pytest.mark.browser

READY = "document.documentElement.dataset.figures === 'done'"
#: What a section says and shows now: heading, grey line, rows of its list or table, its figure.
SEEN = """id => {
  const section = document.getElementById(id);
  const cells = row => Array.from(row.cells).map(cell => cell.querySelector('bdi').textContent);
  const plot = section.querySelector('.plot');
  section.list?.show(Infinity);
  return [section.querySelector('h2').textContent.trim(), section.querySelector('.subtitle')?.textContent ?? '',
          Array.from(section.querySelectorAll('tbody tr')).map(cells), section.list?.rows.length ?? null,
          plot && plot.dataset.state === 'drawn' ? plot.data[0].customdata : null,
          section.querySelector('[id$="-alt"]')?.textContent ?? null,
          Array.from(section.querySelectorAll('p.meaning')).map(part => part.textContent)];
}"""
#: Where on the screen the middle of a mark is: of a cell, or of a bar, stacked or not.
MIDDLE = """([id, at]) => {
  const plot = document.querySelector(`#${id} .plot`);
  const [curve, ...place] = at;
  const { _fullLayout: { xaxis, yaxis }, data } = plot;
  const trace = data[curve];
  const box = plot.getBoundingClientRect();
  let [x, y] = [0, 0];
  if (trace.type === 'heatmap') [x, y] = [trace.x[place[1]], trace.y[place[0]]];
  else {
    const flat = trace.orientation === 'h';
    const [long, across] = flat ? ['x', 'y'] : ['y', 'x'];
    const where = trace[across][place[0]];
    let below = 0;
    for (const other of data.slice(0, curve)) {
      const i = Array.from(other[across] || []).indexOf(where);
      if (other.type === 'bar' && plot.layout.barmode !== 'overlay' && i >= 0) below += other[long][i];
    }
    const end = Math.min(below + trace[long][place[0]] / 2, flat ? Infinity : yaxis.range[1] * 0.9);
    [x, y] = flat ? [end, where] : [where, end];
  }
  return [box.left + xaxis._offset + xaxis.l2p(x), box.top + yaxis._offset + yaxis.l2p(y)];
}"""


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Lang:
    chosen: Lang = request.param
    return chosen


@pytest.fixture(scope="module")
def page(browser: Any, lang: Lang, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1200, "height": 850}, reduced_motion="reduce")
    opened = context.new_page()
    opened.asked, opened.complaints = [], []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    path: Path = dialled.page(tmp_path_factory.mktemp("page"), lang)
    opened.goto(path.as_uri())
    until(opened, READY)
    yield opened
    context.close()


def turned(page: Any, name: str, place: int) -> None:
    """Turn a dial as a person does: by the keyboard, from its lower end."""
    dial = page.locator(f"#whatif-{name}")
    dial.focus()
    page.keyboard.press("Home")
    for _ in range(place):
        page.keyboard.press("ArrowRight")
    until(page, f"document.querySelector('[data-dial={name}] output').textContent"
                f" === document.querySelector('#whatif-{name}').getAttribute('aria-valuetext')"
                f" && +document.querySelector('#whatif-{name}').value === {place}")  # fmt: skip
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 60)))")
    until(page, "!Array.from(document.querySelectorAll('.plot')).some(p => !p.dataset.state)")


@pytest.mark.parametrize("dial", [dialled.risk, dialled.high])
def test_sentence_figure_counts_and_list_are_the_twins_at_every_position(
    page: Any, lang: Lang, dial: Any
) -> None:
    words, name = Words(lang, "CNY"), dial().name
    made = dial().blocks(words)
    cards = page.locator(".cards").inner_text()
    for place, value in enumerate(dial().values):
        turned(page, name, place)
        said = words.within(f"whatif.{name}")("position", value=value)
        assert page.locator(f"[data-dial={name}] output").inner_text() == said
        for block, shown in zip(made, dial().at(value), strict=True):
            heading, subtitle, rows, n, counts, alt, meaning = page.evaluate(
                SEEN, block.content["id"]
            )
            held = block.content["whatif"]["pieces"][place]
            assert (heading, subtitle) == (shown.sentence(words), shown.subtitle(words))
            if n is None:
                assert rows == held["cells"]
                assert alt == shown.sentence(words)
                assert meaning == shown.meaning(words)
                assert counts == held["figure"]["data"][0]["customdata"]
            else:
                every = block.content["table"]["rows"]
                assert n == len(shown.whole(words))
                assert rows == [every[row] for row in held["rows"]]
    assert page.locator(".cards").inner_text() == cards
    stand = words.within(f"whatif.{name}")("stand", value=dial().value)
    assert page.get_by_text(stand).count() == len(made)
    page.locator(f"[data-dial={name}] button").click()
    assert page.get_by_text(stand).locator("visible=true").count() == 0
    assert page.evaluate(SEEN, made[0].content["id"])[0] == dial().at(dial().value)[0].sentence(
        words
    )


def test_a_dial_is_labelled_touched_and_asks_nothing_of_the_network(page: Any, lang: Lang) -> None:
    for name in ("risk_from", "high_from"):
        label = Words(lang).within(f"whatif.{name}")("label")
        dial = page.get_by_role("slider", name=label)
        assert dial.bounding_box()["height"] >= 44
        assert page.locator(f"[data-dial={name}] button").bounding_box()["height"] >= 44
    assert [url for url in page.asked if not url.startswith(("file:", "blob:", "data:"))] == []
    assert page.complaints == []


@pytest.mark.parametrize("name", OPENED)
def test_a_click_on_a_mark_opens_as_many_rows_as_it_counts(
    page: Any, lang: Lang, name: str
) -> None:
    figure = OPENED[name]()[0].figure(Words(lang))
    assert figure is not None
    told = figure.layout.meta["opens"]
    place = f"own_{name.replace('.', '_')}"
    labels = page.evaluate(
        "id => Array.from(document.querySelectorAll(`#${id} .numbers button`)).map(b => b.textContent)",
        place,
    )
    opens = [mark for mark in told["marks"] if any(one.startswith(mark["label"]) for one in labels)]
    unlisted = UNLISTED.get(name, lambda _key: False)
    assert len(labels) == sum(not unlisted(mark["key"]) for mark in told["marks"])
    mark = max(opens, key=lambda one: one["n"])
    page.evaluate(
        "id => document.querySelector(`#${id} .plot`).scrollIntoView({block: 'center', behavior: 'instant'})",
        place,
    )
    x, y = page.evaluate(MIDDLE, [place, mark["at"]])
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    until(page, f"document.querySelector('#{place} .plot')._hoverdata")
    page.mouse.click(x, y)
    until(page, "document.activeElement.tagName === 'H2'")
    focused = page.evaluate_handle("document.activeElement.closest('section')")
    assert focused.evaluate("section => section.dataset.exhibit") in told["lists"]
    assert focused.evaluate("section => section.list.rows.length") == mark["n"]
    chip = focused.evaluate("section => section.querySelector('.chip').textContent")
    assert chip == f"{mark['label']} ✕"
    focused.evaluate("section => section.querySelector('.chip button').click()")
    assert focused.evaluate("section => section.list.rows.length") > mark["n"]


def test_the_keyboard_opens_the_same_lists_from_below_the_figure(page: Any) -> None:
    page.evaluate("document.querySelector('#segments details.behind').open = true")
    for button in page.locator("#segments .numbers button").all():
        n = int(button.inner_text().rpartition(" ")[2].replace(",", ""))
        button.focus()
        page.keyboard.press("Enter")
        section = page.evaluate_handle("document.activeElement.closest('section')")
        assert section.evaluate("section => section.list.rows.length") == n


def test_a_number_that_stands_at_the_set_value_opens_the_list_of_the_set_value(page: Any) -> None:
    turned(page, "risk_from", 0)
    late = len(dialled.risk().at(1.2)[0].whole(Words()))
    assert page.evaluate("document.getElementById('churn_risk').list.rows.length") > late
    buttons = page.locator(".cards .value button")
    assert buttons.count() == 1, "the other card counts what no list on the page holds"
    buttons.click()
    assert page.evaluate("document.getElementById('churn_risk').list.rows.length") == late
    assert page.evaluate("+document.getElementById('whatif-risk_from').value") == 3
