// Calls of the public API under the session of whoever is signed in. Says whether there is a network and a session.
const PATIENCE_MS = 15_000;

export const link = { online: navigator.onLine, person: null };
const listeners = new Set();
let token = "";

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.reason = problem.reason ?? "";
  }
}

export class Away extends Error {
  away = true;
}

export class SignedOut extends Error {
  signedOut = true;
}

export function onLink(listener) {
  listeners.add(listener);
}

function tell(changes) {
  const before = JSON.stringify(link);
  Object.assign(link, changes);
  if (JSON.stringify(link) !== before) for (const one of listeners) one(link);
}

// Who is signed in, and the word that lets this page write. Raises Away, or SignedOut where nobody is.
export async function meet() {
  const response = await send("/till/session", {});
  if (response.status === 401) {
    tell({ online: true, person: null });
    throw new SignedOut();
  }
  const found = await response.json();
  token = found.csrf_token;
  tell({ online: true, person: { id: found.user_id, name: found.user_name, scopes: found.scopes } });
  return link.person;
}

// One call. Raises Away without a network, SignedOut, or Refused with the server's own words.
export async function call(method, path, body) {
  if (!token) await meet();
  let response = await send(path, options(method, body));
  if (response.status === 401 || (response.status === 403 && (await reasonOf(response)) === "BAD_CSRF_TOKEN")) {
    // Somebody signed in anew meanwhile, in this tab or another: its word is another one.
    token = "";
    await meet();
    response = await send(path, options(method, body));
    if (response.status === 401) throw new SignedOut();
  }
  if (response.status >= 500 || response.status === 429) {
    tell({ online: response.status === 429 });
    throw new Away();
  }
  tell({ online: true });
  const answer = await response.json();
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

// A form of the console that answers JSON.
export async function post(path, fields) {
  if (!token) await meet();
  const response = await send(path, {
    method: "POST",
    headers: { "X-CSRF-Token": token },
    body: new URLSearchParams(fields),
  });
  const answer = await response.json();
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

function options(method, body) {
  const headers = { "X-CSRF-Token": token, "Content-Type": "application/json" };
  return body === undefined ? { method, headers: { "X-CSRF-Token": token } } : { method, headers, body: JSON.stringify(body) };
}

async function send(path, given) {
  try {
    return await fetch(path, {
      ...given,
      headers: { Accept: "application/json", ...given.headers },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    tell({ online: false });
    throw new Away();
  }
}

async function reasonOf(response) {
  return (await response.clone().json().catch(() => ({}))).reason;
}

addEventListener("offline", () => tell({ online: false }));
