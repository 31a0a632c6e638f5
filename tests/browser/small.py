"""What is wrong with a page on a small screen, with large text, or for fingers."""

from __future__ import annotations

from playwright.sync_api import Page

NARROW = {"width": 320, "height": 640}
TARGET = 44
# At 200 % a page may be as long as it likes, never wider.
TWICE = "225%"
FAULTS = """(target) => {
    const edge = document.documentElement.clientWidth;
    const away = ".unseen, .skip, [hidden], details:not([open]) > :not(summary)";
    const shown = (e) => e.offsetParent && !e.closest(away);
    const name = (e) => `${e.tagName.toLowerCase()}#${e.id}.${e.className} `
        + `"${(e.textContent || e.value || "").trim().slice(0, 30)}"`;
    const all = [...document.body.querySelectorAll("*")].filter(shown);
    const found = all
        .filter((e) => e.getBoundingClientRect().right > edge + 1)
        .slice(0, 3).map((e) => `sticks out: ${name(e)}`);
    if (!found.length && document.documentElement.scrollWidth > edge) found.push("page is wider");
    const cut = (e) => getComputedStyle(e).overflowX === "hidden"
        && e.scrollWidth > e.clientWidth + 1;
    found.push(...all.filter(cut).map((e) => `cut off: ${name(e)}`));
    for (const select of document.querySelectorAll(".parts select")) {
        const free = select.cloneNode(true);
        free.removeAttribute("id");
        free.style.cssText = "position:absolute;width:auto;max-width:none";
        select.after(free);
        const narrow = free.offsetWidth > select.offsetWidth + 1;
        if (narrow) found.push(`cuts its choices: ${name(select)}`);
        free.remove();
    }
    if (!target) return found;
    const inText = (e) => e.matches("p > a, li > a, dd > a") && e.parentNode.textContent.trim()
        !== e.textContent.trim();
    const touched = all.filter((e) => e.matches(
        "a, button, summary, select, textarea, input[type=text], label.choice, [role=option]"));
    for (const each of touched) {
        if (!inText(each) && each.getBoundingClientRect().height < target - 0.5) {
            found.push(`${each.getBoundingClientRect().height} px high: ${name(each)}`);
        }
    }
    return found;
}"""
FORCED = """() => {
    const bare = (e) => {
        const { borderTopStyle, borderTopWidth } = getComputedStyle(e);
        return borderTopStyle === "none" || borderTopWidth === "0px";
    };
    const boxes = document.querySelectorAll(
        "button.main, button.second, a.main, select, textarea, input[type=text], label.choice");
    const seen = [...boxes].filter((e) => e.offsetParent);
    return seen.filter(bare).map((e) => `no edge: ${e.outerHTML}`);
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((e) => {
    const { transitionDuration, animationName } = getComputedStyle(e);
    const slow = transitionDuration.split(", ").some((each) => parseFloat(each));
    return slow || animationName !== "none";
}).map((e) => `moves: ${e.tagName}`)"""


def faults(page: Page, back_to: dict[str, int]) -> list[str]:
    """Return what does not fit 320 pixels, text of 200 %, a finger, forced colours or stillness."""
    page.set_viewport_size(NARROW)
    found: list[str] = page.evaluate(FAULTS, TARGET)
    page.evaluate("size => document.documentElement.style.fontSize = size", TWICE)
    found += [f"at 200 %: {each}" for each in page.evaluate(FAULTS, 0)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.emulate_media(forced_colors="active")
    found += page.evaluate(FORCED)
    page.emulate_media(forced_colors="none")
    found += page.evaluate(MOVING)
    page.set_viewport_size(back_to)  # type: ignore[arg-type]
    return found
