// The upload of an import: drop or choose, see it go, and land on the page of the import.
import { showToast } from "./requests.js";
import { words } from "./words.js";

const form = document.querySelector("[data-upload]");
if (form) {
  const file = form.querySelector("#file");
  const drop = form.querySelector("[data-drop]");
  const name = form.querySelector("[data-file-name]");
  const bar = form.querySelector("[data-upload-bar]");
  const text = form.querySelector("[data-upload-text]");
  const button = form.querySelector('[type="submit"]');

  const chosen = () => {
    name.textContent = file.files[0]?.name ?? "";
    drop.classList.toggle("has-file", file.files.length > 0);
  };
  file.addEventListener("change", chosen);
  for (const kind of ["dragover", "dragenter"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("is-over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    file.files = event.dataTransfer.files;
    chosen();
  });

  form.addEventListener("submit", (event) => {
    if (!file.files.length) return;
    event.preventDefault();
    button.disabled = true;
    bar.hidden = false;
    // fetch cannot tell how much has been sent; XMLHttpRequest can.
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (step) => {
      const percent = Math.round((100 * step.loaded) / step.total);
      bar.value = percent;
      text.textContent = words.uploading.replace("%(percent)s", `${percent} %`);
    });
    request.addEventListener("load", () => {
      if (request.status < 400 && request.responseURL) location.assign(request.responseURL);
      else if (request.responseText.includes("data-upload")) {
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        form.querySelector(".note")?.remove();
        const refusal = page.querySelector("[data-upload] .note");
        if (refusal) form.prepend(refusal);
        again();
      } else failed();
    });
    request.addEventListener("error", failed);
    request.send(new FormData(form));
  });

  const again = () => {
    button.disabled = false;
    bar.hidden = true;
    text.textContent = "";
  };
  const failed = () => {
    again();
    showToast({ sentence: words.failed, failed: true });
  };
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-mapping]")) event.target.closest("li").classList.toggle("is-matched", Boolean(event.target.value));
});
