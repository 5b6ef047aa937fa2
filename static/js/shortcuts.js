// One key goes to a part of the page, or to the next file: links with data-key. Comfort only.
// WCAG 2.1.4: off until the juror turns them on, in the help beside the page; never while something is being written.
(() => {
  "use strict";
  const KEEP = "shortcuts";
  const choice = document.querySelector("[data-shortcuts]");
  const box = choice?.querySelector("input");
  if (!box) return;
  const remembered = () => { try { return localStorage.getItem(KEEP) === "on"; } catch { return false; } };
  const remember = (on) => { try { localStorage.setItem(KEEP, on ? "on" : "off"); } catch { /* not kept */ } };
  choice.hidden = false;
  box.checked = remembered();
  box.addEventListener("change", () => remember(box.checked));
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const link = document.querySelector(`a[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
})();
