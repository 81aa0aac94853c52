// Says, two minutes before, that the session goes idle. It asks the portal nothing until its button is pressed.
(() => {
  "use strict";
  const MINUTE = 60000;
  const place = document.querySelector("[data-idle-minutes]");
  const tabs = new BroadcastChannel("seen");
  let timer;

  const make = (kind, words) => Object.assign(document.createElement(kind), { textContent: words });

  const wait = () => {
    clearTimeout(timer);
    place.replaceChildren();
    timer = setTimeout(warn, (Number(place.dataset.idleMinutes) - 2) * MINUTE);
  };

  const seen = () => {
    tabs.postMessage("seen");
    wait();
  };

  const warn = () => {
    const said = make("p", "In two minutes you are signed out, because nothing was opened or sent. What you type is kept when you send it.");
    const stay = make("button", "Stay signed in");
    stay.type = "button";
    stay.className = "btn btn-second";
    stay.addEventListener("click", () => fetch(place.dataset.stay, { method: "HEAD" }).then(
      (answer) => {
        if (answer.ok && !answer.redirected) return seen();
        stay.remove();
        said.textContent = "You are signed out. What you type is kept when you send it: you sign in, and it is filled in.";
      },
      () => { said.textContent = "The portal did not answer. Try again."; },
    ));
    place.replaceChildren(said, stay);
  };

  tabs.addEventListener("message", wait);
  seen();
})();
