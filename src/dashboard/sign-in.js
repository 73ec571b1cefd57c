// @ts-check
import { place } from "./page.js";

/** @typedef {import("./types.ts").Trouble} Trouble */

/** Visible ASCII, as a header may carry it; RFC 6750 allows less, and the service says what is wrong then. */
const TOKEN = /^[\x21-\x7E]{1,8192}$/;

/**
 * The token from what was pasted, undefined where that is none.
 *
 * @param {string} pasted
 */
export function tokenIn(pasted) {
  const text = pasted.trim().replace(/^Bearer\s+/i, "");
  return TOKEN.test(text) ? text : undefined;
}

/** @param {Pick<Trouble, "title" | "detail" | "run">} reason */
function refuse({ title, detail, run }) {
  place("refusal").textContent = `${title}. ${detail}`;
  place("refusal-run").hidden = run === undefined;
  place("refusal-command").textContent = run ?? "";
}

/**
 * Asks for the token. It is kept by whoever hears of it, and taken out of the field at once.
 *
 * @param {{ readonly onToken: (token: string) => void }} options
 */
export function createSignIn({ onToken }) {
  const field = /** @type {HTMLInputElement} */ (place("token"));
  place("sign-in-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const token = tokenIn(field.value);
    field.value = "";
    if (token === undefined)
      refuse({ title: "That is no token", detail: "A token is one word of at most 8 KiB." });
    else onToken(token);
  });

  return {
    /** @param {Trouble} reason */
    open(reason) {
      refuse(reason);
      place("insecure").hidden = globalThis.isSecureContext;
      place("sign-in").hidden = false;
      field.focus();
    },
    close() {
      place("sign-in").hidden = true;
      place("refusal").textContent = "";
    },
  };
}
