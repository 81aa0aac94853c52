// Small comforts over pages that work without them. Nothing is stored, and nothing here is needed to read or to send.
(() => {
  "use strict";
  const all = (selector, each) => document.querySelectorAll(selector).forEach(each);
  const say = (button, words) => { button.parentElement.querySelector("[role=status]").textContent = words; };

  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  // What may be a street address stays in the box, and leaves the address bar and the history.
  all("[data-forget-address]", () => window.history.replaceState(null, "", window.location.pathname));

  all("[data-print]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  all("[data-copy]", (button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => navigator.clipboard.writeText(button.dataset.copy).then(
      () => say(button, "Copied."),
      () => say(button, "Your browser did not allow it. Select the reference and copy it."),
    ));
  });

  // Two decimals are about half a mile: enough for a distance, too little for a doorstep.
  all("[data-use-location]", (button) => {
    if (!navigator.geolocation || !window.isSecureContext) return;
    const form = button.form;
    button.hidden = false;
    button.addEventListener("click", () => {
      say(button, "Asking your device where you are.");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const near = `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
          window.location.assign(`${form.action}?near=${near}`);
        },
        () => {
          say(button, "Your device did not share its location. Type a place or a ZIP code.");
          form.elements.near.focus();
        },
        { maximumAge: 600000, timeout: 15000 },
      );
    });
  });

  // The button says where the referral goes; the server refuses when it said another clinic.
  all("[data-send-to]", (button) => {
    const names = JSON.parse(button.dataset.sendTo);
    button.form.addEventListener("change", ({ target }) => {
      if (target.name !== "clinic") return;
      button.value = target.value;
      button.textContent = `Send referral to ${names[target.value]}`;
    });
  });

  // A second press while the first is on its way is dropped; the server would drop it too.
  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    setTimeout(release, 10000, form);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]", release));
})();
