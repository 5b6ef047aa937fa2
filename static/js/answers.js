// Nothing typed is lost: each answer is kept in this browser until the server says that it has it, and sent again when
// the connection is back or the page is opened again. The version that was seen goes with it, so that sending twice is
// harmless and somebody else's answer is never overwritten.
(() => {
  "use strict";
  const words = document.getElementById("saving")?.dataset;
  if (!words) return;
  const RETRY = 15_000; // milliseconds between two attempts while an answer waits
  const place = (name) => `arobase:${words.who}:${words.file}:${name}`;
  const store = {
    read: (name) => { try { return JSON.parse(localStorage.getItem(place(name))); } catch { return null; } },
    keep: (name, draft) => { try { localStorage.setItem(place(name), JSON.stringify(draft)); return true; } catch { return false; } },
    forget: (name) => { try { localStorage.removeItem(place(name)); } catch { /* nothing was kept */ } },
    names: () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(place(""))).map((key) => key.slice(place("").length)); } catch { return []; } },
  };

  const forms = () => [...document.querySelectorAll("form[data-answer]")];
  const formOf = (node) => node.closest?.("form[data-answer]");
  const content = (data) => JSON.stringify([...data].filter(([name]) => !["csrfmiddlewaretoken", "seen", "touched", "boxed"].includes(name)));
  const seen = (form) => form.querySelector("[name=seen]").value;
  const say = (form, state, sentence, way) => {
    if (form.dataset.state === state) return;
    form.dataset.state = state;
    const line = document.querySelector(`#etat-${form.dataset.answer} .saved`);
    line.classList.toggle("failed", ["offline", "failed", "signedOut", "refused", "unkept"].includes(state));
    line.textContent = sentence || words[state];
    if (way) line.append(" ", Object.assign(document.createElement("a"), { href: way, textContent: state === "signedOut" ? words.signIn : words.reload }));
  };

  const keep = (form, data) => store.keep(form.dataset.answer, { seen: seen(form), content: content(data), title: form.dataset.title, at: location.pathname });

  // Ticking a box or writing a number is answering: « je ne sais pas » does not stay chosen beside it.
  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    delete form.dataset.still;
    if (["option", "number"].includes(event.target.name)) form.querySelector("[name=answer][value=value]").checked = true;
    keep(form, new FormData(form));
    const aside = form.querySelector("[name=answer][value=not_applicable]"), why = form.querySelector("[name=reason]").value.trim();
    if (form.dataset.state !== "saving") say(form, aside.checked && !why ? "reason" : "typing");
    // A reason that was left from before will not change, so will not send it.
    if (event.target === aside && why) form.requestSubmit();
  }, true);

  const sent = new WeakMap();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event.detail.elt);
    if (!form || event.detail.requestConfig.verb !== "post") return;
    const data = event.detail.requestConfig.formData;
    // The arrows went on to « pas concerné » meanwhile: its reason is still to be written, and sends it.
    if (event.detail.elt.matches(".choices") && data.get("answer") === "not_applicable") return event.preventDefault();
    sent.set(event.detail.xhr, content(data));
    keep(form, data);
    say(form, "saving");
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, requestConfig, elt } = event.detail;
    const what = sent.get(xhr);
    if (what === undefined) return;
    const form = document.getElementById(`reponse-${requestConfig.path.split("/").at(-2)}`) ?? formOf(elt);
    const name = form.dataset.answer;
    if (xhr.status === 0) say(form, store.read(name) ? "offline" : "unkept");
    else if (xhr.status === 401) say(form, "signedOut", words.signedOut, xhr.getResponseHeader("X-Sign-In"));
    else if (xhr.status === 403) say(form, "refused", xhr.responseText, location.href);
    else if (xhr.status === 404) say(form, "refused", words.gone, location.href);
    else if (xhr.status >= 500) say(form, "failed");
    else {
      delete form.dataset.state;
      if (xhr.status >= 300) return;
      if (store.read(name)?.content === what) store.forget(name);
      else say(form, "typing");
    }
  });
  // What the person gives up is forgotten: the answer of a colleague stays, or what could not be sent.
  document.addEventListener("click", (event) => {
    const name = event.target.closest?.("[data-forget]")?.dataset.forget;
    if (name) { store.forget(name); waiting(); }
  });

  const fill = (form, draft) => {
    const given = JSON.parse(draft.content);
    for (const control of form.querySelectorAll("fieldset [name]")) {
      const values = given.filter(([name]) => name === control.name).map(([, value]) => value);
      if (["radio", "checkbox"].includes(control.type)) control.checked = values.includes(control.value);
      else if (values.length) control.value = values[0];
    }
    form.querySelector("[name=seen]").value = draft.seen;
    return given;
  };
  const send = (form) => {
    const draft = store.read(form.dataset.answer);
    if (!draft || form.querySelector("fieldset").disabled || form.dataset.state === "saving") return;
    form.dataset.still = "";
    const cleared = fill(form, draft).some(([name, value]) => name === "answer" && value === "cleared");
    form.requestSubmit((cleared && [...form.elements].find((control) => control.value === "cleared")) || undefined);
  };
  const again = () => forms().filter((form) => ["offline", "failed"].includes(form.dataset.state)).forEach(send);

  // Answers of other pages, or of a file that was submitted meanwhile, are told with the way to them.
  const waiting = () => {
    const note = document.getElementById("waiting");
    const here = new Set(forms().filter((form) => !form.querySelector("fieldset").disabled).map((form) => form.dataset.answer));
    const others = store.names().filter((name) => !here.has(name));
    note.hidden = !others.length;
    const list = document.createElement("ul");
    note.querySelector("ul")?.remove();
    note.querySelector("[data-list]").append(list);
    list.append(...others.map((name) => {
      const draft = store.read(name), item = document.createElement("li");
      const drop = Object.assign(document.createElement("button"), { type: "button", className: "button link", textContent: words.forget });
      drop.dataset.forget = name;
      drop.setAttribute("aria-label", `${words.forget} – ${draft.title}`);
      item.append(Object.assign(document.createElement("a"), { href: `${draft.at}#${name}`, textContent: draft.title }), " ", drop);
      return item;
    }));
  };

  // What the page says already has arrived. A browser may have put back what was typed: the page's own word counts.
  const resume = (form) => {
    form.reset();
    if (store.read(form.dataset.answer)?.content === content(new FormData(form))) store.forget(form.dataset.answer);
    else send(form);
  };
  document.addEventListener("DOMContentLoaded", () => { forms().forEach(resume); waiting(); });
  addEventListener("online", again);
  setInterval(again, RETRY);
})();
