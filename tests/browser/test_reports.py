"""A report in a real browser: it calls nobody, draws all, fits a phone, prints, and is for everyone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from report_books import HOSTILE, book, settings
from waiting import until

from workbench import reports, rfm
from workbench.words import Words

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

READY = "document.documentElement.dataset.figures === 'done'"
DRAWN = "[...document.querySelectorAll('.plot')].every((plot) => plot.dataset.state === 'drawn')"
SCREENS = {"monthly_customers": 8, "weekly_nurture": 5}
WIDTHS = {"desk": 1200, "phone": 390}


@pytest.fixture(scope="module")
def company(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the samples' tables and the real reports, published in both languages."""
    folder = tmp_path_factory.mktemp("company")
    shutil.copytree(root / "data" / "samples", folder / "data" / "samples")
    shutil.copy(root / "workbench.toml", folder)
    for lang in ("en", "zh"):
        for name, period in (("monthly_customers", "2026-10"), ("weekly_nurture", "2026-W43")):
            reports.run(name, period=period, lang=lang, settings_file=folder / "workbench.toml")
    return folder / "reports" / "monthly_customers" / "2026-10"


def weekly(company: Path) -> Path:
    return company.parents[1] / "weekly_nurture" / "2026-W43"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page in which every word that can come from data is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    book(
        folder,
        "tiny",
        f"names = {HOSTILE!r}",
        "import pandas as pd\nimport plotly.graph_objects as go\n"
        "from workbench import blocks, words\nfrom workbench.charts import style\n"
        "words.speak(lang)",
        "blocks.headline(names[0], list(names), kicker=names)",
        "blocks.facts(*names, (names[5], 'calls'))",
        "table = pd.DataFrame({'customer_name': names, 'note': names})\n"
        "blocks.table(table, name='calls', heading=names[6], subtitle=names[4], limit=8)",
        "blocks.text(names[2], list(names), items={n: n for n in names}, points=names, name='said')",
        "blocks.definitions({n: n for n in names})",
        "fig = style.base(words.literal(names[6]), height=300)\n"
        "_ = fig.add_bar(x=[words.literal(n) for n in names], y=list(range(1, 9)))\n"
        "fig = style.finished(fig, alt=names[6], subtitle=names[5])\n"
        "blocks.figure(fig, table, name='bars', finding=names[0], meaning=list(names))",
    )
    run = reports.run("tiny", period="2026-10", settings_file=settings(folder))
    return run.folder / "report.html"


@pytest.fixture
def opened(browser: Any) -> Iterator[Any]:
    """Open a page at a width and colour scheme; gives it with what it asked of the network."""
    contexts = []

    def open_page(
        path: Path,
        *,
        width: int = 1200,
        scheme: str = "light",
        script: bool = True,
        figures: bool = True,
    ) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 850},
            color_scheme=scheme,
            java_script_enabled=script,
            has_touch=width < 500,
        )
        contexts.append(context)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
        page.goto(path.as_uri())
        if script and figures:
            until(page, READY)
        return page

    yield open_page
    for context in contexts:
        context.close()


def open_all(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    until(page, DRAWN)


def sideways(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("where", WIDTHS)
def test_every_figure_is_drawn_and_nobody_is_called(
    company: Path, opened: Any, lang: str, where: str
) -> None:
    page = opened(company / lang / "report.html", width=WIDTHS[where])
    assert page.asked == [(company / lang / "report.html").as_uri()], "one file, no requests"
    assert page.complaints == []
    assert page.locator(".plot").count() >= 4
    open_all(page)
    for plot in page.locator(".plot").all():
        assert plot.get_attribute("data-state") == "drawn"
        box = plot.locator("svg.main-svg").first.bounding_box()
        assert box["width"] <= WIDTHS[where]
        assert plot.locator("path").count() > 3, "more than an empty frame"
    assert not sideways(page)


def test_no_code_of_ours_stands_on_the_page_instead_of_its_word(company: Path, opened: Any) -> None:
    for lang in ("en", "zh"):
        page = opened(company / lang / "report.html")
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        text = page.locator("main").inner_text()
        for code in ("key_", "general_", "churn_risk", "likely_repurchase", "not_due", "rows_"):
            assert code not in text, (lang, code)


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_scrolls_sideways_with_every_detail_open(
    company: Path, opened: Any, width: int
) -> None:
    for lang in ("en", "zh"):
        page = opened(company / lang / "report.html", width=width)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert not sideways(page)


@pytest.mark.parametrize("width", [320, 390])
def test_no_term_is_broken_over_two_lines_in_a_chinese_heading(
    company: Path, opened: Any, width: int
) -> None:
    zh = Words("zh")
    terms = [*(zh(f"segment.{one}") for one in rfm.SEGMENTS), *zh("report.terms").split("、")]
    for path in (company, weekly(company)):
        page = opened(path / "zh" / "report.html", width=width)
        assert page.locator("h1 wbr, h2 wbr").count() > 5, "there is where else to break"
        broken = page.evaluate(
            """names => [...document.querySelectorAll("h1, h2")].flatMap(heading => {
                const range = document.createRange(), parts = [...heading.childNodes];
                return names.filter(name => heading.textContent.includes(name)).filter(name => {
                    const text = parts.find(part => part.data?.includes(name));
                    if (!text) return true;
                    range.setStart(text, text.data.indexOf(name));
                    range.setEnd(text, text.data.indexOf(name) + name.length);
                    return new Set([...range.getClientRects()].map(box => box.top)).size > 1;
                });
            })""",
            terms,
        )
        assert broken == []


def test_what_is_touched_on_a_phone_is_large_enough(company: Path, opened: Any) -> None:
    page = opened(company / "en" / "report.html", width=390)
    for target in page.locator("summary, .after a, .contents a, .list button, .list input").all():
        if target.is_visible():
            assert target.bounding_box()["height"] >= 44


# every two of width, language and colours meet once
@pytest.mark.parametrize(
    ("width", "lang", "scheme"),
    [(390, "en", "light"), (390, "zh", "dark"), (1200, "en", "dark"), (1200, "zh", "light")],
)
def test_axe_finds_nothing_serious(
    company: Path, opened: Any, lang: str, scheme: str, width: int
) -> None:
    found = _serious(opened(company / lang / "report.html", scheme=scheme, width=width))
    assert found == []


def _serious(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    violations = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {node['html'][:120]}"
        for v in violations
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("report", SCREENS)
def test_a_page_opens_no_longer_than_its_screens_on_a_phone(
    company: Path, opened: Any, report: str, lang: str
) -> None:
    folder = company if report == "monthly_customers" else weekly(company)
    page = opened(folder / lang / "report.html", width=390)
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height <= SCREENS[report] * 844, page.evaluate(
        "[...document.querySelectorAll('main > *, footer')]"
        ".map((part) => [part.id, part.getBoundingClientRect().height])"
    )
    assert not sideways(page)


def test_the_page_with_all_that_moves_on_it_is_no_larger_than_it_may_be(company: Path) -> None:
    for lang in ("en", "zh"):
        assert (company / lang / "report.html").stat().st_size <= 2_300_000


def test_what_is_folded_is_drawn_when_it_is_opened_and_a_link_opens_it(
    company: Path, opened: Any
) -> None:
    page = opened(company / "en" / "report.html")
    plot = page.locator("#retention .plot")
    assert plot.get_attribute("data-state") is None
    page.locator("#retention summary").first.click()
    until(page, "document.querySelector('#retention .plot').dataset.state === 'drawn'")
    assert plot.locator("path").count() > 3
    page.locator(".facts a[href='#ledger']").click()
    assert page.locator("#ledger h3").first.is_visible()
    page.evaluate("location.hash = '#migration'")
    until(page, "document.querySelector('#migration .plot').dataset.state === 'drawn'")


def test_the_contents_lead_to_what_stands_on_the_page(company: Path, opened: Any) -> None:
    for folder in (company, weekly(company)):
        page = opened(folder / "en" / "report.html", width=390)
        links = page.locator(".contents a").all()
        assert len(links) >= 5
        assert len({link.bounding_box()["y"] for link in links}) == 1, "one line"
        parts = [page.locator(link.get_attribute("href")) for link in links]
        assert [part.count() for part in parts] == [1] * len(parts)
        places = [part.bounding_box()["y"] for part in parts]
        assert places == sorted(places), "in the order of the page"


def test_on_a_phone_the_owner_stands_under_the_name(company: Path, opened: Any) -> None:
    cell = "#churn_risk tbody th"
    phone = opened(company / "en" / "report.html", width=390).locator(cell).first
    desk = opened(company / "en" / "report.html").locator(cell).first
    name, owner = phone.inner_text().split("\n")
    assert desk.inner_text() == name
    assert owner in desk.locator("xpath=../td[1]").inner_text()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_list_is_sorted_searched_paged_opened_in_place_and_filtered(
    company: Path, opened: Any, lang: str
) -> None:
    page = opened(company / lang / "report.html", width=390)
    table = pd.read_csv(company / lang / "tables" / "churn_risk.csv")
    names, money = table.iloc[:, 2], table.iloc[:, 9]
    listed = page.locator("#churn_risk")
    rows, count, head = listed.locator("tbody tr"), listed.locator(".count"), listed.locator("th")
    amount = listed.locator("thead th").last

    def amounts() -> list[int]:
        texts = listed.locator("tbody td:last-child").all_inner_texts()
        return [int(text.replace(",", "")) for text in texts]

    assert (rows.count(), len(table)) == (8, len(names))
    assert f"1–8{' of ' if lang == 'en' else '/'}{len(table)}" == count.inner_text()
    amount.locator("button").click()
    assert (amount.get_attribute("aria-sort"), amounts()[0]) == ("descending", round(money.max()))
    amount.locator("button").click()
    assert amount.get_attribute("aria-sort") == "ascending"
    assert amounts() == sorted(round(value) for value in money)[:8]
    head.first.locator("button").click()
    assert (amount.get_attribute("aria-sort"), head.first.get_attribute("aria-sort")) == (
        "none", "ascending",
    )  # fmt: skip
    for _ in range(2):
        head.first.locator("button").click()
    first = listed.locator("tbody th bdi:first-child")
    assert first.first.inner_text() == names[0], "the third click gives the order it came in"

    listed.locator(".after button").nth(2).click()
    assert first.first.inner_text() == names[8]
    assert f"9–16{' of ' if lang == 'en' else '/'}{len(table)}" == count.inner_text()
    listed.locator(".after button").first.click()
    assert rows.count() == len(table)
    listed.locator(".after button").first.click()
    assert rows.count() == 8

    listed.locator("input[type=search]").fill(names[10].upper())
    assert [names[10]] == listed.locator("tbody th > bdi").all_inner_texts()
    listed.locator("input[type=search]").fill("no such name")
    assert rows.count() == 0
    assert count.inner_text() == Words(lang)("list.none")
    listed.locator("input[type=search]").fill("")

    owner = table.iloc[0, 3]
    page.evaluate(
        "(owner) => document.getElementById('churn_risk').list.filter({owner_id: [owner]}, owner)",
        owner,
    )
    page.evaluate("document.getElementById('churn_risk').list.show(Infinity)")
    assert rows.count() == (table.iloc[:, 3] == owner).sum()
    listed.locator(".chip button").click()
    assert page.evaluate("document.getElementById('churn_risk').list.rows.length") == len(table)
    assert page.complaints == []


def saved(page: Any, link: Any) -> pd.DataFrame:
    with page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbf"), "Excel reads it"
    return pd.read_csv(download.value.path(), dtype="str", keep_default_na=False)


def test_a_list_is_saved_whole_from_inside_the_page(company: Path, opened: Any) -> None:
    page = opened(company / "en" / "report.html")
    kept = pd.read_csv(company / "en" / "tables" / "churn_risk.csv", dtype="str")
    listed = page.locator("#churn_risk")
    whole = saved(page, listed.locator(".after a"))
    assert list(whole) == [name for name in kept if name in set(whole)]
    assert {"Ratio", "At stake"} <= set(whole), "the columns that are read; the file has all"
    texts = ["Customer ID", "Customer", "Owner", "Reason"]
    pd.testing.assert_frame_equal(whole[texts], kept[texts].fillna(""))
    listed.locator("input[type=search]").fill(kept["Customer"][3])
    assert saved(page, listed.locator(".after a"))["Customer ID"].tolist() == [
        kept["Customer ID"][3]
    ]
    assert page.asked == [(company / "en" / "report.html").as_uri()]


def test_a_saved_list_holds_no_formula_and_every_name_whole(hostile: Path, opened: Any) -> None:
    page = opened(hostile)
    rows = saved(page, page.locator("#calls .after a"))
    assert [name.removeprefix("'") for name in rows["Customer"]] == [
        name.removeprefix("'") for name in HOSTILE
    ]
    assert rows["Customer"][1].startswith("'=")


def test_dark_figures_take_the_dark_palette(company: Path, opened: Any) -> None:
    from workbench.charts import style

    page = opened(company / "en" / "report.html", scheme="dark")
    colours = page.evaluate(
        "Array.from(document.querySelectorAll('.plot .bars path'), (p) => p.style.fill)"
    )
    drawn = {_hex(colour) for colour in colours}
    assert style.DARK[style.RISK] in drawn
    assert style.RISK not in drawn


def test_a_change_of_scheme_while_the_page_is_open_is_followed(company: Path, opened: Any) -> None:
    from workbench.charts import style

    page = opened(company / "en" / "report.html")
    page.emulate_media(color_scheme="dark")
    until(
        page,
        "(colour) => Array.from(document.querySelectorAll('.plot .bars path'))"
        ".some((p) => p.style.fill === colour)",
        arg=_rgb(style.DARK[style.RISK]),
    )


def _hex(colour: str) -> str:
    parts = [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")[:3]]
    return "#" + "".join(f"{part:02x}" for part in parts)


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def test_a_dark_page_prints_on_light_sheets_with_whole_figures(company: Path, opened: Any) -> None:
    from workbench.charts import style

    page = opened(company / "en" / "report.html", scheme="dark")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert pdf.startswith(b"%PDF-")
    pages = pdf.count(b"/Type /Page\n") or pdf.count(b"/Type/Page\n")
    assert 4 <= pages <= 9
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    until(
        page,
        "(colour) => Array.from(document.querySelectorAll('.plot .bars path'))"
        ".some((p) => p.style.fill === colour)",
        arg=_rgb(style.RISK),
    )
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert paper == "rgba(0, 0, 0, 0)"
    for plot in page.locator(".plot").all():
        assert plot.evaluate("(p) => getComputedStyle(p).breakInside") == "avoid"
        assert 0 < plot.locator("svg.main-svg").first.bounding_box()["width"] <= 680
    assert page.locator(".behind").first.is_hidden(), "raw tables stay in the files"
    assert page.locator("#churn_risk tbody tr").count() == 8
    printed = page.evaluate(
        "getComputedStyle(document.querySelector('.after a'), '::after').content"
    )
    assert "tables/" in printed, "links are spelled out"


def test_the_keyboard_alone_reaches_and_opens_everything(company: Path, opened: Any) -> None:
    page = opened(company / "en" / "report.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.tagName")
        reached.add(name)
        if name == "SUMMARY":
            break
    assert {"A", "SUMMARY"} <= reached
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is True


def test_without_scripts_every_sentence_and_table_is_there(company: Path, opened: Any) -> None:
    page = opened(company / "en" / "report.html", script=False)
    assert page.locator("h1").inner_text()
    assert page.locator("noscript").first.inner_text().startswith("The figures need JavaScript")
    page.locator(".behind summary").first.click()
    assert page.locator("details[open] tbody tr").count() > 2
    assert page.locator("#churn_risk tbody tr").count() == 8
    assert not page.locator("#definitions dl").is_visible()
    page.locator("#definitions summary").click()
    assert page.locator("#definitions dl").is_visible()


def test_every_figure_has_a_name_a_description_and_its_table(company: Path, opened: Any) -> None:
    page = opened(company / "en" / "report.html")
    for figure in page.locator("figure").all():
        for attribute in ("aria-labelledby", "aria-describedby"):
            named = page.locator(f"#{figure.get_attribute(attribute)}")
            assert named.text_content().strip()
        assert figure.locator("xpath=..").locator("details table caption").count() == 1


def test_hostile_names_stand_on_the_page_as_they_are_and_do_nothing(
    hostile: Path, opened: Any
) -> None:
    page = opened(hostile)
    assert page.asked == [hostile.as_uri()]
    assert page.complaints == []
    assert page.title() == HOSTILE[0], "the title is the name itself, and no script changed it"
    cells = page.locator("#calls tbody th").all_inner_texts()
    assert [" ".join(cell.split()) for cell in cells] == [" ".join(n.split()) for n in HOSTILE]
    assert page.locator("main script, main img, main iframe").count() == 0
    drawn = page.locator("#bars .plot svg.main-svg").first.text_content()
    assert "<img src=x" in drawn


def test_a_name_that_turns_the_text_round_turns_only_itself(hostile: Path, opened: Any) -> None:
    page = opened(hostile)
    cell = page.locator("#calls tbody tr").nth(4).locator("td")
    assert cell.evaluate("(td) => getComputedStyle(td).unicodeBidi") == "isolate"


def test_the_failure_page_and_the_index_are_pages_of_the_same_kind(
    tmp_path: Path, opened: Any
) -> None:
    book(
        tmp_path,
        "tiny",
        "from workbench import errors\n"
        "raise errors.ContractError('<script>document.title=1</script>', mend='Mend.')",
    )
    run = reports.attempt("tiny", period="2026-10", settings_file=settings(tmp_path))
    for path in (run.folder / "FAILED.html", tmp_path / "reports" / "index.html"):
        for width in (1200, 390):
            page = opened(path, width=width, figures=False)
            assert page.complaints == []
            assert page.asked == [path.as_uri()]
            assert not sideways(page)
        assert _serious(page) == []
    page.locator("a", has_text="FAILED.html").first.click()
    page.wait_for_url("**/FAILED.html")
    assert "<script>document.title=1</script>" in page.locator("main").inner_text()


def test_the_browser_refuses_whatever_the_page_does_not_name(company: Path, opened: Any) -> None:
    page = opened(company / "en" / "report.html")
    page.evaluate(
        """() => {
            window.refused = [];
            document.addEventListener('securitypolicyviolation',
                (event) => window.refused.push(event.effectiveDirective));
            const add = (name, more) => document.body.append(
                Object.assign(document.createElement(name), more));
            add('script', { textContent: 'document.title = "taken"' });
            add('style', { textContent: 'body { display: none }' });
            add('img', { src: 'http://127.0.0.1:9/pixel.png' });
            add('iframe', { src: 'http://127.0.0.1:9/' });
            fetch('http://127.0.0.1:9/').catch(() => {});
        }"""
    )
    until(page, "window.refused.length >= 5")
    assert set(page.evaluate("window.refused")) == {
        "script-src-elem", "style-src-elem", "img-src", "frame-src", "connect-src",
    }  # fmt: skip
    assert page.title() != "taken"


def test_a_browser_that_cannot_unpack_shows_the_tables_instead(company: Path, browser: Any) -> None:
    context = browser.new_context()
    context.add_init_script("delete window.DecompressionStream")
    page = context.new_page()
    page.goto((company / "zh" / "report.html").as_uri())
    until(page, READY)
    for plot in page.locator(".plot").all():
        assert plot.text_content() == "此浏览器无法绘制该图，请看下方表格。"
    assert page.locator(".figure .behind[open] table").count() == page.locator(".plot").count()
    context.close()


def test_axe_would_see_what_is_wrong(company: Path, opened: Any) -> None:
    page = opened(company / "en" / "report.html")
    page.evaluate("document.querySelector('.lede p').style.color = '#ddd'")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    found = " ".join(_serious(page))
    assert "color-contrast" in found
    assert "html-has-lang" in found
