/** What stays over a reload: the id of the session, and nothing else of it. */

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An account does not see the session of the browser, which is there again afterwards. */
function key(isSignedIn: boolean): string {
  return isSignedIn ? "isocenter.session.account" : "isocenter.session";
}

export function rememberedSession(isSignedIn: boolean): string | null {
  const id = sessionStorage.getItem(key(isSignedIn)) ?? "";
  return ID.test(id) ? id : null;
}

export function rememberSession(id: string, isSignedIn: boolean): void {
  sessionStorage.setItem(key(isSignedIn), id);
}

export function forgetSession(isSignedIn: boolean): void {
  sessionStorage.removeItem(key(isSignedIn));
}
