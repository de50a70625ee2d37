"""Every figure as a real browser draws it: nothing cut off, nothing on top of anything, no markup."""

import json

import figure_tables as t
import pandas as pd
import pytest
from dark_paper import themed
from spoken import drawn

from workbench import exhibits
from workbench.charts import style

pytestmark = pytest.mark.browser

NAMES = (
    "<script>window.hacked = 1</script>",
    "<a href='https://example.org'>go</a>",
    "<b>Bold</b> & Co",
    "&lt;i&gt;",
    "$x^2$",
    "{{ 7*7 }}",
    "%{y}",
    "Lin Yue",
)

# Which texts reach beyond their picture, and which stand on each other?
CHECK = """() => {
  const wrong = [];
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    const frame = plot.getBoundingClientRect();
    const texts = [...plot.querySelectorAll(
      '.xtick text, .ytick text, .x2tick text, .y2tick text, .x3tick text, .y3tick text,' +
      ' .bartext, .annotation-text, .gtitle, .xtitle, .ytitle, .textpoint text')];
    const boxes = texts.map(e => [e.textContent, e.getBoundingClientRect()])
      .filter(([said, box]) => said && box.width);
    for (const [said, box] of boxes)
      if (box.left < frame.left - 1 || box.right > frame.right + 1 ||
          box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        wrong.push(`${plot.id}: cut off: ${said}`);
    boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 4) wrong.push(`${plot.id}: ${one} on ${other}`);
    }));
  }
  return wrong;
}"""


def shown(page, figures, *, width, scheme="light"):
    """Draw figures as a page does: themed, and changed for a phone under 480 px."""
    from plotly.offline import get_plotlyjs

    page.set_viewport_size({"width": width, "height": 900})
    troubles, requests = [], []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.set_content(
        "<!doctype html><meta charset=utf-8><body style='margin:16px'>"
        + "".join(f"<div id='{i}'></div>" for i in range(len(figures)))
    )
    page.add_script_tag(content=get_plotlyjs())
    for i, figure in enumerate(figures):
        embedded = json.loads(themed(figure, scheme).to_json())
        page.evaluate(
            """async ([id, figure]) => {
              const plot = await Plotly.newPlot(id, figure.data, figure.layout,
                                                {responsive: true, displayModeBar: false});
              const phone = figure.layout.meta.phone;
              if (phone && innerWidth < 480) await Plotly.relayout(plot, phone);
            }""",
            [str(i), embedded],
        )
    assert troubles == []
    assert [url for url in requests if not url.startswith(("about:", "data:"))] == []


@pytest.mark.parametrize("width", [360, 900])
@pytest.mark.parametrize("edges", [(0.8, 1.2, 3.0), (0.85, 0.95, 1.05), (0.1, 3.8, 3.9)])
def test_every_band_has_its_label_wherever_its_edges_are(page, width, edges):
    bounds = (0.0, *edges, 4.0)
    table = pd.DataFrame(
        {
            "left": bounds[:-1],
            "right": bounds[1:],
            "customers": [40, 30, 20, 10],
            "warning": ["not_due", "likely_repurchase", "churn_risk", "lost"],
        }
    )
    shown(page, [drawn(exhibits.churn.ratios)(t.warning_summary(), bins=table)], width=width)
    said = page.evaluate(
        "[...document.querySelectorAll('.annotation-text')].map(e => e.textContent)"
    )
    assert said == ["not due612", "likely torepurchase288", "churn risk241", "lost57"]
    assert page.evaluate(CHECK) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [360, 500, 900])
def test_no_text_is_cut_off_or_stands_on_another(page, lang, width):
    shown(page, [draw(lang=lang) for draw in t.FULL.values()], width=width)
    assert page.evaluate(CHECK) == []


@pytest.mark.parametrize("width", [390, 900])
def test_hostile_names_are_shown_as_they_are(page, width):
    shown(page, [drawn(exhibits.churn.workload)(t.workload(NAMES))], width=width)
    ticks = page.evaluate("[...document.querySelectorAll('.ytick text')].map(e => e.textContent)")
    for name, tick in zip(NAMES, ticks, strict=True):
        assert name.startswith(tick.rstrip("…"))
    assert page.evaluate("document.querySelectorAll('svg a').length") == 0
    assert page.evaluate("window.hacked") is None
    assert page.evaluate(CHECK) == []


def test_hostile_names_are_whole_in_the_hover_text(page):
    shown(page, [drawn(exhibits.churn.workload)(t.workload(NAMES))], width=900)
    for row, name in enumerate(NAMES):
        page.evaluate("row => Plotly.Fx.hover('0', [{curveNumber: 0, pointNumber: row}])", row)
        # plotly shows a hover text at most every tenth of a second
        page.wait_for_timeout(150)
        said = page.evaluate("document.querySelector('.hoverlayer .hovertext').textContent")
        assert said.startswith(name), said
        assert page.evaluate("document.querySelectorAll('.hoverlayer a').length") == 0


def test_a_dark_figure_holds_no_light_colour(page):
    shown(page, [draw() for draw in t.FULL.values()], width=900, scheme="dark")
    drawn = page.evaluate(
        """[...document.querySelectorAll('.js-plotly-plot svg *')].flatMap(
             e => [getComputedStyle(e).fill, getComputedStyle(e).stroke])"""
    )
    light = {
        f"rgb({int(c[1:3], 16)}, {int(c[3:5], 16)}, {int(c[5:7], 16)})"
        for c in style.LIGHT.values()
    }
    assert set(drawn) & light == set()
