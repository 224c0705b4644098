/** Who acts: a browser by itself, or an account that somebody signed in to with a key. */

import { element, fill, icon } from "./element";
import { type Problem, ServiceError, problemOf } from "./problems";
import { ROOT, json } from "./requests";
import { list, record, text } from "./values";

export interface Who {
  readonly isSignedIn: boolean;
  readonly name: string;
  readonly scopes: readonly string[];
}

const NOBODY: Who = { isSignedIn: false, name: "", scopes: [] };
const CODE = /^#sign-in=([\w-]+)$/;

/** The button in the bar, and its dialogs. */
export class Account {
  readonly root = element("button", {
    type: "button",
    class: "button quiet account",
    onclick: () => {
      this.open();
    },
  });
  who: Who = NOBODY;
  private readonly dialog = element("dialog", {
    class: "dialog",
    "aria-labelledby": "account-title",
  });

  constructor(
    private readonly tell: (problem: Problem, act?: { title: string; run: () => void }) => void,
  ) {
    document.body.append(this.dialog);
    addEventListener("hashchange", () => {
      if (CODE.test(location.hash)) location.reload();
    });
  }

  /** Find out who acts; an address with a code signs in first. */
  async start(): Promise<void> {
    const code = CODE.exec(location.hash)?.[1];
    try {
      if (code !== undefined) {
        // Out of the address bar and the history, whatever comes of it.
        history.replaceState(history.state, "", location.pathname + location.search);
        this.who = await signIn({ code });
      } else this.who = whoOf(await json("GET", "v1/sign-in"));
    } catch (error) {
      if (code === undefined) this.tell(problemOf(error));
      else {
        this.who = await ask();
        this.tell(
          { ...problemOf(error), title: "The address did not sign in", advice: "" },
          { title: "Sign in", run: this.open },
        );
      }
    }
    this.draw();
  }

  open = (): void => {
    fill(this.dialog, ...(this.who.isSignedIn ? this.signedIn() : this.signingIn()));
    this.dialog.showModal();
  };

  private draw(): void {
    const { isSignedIn, name } = this.who;
    const title = isSignedIn ? `Signed in as ${name}` : "Sign in";
    this.root.setAttribute("aria-label", title);
    this.root.title = title;
    fill(
      this.root,
      icon(isSignedIn ? "person" : "key", 18),
      element("span", { class: "account-name" }, isSignedIn ? name : "Sign in"),
    );
  }

  private signedIn(): HTMLElement[] {
    const trouble = element("p", { class: "trouble-text", role: "alert" });
    return [
      element("h2", { id: "account-title" }, `Signed in as ${this.who.name}`),
      element(
        "p",
        { class: "dim" },
        "What you do here belongs to this account. After signing out, this browser has again " +
          "what it had before.",
      ),
      element("a", { class: "link", href: `${ROOT}app/account` }, "Usage of the account"),
      trouble,
      element(
        "form",
        { method: "dialog", class: "row end" },
        element("button", { class: "button" }, "Close"),
        element(
          "button",
          {
            type: "button",
            class: "button primary",
            onclick: () => void signOut(trouble),
          },
          "Sign out",
        ),
      ),
    ];
  }

  private signingIn(): HTMLElement[] {
    const trouble = element("p", { class: "trouble-text", role: "alert", id: "sign-in-trouble" });
    const field = element("input", {
      class: "field code",
      id: "sign-in-key",
      type: "password",
      autocomplete: "off",
      spellcheck: "false",
      required: true,
      "aria-describedby": "sign-in-help sign-in-trouble",
    });
    const submit = element("button", { class: "button primary" }, "Sign in");
    const form = element(
      "form",
      {
        class: "sign-in",
        onsubmit: (event: SubmitEvent) => {
          event.preventDefault();
          void this.submit(field, submit, trouble);
        },
      },
      element("label", { for: "sign-in-key" }, "Key"),
      field,
      element(
        "p",
        { class: "dim small", id: "sign-in-help" },
        "The server printed one when it was first started; whoever runs it can make others. " +
          "What this browser has made so far stays with it, and is here again after signing out.",
      ),
      element(
        "a",
        { class: "link", href: `${ROOT}app/account` },
        "Sign in with e-mail and password",
      ),
      trouble,
      element(
        "div",
        { class: "row end" },
        element(
          "button",
          {
            type: "button",
            class: "button",
            onclick: () => {
              this.dialog.close();
            },
          },
          "Cancel",
        ),
        submit,
      ),
    );
    return [element("h2", { id: "account-title" }, "Sign in"), form];
  }

  private async submit(
    field: HTMLInputElement,
    button: HTMLButtonElement,
    trouble: HTMLElement,
  ): Promise<void> {
    button.disabled = true;
    trouble.textContent = "";
    try {
      await signIn({ key: field.value.trim() });
      location.reload(); // Everything that is shown was somebody else's.
    } catch (error) {
      trouble.textContent = wordsOf(error);
      button.disabled = false;
      field.select();
    }
  }
}

async function signIn(proof: { key: string } | { code: string }): Promise<Who> {
  return whoOf(await json("POST", "v1/sign-in", proof));
}

async function signOut(trouble: HTMLElement): Promise<void> {
  try {
    await json("POST", "v1/sign-out");
    location.reload();
  } catch (error) {
    trouble.textContent = wordsOf(error);
  }
}

async function ask(): Promise<Who> {
  return json("GET", "v1/sign-in").then(whoOf, () => NOBODY);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof ServiceError) || error.status === 0)
    return "The server does not answer. Try again.";
  if (error.status === 401) return "This key is not valid. Copy all of it, with the dot.";
  if (error.status === 429) return "Too many tries. Wait a minute, then try again.";
  return error.message;
}

function whoOf(answer: unknown): Who {
  const said = record(answer);
  return {
    isSignedIn: said.signed_in === true,
    name: text(said.name),
    scopes: list(said.scopes).map(text),
  };
}
