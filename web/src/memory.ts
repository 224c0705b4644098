/** What stays over a reload: the id of the session, and nothing else of it. */

const KEY = "isocenter.session";
const ASIDE = "isocenter.session.browser";
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function rememberedSession(): string | null {
  const id = sessionStorage.getItem(KEY) ?? "";
  return ID.test(id) ? id : null;
}

export function rememberSession(id: string): void {
  sessionStorage.setItem(KEY, id);
}

export function forgetSession(): void {
  sessionStorage.removeItem(KEY);
}

/** An account does not see the session of the browser, which is there again afterwards. */
export function putSessionAside(): void {
  move(KEY, ASIDE);
}

export function takeSessionBack(): void {
  forgetSession();
  move(ASIDE, KEY);
}

function move(from: string, to: string): void {
  const id = sessionStorage.getItem(from);
  sessionStorage.removeItem(from);
  if (id !== null) sessionStorage.setItem(to, id);
}
