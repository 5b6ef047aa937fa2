// Nothing typed is lost: what is written in a form with a long text is kept in this browser, for this person and this
// page, until the server says that it has it. It comes back when the page does, and says that it is not recorded yet.
// Answers of the questionnaire have more to say (answers.js). Signing out forgets all.
(() => {
  "use strict";
  const words = document.getElementById("keeping").dataset;
  const KEEP = 30 * 24 * 3600 * 1000; // milliseconds
  const MINE = `arobase:${words.who}:`;
  const TEXTS = `${MINE}texte:`;
  const store = {
    read: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    keep: (key, draft) => { try { localStorage.setItem(key, JSON.stringify(draft)); return true; } catch { return false; } },
    forget: (key) => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
    keys: (start) => { try { return Object.keys(localStorage).filter((key) => key.startsWith(start)); } catch { return []; } },
  };
  const make = (tag, fields, ...inside) => { const node = Object.assign(document.createElement(tag), fields); node.append(...inside); return node; };

  const forms = () => [...document.querySelectorAll("form[method=post]:not([data-answer])")].filter((form) => form.dataset.draft || form.querySelector("textarea:enabled"));
  const path = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
  // Several forms of a page may go to one address: they are told apart by what they are about, or by their place.
  const place = (form) => `${TEXTS}${path(form)}#${form.dataset.draft ?? forms().filter((other) => path(other) === path(form)).indexOf(form)}`;
  const ours = ["csrfmiddlewaretoken", "kept"];
  // The fields that the page itself holds go with the text: the version that was seen is among them.
  const fields = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !ours.includes(name));
  const hidden = (form) => new Set([...form.querySelectorAll("[type=hidden]")].map((control) => control.name));
  const written = (form, given) => { const apart = hidden(form); return JSON.stringify(given.filter(([name]) => !apart.has(name)).map(([name, value]) => [name, value.replace(/\r\n?/g, "\n").trim()])); };
  const first = new WeakMap();

  const fill = (form, given) => {
    for (const control of form.elements) {
      if (!control.name || ours.includes(control.name) || ["file", "submit", "button"].includes(control.type)) continue;
      const values = given.filter(([name]) => name === control.name).map(([, value]) => value);
      if (["radio", "checkbox"].includes(control.type)) control.checked = values.includes(control.value);
      else if (values.length) control.value = values[0];
    }
    form.querySelectorAll("textarea").forEach((text) => text.dispatchEvent(new Event("input", { bubbles: true })));
  };
  const line = (form) => form.querySelector(":scope > [data-kept]");
  const say = (form, state, text, ...rest) => {
    if (line(form)?.dataset.kept === state) return;
    line(form)?.remove();
    const said = make("p", { className: "hint", role: "status" }, text, ...rest);
    said.dataset.kept = state;
    form.append(said);
  };
  const hush = (form) => line(form)?.remove();

  const keep = (form) => {
    const given = fields(form);
    if (written(form, given) === first.get(form)) { store.forget(place(form)); hush(form); return; }
    const title = document.querySelector("h1")?.textContent.trim() ?? document.title;
    const kept = store.keep(place(form), { fields: given, at: Date.now(), id: form.elements.kept.value, title, page: location.pathname + location.search });
    if (line(form)?.dataset.kept !== "restored") say(form, kept ? "kept" : "unkept", kept ? words.kept : words.unkept);
  };
  const drop = (form) => { store.forget(place(form)); form.reset(); hush(form); };
  // `given`: the page answers what was sent. What it gives back to be mended or sent again, nobody has recorded yet.
  const resume = (form, given) => {
    form.querySelector("[name=kept]")?.remove();
    form.append(make("input", { type: "hidden", name: "kept", value: crypto.getRandomValues(new Uint32Array(2)).join("") }));
    const key = place(form), draft = store.read(key);
    const shown = written(form, fields(form));
    first.set(form, given ? null : shown);
    if (!draft) return;
    if (written(form, draft.fields) === shown) {
      if (given) say(form, "kept", words.kept);
      else store.forget(key);
      return;
    }
    fill(form, draft.fields);
    for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const away = make("button", { type: "button", className: "button link", textContent: words.drop });
    away.addEventListener("click", () => drop(form));
    say(form, "restored", words.restored.replace("%s", new Date(draft.at).toLocaleString("fr-FR", { dateStyle: "long", timeStyle: "short" })), " ", away);
  };

  // The server has it: it names the form in a cookie that is read once.
  const accepted = () => {
    const id = document.cookie.match(/(?:^|; )kept=(\d+)/)?.[1];
    if (!id) return;
    document.cookie = "kept=; path=/; max-age=0";
    store.keys(TEXTS).filter((key) => store.read(key)?.id === id).forEach(store.forget);
  };
  const tidy = () => store.keys("arobase:").filter((key) => key.includes(":texte:") && Date.now() - store.read(key)?.at > KEEP).forEach(store.forget);

  // What was begun elsewhere is told where one arrives, and where one leaves.
  const list = () => {
    const box = document.getElementById("drafts");
    if (!box) return;
    const begun = store.keys(box.dataset.all === "" ? MINE : TEXTS).map(store.read).filter(Boolean);
    box.hidden = !begun.length;
    const links = begun.map((draft) => make("li", {}, make("a", { href: draft.page ?? draft.at, textContent: draft.title })));
    box.querySelector("[data-list]").append(make("ul", {}, ...links));
  };

  // Signing out forgets all, after it was said on its own page.
  const leave = (event, form) => {
    if (!document.querySelector("#drafts[data-all]") && store.keys(MINE).length) {
      event.preventDefault();
      location.assign(form.action);
    } else store.keys(MINE).forEach(store.forget);
  };

  document.addEventListener("input", (event) => { const form = event.target.form; if (first.has(form)) keep(form); });
  document.addEventListener("change", (event) => { const form = event.target.form; if (first.has(form)) keep(form); });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-sign-out")) { leave(event, form); return; }
    if (!first.has(form)) return;
    keep(form);
    if (navigator.onLine) return;
    event.preventDefault();
    say(form, "offline", words.offline);
  }, true);
  // A form that saves itself: what was typed since the request left stays kept.
  const sent = new WeakMap();
  document.addEventListener("htmx:beforeRequest", (event) => { const form = event.detail.elt; if (first.has(form)) sent.set(event.detail.xhr, written(form, fields(form))); });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, elt: form } = event.detail, what = sent.get(xhr);
    if (what === undefined || xhr.status >= 300) return;
    store.forget(place(form));
    first.set(form, what);
    hush(form);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const given = event.detail.requestConfig?.verb === "post";
    forms().filter((form) => !first.has(form)).forEach((form) => resume(form, given));
  });

  document.addEventListener("DOMContentLoaded", () => {
    tidy();
    accepted();
    forms().forEach((form) => resume(form, "given" in words));
    list();
  });
})();
