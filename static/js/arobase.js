// Comfort only: every page works without this file.
(() => {
  "use strict";
  const announcer = document.getElementById("announce");
  const announce = (text) => { announcer.textContent = ""; requestAnimationFrame(() => { announcer.textContent = text; }); };

  // A refused form: the summary of its faults takes the focus. A fragment may ask for it too, with data-focus.
  const focusIn = (root) => root.querySelector?.("[data-focus]:not([data-still] *)")?.focus();
  focusIn(document);
  document.addEventListener("htmx:afterSettle", (event) => {
    // What was replaced whole is no longer in the page: its successor speaks.
    const target = event.detail.target?.isConnected ? event.detail.target : event.target;
    focusIn(target);
    if (event.target !== target) focusIn(event.target);
    const words = target.dataset?.announce ?? target.querySelector?.("[data-announce]")?.dataset.announce;
    if (words) announce(words);
  });

  // A request that did not arrive is shown and said once, until the next one succeeds.
  const note = () => document.getElementById("lost");
  const warn = (text, ...rest) => {
    if (note()?.dataset.words === text) return;
    note()?.remove();
    const said = Object.assign(document.createElement("p"), { id: "lost", className: "callout tone-danger toast" });
    said.dataset.words = text;
    said.append(text, ...rest);
    document.body.append(said);
    announce(text);
  };
  // A sentence of the server, in plain text, is said: it is no piece of page.
  const sentence = (xhr) => xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") && xhr.responseText;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!sentence(event.detail.xhr)) return;
    event.detail.shouldSwap = false;
    event.detail.isError = true;
  });
  const reading = (event) => event.detail.requestConfig?.verb === "get";
  // An answer of the questionnaire says itself what became of it (answers.js).
  const says = (event) => event.detail.elt.closest("form[data-answer]");
  const lost = (event) => says(event) || warn(reading(event) ? announcer.dataset.stale : announcer.dataset.lost);
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  document.addEventListener("htmx:responseError", (event) => {
    if (says(event)) return;
    const { stale, failed, refused, signIn } = announcer.dataset;
    const { xhr } = event.detail, way = xhr.getResponseHeader("X-Sign-In");
    const link = way ? [" ", Object.assign(document.createElement("a"), { href: way, textContent: signIn })] : [];
    warn(sentence(xhr) || (xhr.status < 500 ? refused : reading(event) ? stale : failed), ...link);
  });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) note()?.remove(); });

  // Menus close on Escape, giving the focus back, and on a click elsewhere.
  const open = () => document.querySelector("details.menu[open]");
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && open();
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  document.addEventListener("click", (event) => { const menu = open(); if (menu && !menu.contains(event.target)) menu.open = false; });

  // How much of a text's length is used, counted as the server counts it: accents in one piece. Nothing is cut.
  document.addEventListener("input", (event) => {
    const text = event.target, most = Number(text.dataset?.most);
    if (!most) return;
    const count = [...text.value.normalize("NFC").trim()].length, over = count > most;
    const line = text.parentElement.querySelector(":scope > [data-count]") ?? text.insertAdjacentElement("afterend", Object.assign(document.createElement("p"), { className: "hint" }));
    line.dataset.count = "";
    line.hidden = count < most / 2;
    line.classList.toggle("errors", over);
    line.textContent = announcer.dataset.count.replace("%n", count.toLocaleString("fr-FR")).replace("%m", most.toLocaleString("fr-FR"));
    if (over) announce(line.textContent);
  });

  // A double click sends a form once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 2000);
  });

  // What is printed opens its folds; most browsers do it by the style sheet, which closes no other of the same name.
  if (!CSS.supports("selector(::details-content)")) {
    const folds = () => [...document.querySelectorAll("details:not(.menu, .confirm, [open], [hx-get])")];
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = folds().map((fold) => [fold, fold.getAttribute("name")]);
      opened.forEach(([fold]) => { fold.removeAttribute("name"); fold.open = true; });
    });
    addEventListener("afterprint", () => opened.forEach(([fold, name]) => { fold.open = false; if (name) fold.setAttribute("name", name); }));
  }
})();
