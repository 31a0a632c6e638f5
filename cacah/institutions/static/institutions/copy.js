/* Copies a reminder with one press, where the browser lets a page do so. */

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = button.closest("li").querySelector("[data-text]").textContent;
      await navigator.clipboard.writeText(text);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}
