"""Take the README's picture: the first screen of the monthly report, made from the samples.

Run: make picture
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from workbench import reports

PICTURE = Path(__file__).with_name("report.png")
PERIOD = "2026-10"
WIDTH = 1040
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


def main() -> None:
    """Make the page if it is not there, open it, write the picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("There is no Chromium here. Debian: apt-get install chromium fonts-noto-cjk")
    page_file = reports.run("monthly_customers", period=PERIOD).page
    if page_file is None:
        sys.exit("The report has no page.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": 1200}, device_scale_factor=1.5)
        page.goto(page_file.resolve().as_uri())
        page.locator(".js-plotly-plot").first.wait_for()
        cards = page.locator("section.cards").bounding_box()
        bottom = cards["y"] + cards["height"] + 24 if cards else 900
        page.screenshot(path=PICTURE, clip={"x": 0, "y": 0, "width": WIDTH, "height": bottom})
        browser.close()
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
