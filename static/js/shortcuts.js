// One key goes to a part of the page, to the next file, or gives a ruling: links and buttons with data-key; j and k open the
// next and the previous thing to judge, t accepts the rest of its part, or of the first part after it that has some. Comfort only.
// WCAG 2.1.4: off until the juror turns them on, in the menu of the page; never while something is being written.
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

  const pieces = () => [...document.querySelectorAll(".piece")];
  const here = () => document.activeElement?.closest(".piece") ?? pieces().findLast((piece) => piece.open);

  const groups = () => [...document.querySelectorAll(".group")];

  function rest() {
    const all = groups(), at = all.indexOf(document.activeElement?.closest(".group") ?? here()?.closest(".group"));
    return all.slice(Math.max(at, 0)).map((group) => group.querySelector("[data-key=t]")).find((button) => button);
  }

  function open(piece) {
    if (!piece) return;
    for (const other of pieces()) other.open = other === piece;
    piece.querySelector("summary").focus();
    piece.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = pieces(), at = all.indexOf(here());
    open(all[at < 0 ? 0 : at + by]);
  }

  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") { event.preventDefault(); step(key === "j" ? 1 : -1); return; }
    const named = `[data-key="${CSS.escape(key)}"]`;
    if (key === "x") {
      // A refusal needs its reason: the key leads to it.
      const reason = here()?.querySelector("[name=reason]");
      if (reason) { event.preventDefault(); reason.focus(); }
      return;
    }
    const target = key === "t" ? rest() : here()?.querySelector(`button${named}`) ?? document.querySelector(`a${named}`);
    if (!target) return;
    event.preventDefault();
    target.click();
  });

  // A ruling replaces the thing that was judged: the reader goes on from the next one of its part that has none, or
  // from the title of the next part, whose list one gesture accepts.
  document.addEventListener("htmx:afterSwap", (event) => {
    const judged = event.detail.elt?.closest?.(".piece");
    if (!judged || event.detail.requestConfig?.verb !== "post") return;
    const group = judged.closest(".group"), all = [...group.querySelectorAll(".piece")];
    const next = all.slice(all.indexOf(judged) + 1).find((piece) => !piece.classList.contains("ok"));
    judged.open = false;
    if (next) open(next);
    else (group.nextElementSibling?.querySelector("h3") ?? judged.querySelector("summary")).focus();
  });
})();
