// Passkeys: the page's form asks the portal, the browser asks the device, and the form carries the answer.
(() => {
  "use strict";
  const known = window.PublicKeyCredential;
  const WAYS = {
    create: (asked) => navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON(asked) }),
    get: (asked) => navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON(asked) }),
  };

  const use = async (button, say) => {
    const form = button.form;
    say("Your device asks you now.");
    const asked = await fetch(button.dataset.ask, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    // What is wrong, the page itself says in words when it is sent without an answer.
    if (asked.ok && !asked.redirected) {
      const answer = await WAYS[button.dataset.passkey](await asked.json());
      form.elements.credential.value = JSON.stringify(answer.toJSON());
    }
    form.requestSubmit();
  };

  document.querySelectorAll("[data-passkey]").forEach((button) => {
    const said = button.form.querySelector("[role=status]");
    const say = (words) => { said.textContent = words; };
    if (!known || !known.parseCreationOptionsFromJSON) {
      say("This browser does not know passkeys. Use your password and a code.");
      return;
    }
    say("");
    button.hidden = false;
    button.addEventListener("click", () => {
      button.disabled = true;
      use(button, say)
        .catch(() => say("Nothing was confirmed on your device. Try again, or use your password."))
        .finally(() => { button.disabled = false; });
    });
  });
})();
