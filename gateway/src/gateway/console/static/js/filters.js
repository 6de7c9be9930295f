// The builder writes conditions in the filter language into the text field, where they can be read and changed.
const builder = document.querySelector("[data-builder]");
if (builder) {
  const field = builder.querySelector("[data-builder-field]");
  const sign = builder.querySelector("[data-builder-sign]");
  const values = [...builder.querySelectorAll("[data-builder-value]")];
  const text = document.querySelector("[data-filter-text]");
  const form = document.querySelector("[data-filter-form]");

  const kind = () => field.selectedOptions[0].dataset.kind;
  const control = () => {
    const named = values.find((value) => value.dataset.builderValue === field.value);
    const flag = values.find((value) => value.dataset.builderValue === "flag");
    return named ?? (kind() === "flag" ? flag : values[0]);
  };
  const adapt = () => {
    for (const option of sign.options) option.hidden = option.disabled = !option.dataset.for.split(" ").includes(kind());
    if (sign.selectedOptions[0]?.disabled) sign.value = [...sign.options].find((option) => !option.disabled).value;
    for (const value of values) value.hidden = value !== control();
    values[0].type = { number: "number", time: "date" }[kind()] ?? "text";
  };
  const literal = (value) => {
    if (kind() === "number") return String(Number(value) || 0);
    if (kind() === "flag") return value;
    if (kind() === "time") return `"${value}T00:00:00Z"`;
    return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  };
  field.addEventListener("change", adapt);
  adapt();
  builder.querySelector("[data-builder-add]").addEventListener("click", () => {
    const value = control().value.trim();
    if (!value) return void control().focus();
    const condition = `${field.value} ${sign.value} ${literal(value)}`;
    const isFilter = /[=<>:"()]/.test(text.value);
    text.value = text.value.trim() && isFilter ? `${text.value.trim()} AND ${condition}` : condition;
    form.requestSubmit();
  });
}

for (const list of document.querySelectorAll("[data-columns]")) {
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-move]")?.closest("li");
    if (item?.previousElementSibling) item.previousElementSibling.before(item);
    if (item) item.querySelector("[data-move]").focus();
  });
}
