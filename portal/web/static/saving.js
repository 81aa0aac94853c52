// Saves a step as somebody types: what changed, one request at a time, the newest last. A button always goes first,
// and the portal drops what comes after it. What stops the form is saved by the button alone. Nothing is stored here.
(() => {
  "use strict";
  const form = document.querySelector("form[data-saves]");
  const place = document.querySelector("[data-saved]");
  if (!form || !place) return;
  const [check, words] = place.children;
  const PAUSE = 1500, LONGEST = 10000, FIRST_PAUSE = 5000, MOST_PAUSE = 60000, KEEPALIVE_MOST = 60000;
  const PRESS = "Not saved yet: press Continue";
  const BY_BUTTON = "Safety answers not saved yet: press Continue";
  const NO_LINE = "Not saved yet: the line is down, trying again";
  const OURS = new Set(["csrf_token", "showing"]);
  const byButton = new Set(form.dataset.byButton.split(" "));
  let timer, since, request, last, refused = false, leaving = false, turn = 0, pause = PAUSE;

  const say = (said, isSaved) => {
    if (words.textContent !== said) words.textContent = said;
    check.toggleAttribute("hidden", !isSaved);
  };

  // What stands in the form by name, or what stood in it when it came; a box without its tick is empty.
  const read = (standing) => {
    const found = new Map();
    for (const field of form.elements) {
      if (!field.name || OURS.has(field.name) || field.type === "submit") continue;
      const [is, text] = standing(field);
      if (is || !found.has(field.name)) found.set(field.name, is ? text : "");
    }
    return found;
  };
  const ticks = (field) => field.type === "radio" || field.type === "checkbox";
  const typed = () => read((field) => [!ticks(field) || field.checked, field.value]);
  const shown = () => read((field) => {
    if (ticks(field)) return [field.defaultChecked, field.value];
    if (field.options) return [true, ([...field.options].find((one) => one.defaultSelected) || field.options[0]).value];
    return [true, field.defaultValue];
  });
  let kept = place.dataset.saved === "yes" ? shown() : new Map();
  let savedWords = place.dataset.saved === "yes" ? words.textContent : "";
  const changed = (now) => [...now].filter(([name, text]) => (kept.get(name) ?? "") !== text);
  const saySaved = () => {
    if (changed(typed()).some(([name]) => byButton.has(name))) say(BY_BUTTON, false);
    else if (savedWords) say(savedWords, true);
  };

  const wait = (milliseconds) => {
    clearTimeout(timer);
    if (!refused && !leaving) timer = setTimeout(save, milliseconds);
  };

  const settle = async (answer, sent) => {
    if (answer && answer.ok) {
      kept = new Map([...sent].map(([name, text]) => [name, byButton.has(name) ? kept.get(name) : text]));
      pause = PAUSE;
      savedWords = (await answer.json()).saved;
      saySaved();
      wait(PAUSE);
    } else if (!answer || answer.status === 408 || answer.status === 429 || answer.status >= 500) {
      pause = pause === PAUSE ? FIRST_PAUSE : Math.min(2 * pause, MOST_PAUSE);
      say(NO_LINE, false);
      wait(pause);
    } else {
      refused = true;
      say(PRESS, false);
    }
  };

  const save = async (atOnce = false) => {
    clearTimeout(timer);
    since = undefined;
    if (refused || leaving || (request && atOnce !== true)) return;
    const now = typed();
    const body = new URLSearchParams(changed(now).filter(([name]) => !byButton.has(name)));
    const changes = body.toString();
    if (!changes && !request) saySaved();
    if (!changes || (request && changes === last)) return;
    last = changes;
    turn = Math.max(turn + 1, Date.now());
    body.append("turn", turn);
    OURS.forEach((name) => body.append(name, form.elements[name].value));
    const mine = request = new AbortController();
    const asked = { method: "POST", body, redirect: "manual", signal: mine.signal, keepalive: atOnce === true && changes.length < KEEPALIVE_MOST };
    const answer = await fetch(form.dataset.saves, asked).catch(() => null);
    if (request === mine) request = undefined;
    if (!mine.signal.aborted) await settle(answer, now);
  };

  // Half a sentence is not saved at every letter, and one without a pause is not left unsaved for long.
  const soon = () => {
    since ??= Date.now();
    wait(pause === PAUSE ? Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())) : pause);
  };

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
  window.addEventListener("pagehide", () => save(true));
  window.addEventListener("online", () => save());
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    if (request) request.abort();
    setTimeout(() => { leaving = false; }, 10000);
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  if (place.dataset.saved === "no") soon();
})();
