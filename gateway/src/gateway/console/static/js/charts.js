// The plots: ECharts with only the parts we use. Colours come from the style sheet, so both themes are right.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, ScatterChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

// Names beside bars take what the longest needs, at most two fifths of the width, and as many lines as the bar is high;
// what is longer ends in dots.
function aside(room, beside, labels, family) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `11px ${family}`;
  const longest = Math.ceil(Math.max(0, ...labels.map((name) => pen.measureText(name).width))) + 2;
  const width = Math.min(longest, Math.max(110, Math.min(300, Math.round(room * 0.4))));
  const most = Math.floor(width / 7) * (beside ? 3 : 2);
  const formatter = (name) => (name.length > most ? `${name.slice(0, most - 1).trimEnd()}…` : name);
  return { width, overflow: "break", lineHeight: 13, interval: 0, hideOverlap: false, formatter };
}

export function draw(host) {
  const { labels = [], series = [], across, beside, lines, points, axes } =
    JSON.parse(host.querySelector("script").textContent);
  const style = getComputedStyle(host);
  // A canvas cannot read light-dark(); an element that wears the colour can say what it comes to.
  const probe = document.createElement("i");
  host.append(probe);
  const colour = (name) => {
    probe.style.color = `var(--plot-${name})`;
    return getComputedStyle(probe).color;
  };
  const text = colour("text");
  const short = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" });
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const place = document.createElement("div");
  place.className = "chart-place";
  if (across) place.style.height = `${Math.max(150, labels.length * (beside ? 44 : 30) + 40)}px`;
  host.append(place);
  const chart = init(place, null, { renderer: "canvas" });
  const tip = {
    renderMode: "richText",
    confine: true,
    backgroundColor: colour("ground"),
    borderColor: colour("line"),
    textStyle: { color: text, fontSize: 12 },
  };
  const axis = (name) => ({
    type: "value",
    name,
    nameLocation: "middle",
    nameGap: 26,
    nameTextStyle: { color: text, fontSize: 11 },
    splitNumber: 4,
    splitLine: { lineStyle: { color: colour("line") } },
    axisLabel: { color: text, fontSize: 11, hideOverlap: true, formatter: (value) => short.format(value) },
  });
  const spots = points && {
    animation: false,
    aria: { enabled: false },
    textStyle: { fontFamily: style.fontFamily, color: text },
    grid: { left: 22, right: 16, top: 12, bottom: 22, containLabel: true },
    tooltip: { ...tip, trigger: "item", formatter: ({ value }) => `${value[2]}\n${axes[0]}: ${value[0]}\n${axes[1]}: ${value[1]}` },
    xAxis: axis(axes[0]),
    yAxis: axis(axes[1]),
    series: [{ type: "scatter", data: points, symbolSize: 10, itemStyle: { color: colour("people"), opacity: 0.7 } }],
  };
  chart.setOption(spots || {
    animation: !still,
    animationDuration: 300,
    aria: { enabled: false },
    textStyle: { fontFamily: style.fontFamily, color: text },
    grid: { left: 4, right: 8, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      ...tip,
      trigger: "axis",
      axisPointer: { type: "shadow", shadowStyle: { color: colour("shade") } },
    },
    [across ? "yAxis" : "xAxis"]: {
      type: "category",
      data: labels,
      inverse: Boolean(across),
      axisLine: { lineStyle: { color: colour("line") } },
      axisTick: { show: false },
      axisLabel: { color: text, fontSize: 11, hideOverlap: true, ...(across ? aside(place.clientWidth, beside, labels, style.fontFamily) : {}) },
    },
    [across ? "xAxis" : "yAxis"]: {
      type: "value",
      // Bars begin at zero, also those of what is missing.
      min: ({ min }) => Math.min(0, min),
      minInterval: series.every((line) => line.counts.every((one) => one === null || Number.isInteger(one))) ? 1 : 0,
      splitNumber: 4,
      splitLine: { lineStyle: { color: colour("line") } },
      axisLabel: { color: text, fontSize: 11, hideOverlap: true, formatter: (value) => short.format(value) },
    },
    series: series.map((line, at) => lines ? {
      type: "line",
      name: line.name,
      data: line.counts,
      showSymbol: labels.length < 32,
      symbolSize: 5,
      lineStyle: { color: colour(line.key), width: line.dashed ? 1.5 : 2, type: line.dashed ? "dashed" : "solid" },
      itemStyle: { color: colour(line.key) },
    } : {
      type: "bar",
      ...(beside ? {} : { stack: "all" }),
      name: line.name,
      data: line.counts,
      barMaxWidth: 28,
      barCategoryGap: "28%",
      itemStyle: { color: colour(line.key), borderRadius: at === series.length - 1 && !across ? [3, 3, 0, 0] : 0 },
    }),
  });
  probe.remove();
  new ResizeObserver(() => chart.resize()).observe(place);
}
