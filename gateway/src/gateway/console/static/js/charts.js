// The plots: ECharts with only the parts we use. Colours come from the style sheet, so both themes are right.
import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

export function draw(host) {
  const { labels, series } = JSON.parse(host.querySelector("script").textContent);
  const style = getComputedStyle(host);
  // A canvas cannot read light-dark(); an element that wears the colour can say what it comes to.
  const probe = document.createElement("i");
  host.append(probe);
  const colour = (name) => {
    probe.style.color = `var(--plot-${name})`;
    return getComputedStyle(probe).color;
  };
  const text = colour("text");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const place = document.createElement("div");
  place.className = "chart-place";
  host.append(place);
  const chart = init(place, null, { renderer: "canvas" });
  chart.setOption({
    animation: !still,
    animationDuration: 300,
    aria: { enabled: false },
    textStyle: { fontFamily: style.fontFamily, color: text },
    grid: { left: 4, right: 8, top: 12, bottom: 0, containLabel: true },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      axisPointer: { type: "shadow", shadowStyle: { color: colour("shade") } },
      backgroundColor: colour("ground"),
      borderColor: colour("line"),
      textStyle: { color: text, fontSize: 12 },
    },
    xAxis: {
      type: "category",
      data: labels,
      axisLine: { lineStyle: { color: colour("line") } },
      axisTick: { show: false },
      axisLabel: { color: text, fontSize: 11, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      min: 0,
      minInterval: 1,
      splitNumber: 4,
      splitLine: { lineStyle: { color: colour("line") } },
      axisLabel: { color: text, fontSize: 11 },
    },
    series: series.map((line, at) => ({
      type: "bar",
      stack: "all",
      name: line.name,
      data: line.counts,
      barMaxWidth: 28,
      barCategoryGap: "28%",
      itemStyle: { color: colour(line.key), borderRadius: at === series.length - 1 ? [3, 3, 0, 0] : 0 },
    })),
  });
  probe.remove();
  new ResizeObserver(() => chart.resize()).observe(place);
}
