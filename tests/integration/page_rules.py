"""What every page of the console keeps: the rules of axe-core, and its place within the window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.console.build import FRONTEND
from playwright.sync_api import Page

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
# Structure, names and order are the same in both themes; colours are not.
OF_THE_THEME = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def painted(page: Page) -> None:
    """Waits for the two frames in which a page laid out anew stands still."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def violations(page: Page, rules: Mapping[str, Any] = RULES) -> list[tuple[str, list[str], str]]:
    """Rules of axe-core that the page breaks, with the elements and what would mend them."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate((FRONTEND / "node_modules" / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("rules => axe.run(document, rules)", rules)["violations"]
    return [
        (v["id"], [node["html"][:160] for node in v["nodes"]][:4], v["nodes"][0]["failureSummary"][:300]) for v in found
    ]


def overflowing(page: Page) -> list[str]:
    """Elements that stand out of the window without a box around them that scrolls or clips."""
    found: list[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          const out = [];
          for (const element of document.querySelectorAll("body *")) {
            const box = element.getBoundingClientRect();
            const beside = element.closest("dialog, .visually-hidden, .skip, svg, canvas");
            if (!box.width || box.right <= width + 1 || beside) continue;
            let parent = element.parentElement, held = false;
            for (; parent && parent !== document.body; parent = parent.parentElement) {
              if (getComputedStyle(parent).overflowX !== "visible") { held = true; break; }
            }
            if (!held) out.push(element.outerHTML.slice(0, 120));
          }
          if (document.documentElement.scrollWidth > width) out.push("the page scrolls sideways");
          return out.slice(0, 5);
        }"""
    )
    return found
