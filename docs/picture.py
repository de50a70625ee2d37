"""Keep one example of the monthly report, made from the samples, and the README's picture of it.

Run: make picture
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from workbench import reports

HERE = Path(__file__).parent
PICTURE = HERE / "report.png"
EXAMPLE = HERE.parent / "reports" / "example"
PERIOD = "2026-10"
WIDTH = 1040
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


def main() -> None:
    """Make the report, keep it as the example, open it and take the picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("There is no Chromium here. Debian: apt-get install chromium fonts-noto-cjk")
    # forced, and without the time of day: the example says what it shows, not when it was kept
    made = reports.run("monthly_customers", period=PERIOD, force=True)
    shutil.rmtree(EXAMPLE, ignore_errors=True)
    EXAMPLE.mkdir(parents=True)
    for name in ("report.html", "notebook.ipynb", "run.json"):
        shutil.copyfile(made.folder / name, EXAMPLE / name)
    shutil.copytree(made.folder / "tables", EXAMPLE / "tables")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": 1200}, device_scale_factor=1.5)
        page.goto((EXAMPLE / "report.html").resolve().as_uri())
        page.locator(".js-plotly-plot").first.wait_for()
        cards = page.locator("section.cards").bounding_box()
        bottom = cards["y"] + cards["height"] + 24 if cards else 900
        page.screenshot(path=PICTURE, clip={"x": 0, "y": 0, "width": WIDTH, "height": bottom})
        browser.close()
    print(f"{EXAMPLE / 'report.html'}\n{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
