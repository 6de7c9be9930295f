// Entry of the console's script: htmx and the console's own behaviour. Pages work without it where a form will do.
import "./htmx.js";
import "./requests.js";
import "./links.js";
import "./passkeys.js";
import "./menus.js";
import "./dialogs.js";
import "./palette.js";
import "./picker.js";
import "./rows.js";
import "./facts.js";
import "./filters.js";
import "./views.js";
import "./upload.js";
import "./plots.js";
import "./live.js";
import "./board.js";
import "./keys.js";
