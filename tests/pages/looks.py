"""What only a browser can judge of a page, as expressions that give a list of complaints."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # each window would keep two hidden pages ready for what is typed in an address bar, and a process for the next
    # page: more than half of Chromium's work
    (
        "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,SpareRendererForSitePerProcess,"
        "PaintHolding,MediaRouter,OptimizationHints,Translate,HttpsUpgrades,LensOverlay"
    ),
]
FAINT = """() => {
  const numbers = (text) => {
    const parts = text.match(/[\\d.]+/g).map(Number);
    return text.startsWith("color(") ? [parts[0] * 255, parts[1] * 255, parts[2] * 255, parts[3] ?? 1]
                                     : [parts[0], parts[1], parts[2], parts[3] ?? 1];
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const found = numbers(getComputedStyle(one).backgroundColor);
      if (found[3] > 0.5) return found;
    }
    return [255, 255, 255, 1];
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility({ visibilityProperty: true }) || element.closest(".unseen, .skip")) continue;
    const [a, b] = [numbers(getComputedStyle(element).color), behind(element)].map((c) => light(c.slice(0, 3)));
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(`${element.tagName}.${element.className} ${contrast.toFixed(2)}`);
  }
  return [...new Set(faint)];
}"""
"""Words that stand out too little from what is behind them."""
WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [document.body, ...document.querySelectorAll("main *")]
    .filter((one) => one === document.body || one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => `${one.tagName}.${one.className}`)"""
"""What reaches beyond the screen."""
SMALL = """() => [...document.querySelectorAll(
    "button, .btn, .tabs a, nav a, summary, main input:not([type=hidden], [type=radio], [type=checkbox]), select")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
  .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 30)}`)"""
"""What a thumb would miss."""
SQUEEZED = """() => [...document.querySelectorAll("dd, dt, td, p, li")]
  .filter((one) => one.checkVisibility() && one.textContent.trim().length > 12)
  .filter((one) => one.getBoundingClientRect().width < 64 && one.getBoundingClientRect().height > 100)
  .map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 30)}`)"""
"""Text that has so little room that it runs down the page letter by letter."""
SETTLED = "Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))"
"""Waits until nothing on a page moves any more."""


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Debian's Chromium, closed in the end."""
    assert shutil.which(CHROMIUM), "these tests need Debian's Chromium: apt-get install chromium fonts-noto-cjk"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()
