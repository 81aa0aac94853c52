// Adds files one by one, with how far each is; every answer is the page that would come without this script.
(() => {
  "use strict";
  const part = (name, within = document) => within.querySelector(`[data-files=${name}]`);
  const form = part("form");
  if (!form) return;
  const input = form.elements.files;
  const [box, words, said] = ["progress", "words", "said"].map((name) => part(name));
  const bar = box.querySelector("progress");

  const refuse = (title, why) => {
    const line = document.createElement("li");
    line.className = "field-error";
    line.textContent = `${title} was not added. ${why}`;
    part("refused").append(line);
  };

  // Whatever the answer is, it lists what is kept now, and what was refused and why.
  const show = (answer) => {
    const list = answer && part("list", answer);
    if (!list) return false;
    part("list").replaceWith(document.adoptNode(list));
    const refused = part("refused", answer);
    if (refused) part("refused").append(...document.adoptNode(refused).children);
    const trouble = answer.getElementById("files-error");
    if (trouble) said.textContent = trouble.textContent;
    return true;
  };

  const send = (file) => new Promise((done) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    body.append("files", file);
    request.open("POST", form.action);
    request.responseType = "document";
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = loaded / total;
      if (loaded === total) words.textContent = `${file.name}: being checked`;
    });
    request.addEventListener("loadend", () => {
      if (!show(request.response)) refuse(file.name, "It did not arrive. Choose it again, or open this page anew.");
      done();
    });
    request.send(body);
  });

  // Who leaves meanwhile loses the files that are not sent yet: the browser asks first.
  const ask = (event) => {
    event.preventDefault();
    event.returnValue = true;
  };

  form.addEventListener("submit", async (event) => {
    const files = [...input.files];
    if (!files.length) return;
    event.preventDefault();
    event.stopPropagation();
    if (!box.hidden) return;
    const most = Number(form.dataset.mostBytes);
    part("refused").replaceChildren();
    said.textContent = "";
    box.hidden = false;
    window.addEventListener("beforeunload", ask);
    for (const [number, file] of files.entries()) {
      words.textContent = `${file.name}: being sent, ${number + 1} of ${files.length}`;
      bar.value = 0;
      if (file.size > most) refuse(file.name, "It is larger than 15 MB.");
      else await send(file);
    }
    box.hidden = true;
    window.removeEventListener("beforeunload", ask);
    form.reset();
    const refused = part("refused").children.length;
    said.textContent = refused ? `${files.length - refused} added, ${refused} not.` : `${files.length} added.`;
  });
})();
