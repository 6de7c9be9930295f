// A link of a mail carries its secret behind the #, which reaches no server by itself. It goes into the form and out of
// the address, so that it is neither kept in the history nor shown.
const place = document.querySelector("[data-link-secret]");
const secret = location.hash.slice(1);
if (place && secret) {
  const field = place.querySelector("input");
  field.value = secret;
  place.hidden = true;
  history.replaceState(null, "", location.pathname + location.search);
  const form = field.form;
  if (form.hasAttribute("data-link-opens")) form.submit();
}
