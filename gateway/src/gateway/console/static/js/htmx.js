// htmx as the other modules and its own attributes find it.
import htmx from "htmx.org/dist/htmx.esm.min.js";

window.htmx = htmx;
export default htmx;
