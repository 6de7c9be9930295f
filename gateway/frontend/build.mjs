// Bundles the console's own scripts and styles with their packages into the folder given as the first argument.
// Writes no source map and fetches nothing: npm ci has put every package in place before.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const sources = join(here, "..", "src", "gateway", "console", "static");
const out = process.argv[2];
mkdirSync(out, { recursive: true });

const shared = {
  bundle: true,
  minify: true,
  legalComments: "none",
  target: "es2022",
  nodePaths: [packages],
  logLevel: "warning",
};
await build({ ...shared, entryPoints: [join(sources, "js", "console.js")], outfile: join(out, "console.js"), format: "iife" });
await build({ ...shared, entryPoints: [join(sources, "js", "charts.js")], outfile: join(out, "charts.js"), format: "esm" });
for (const name of ["main", "worker"]) {
  await build({ ...shared, entryPoints: [join(sources, "js", "till", `${name}.js`)], outfile: join(out, `till-${name}.js`), format: "iife" });
}
await build({ ...shared, entryPoints: [join(sources, "css", "till.css")], outfile: join(out, "till.css"), external: ["/static/*"] });
await build({
  ...shared,
  entryPoints: [join(sources, "css", "console.css")],
  outfile: join(out, "console.css"),
  external: ["/static/*"],
});

// Tabler has rules for far more than the console shows; what no template or script names is left out.
for (const name of ["console.css", "till.css"]) {
  const [kept] = await new PurgeCSS().purge({
    content: ["templates/**/*.html", "static/js/**/*.js"].map((pattern) => join(sources, "..", pattern)),
    css: [join(out, name)],
    variables: false,
    keyframes: true,
    dynamicAttributes: ["data-state", "aria-pressed"],
    safelist: { greedy: [/^legend-/, /^stage-/, /^face-/, /^figure-/, /^outcome-/, /^note-/, /^heat-/, /data-bs-theme/, /^cell-/] },
  });
  writeFileSync(join(out, name), kept.css);
}

const icons = JSON.parse(readFileSync(join(here, "icons.json"), "utf8"));
const symbols = icons.map((name) => {
  const svg = readFileSync(join(packages, "@tabler", "icons", "icons", "outline", `${name}.svg`), "utf8");
  const body = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "");
  const paths = body.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "").replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${paths}</symbol>`;
});
writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);

for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
  copyFileSync(join(packages, "swagger-ui-dist", name), join(out, name));
}
for (const name of readdirSync(out).filter((entry) => /\.(js|css|svg)$/.test(entry))) {
  writeFileSync(join(out, `${name}.gz`), gzipSync(readFileSync(join(out, name)), { level: 9 }));
}
