// Plots are loaded when they come into sight.
const seen = new IntersectionObserver(async (entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    const { draw } = await import(entry.target.dataset.chart);
    draw(entry.target);
  }
}, { rootMargin: "200px" });

export function watch(root = document) {
  for (const chart of root.querySelectorAll("[data-chart]:not([data-watched])")) {
    chart.dataset.watched = "";
    seen.observe(chart);
  }
}

watch();
document.addEventListener("htmx:after:swap", () => watch());
