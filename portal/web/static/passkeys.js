// Passkeys: the form asks the portal what to sign, the browser asks the device, and the form carries the answer.
(() => {
  "use strict";
  const known = window.PublicKeyCredential;
  const WAYS = {
    create: (asked) => navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON(asked) }),
    get: (asked) => navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON(asked) }),
  };

  const answer = async (form, button) => {
    const asked = await fetch(button.dataset.ask, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    // What is wrong with the form, the page says in words when it comes without an answer.
    if (!asked.ok || asked.redirected) return "";
    return JSON.stringify(await WAYS[button.dataset.passkey](await asked.json()));
  };

  document.querySelectorAll("[data-passkey]").forEach((button) => {
    const form = button.form;
    const said = form.querySelector("[role=status]");
    if (!known || !known.parseCreationOptionsFromJSON) {
      said.textContent = "This browser does not know passkeys. Use your password and a code.";
      return;
    }
    said.textContent = "";
    button.hidden = false;
    let answered = false;
    form.addEventListener("submit", (event) => {
      if (answered) return;
      event.preventDefault();
      event.stopPropagation();
      if (button.disabled) return;
      button.disabled = true;
      said.textContent = "Your device asks you now.";
      answer(form, button).then(
        (credential) => {
          form.elements.credential.value = credential;
          answered = true;
          form.requestSubmit();
        },
        () => { said.textContent = "Nothing was confirmed on your device. Try again."; },
      ).finally(() => { button.disabled = false; });
    });
    // A page that is gone back to asks anew.
    window.addEventListener("pageshow", () => { answered = false; });
  });
})();
