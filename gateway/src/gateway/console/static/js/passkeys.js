// Passkeys: fetches a challenge, lets the browser answer it, and sends the answer with the form that stands on the page.
const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (form.dataset.passkey === "prove" && !window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const mistake = form.querySelector("[data-passkey-mistake]");
    mistake.hidden = true;
    try {
      const credential = await answer(form);
      if (!credential) return;
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      mistake.hidden = false;
    }
  });
}

async function answer(form) {
  const headers = { "X-CSRF-Token": token, "HX-Request": "true" };
  const asked = await fetch(form.dataset.options, { method: "POST", headers });
  const elsewhere = asked.headers.get("HX-Redirect");
  if (elsewhere) {
    location.assign(elsewhere);
    return null;
  }
  if (!asked.ok) throw new Error(asked.statusText);
  const options = await asked.json();
  const made =
    form.dataset.passkey === "add"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return made.toJSON();
}
