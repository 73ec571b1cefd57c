// @ts-check
import { visible } from "./words.js";

/** @typedef {Node | string | false | undefined} Child */

/**
 * An element. Whatever is shown becomes text; there is no way from a text to markup.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | undefined>>} attributes undefined: without it
 * @param {...(Child | readonly Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) element.setAttribute(name, value);
  for (const child of children.flat()) {
    if (child instanceof Node) element.append(child);
    else if (typeof child === "string" && child !== "") element.append(visible(child));
  }
  return element;
}

/**
 * Makes what is shown equal to what is to be shown, and leaves alone what already is: focus, selection and opened details
 * stay, and a screen reader hears of changes alone.
 *
 * @param {Element} shown
 * @param {readonly Node[]} wanted
 */
export function show(shown, wanted) {
  for (const [index, node] of wanted.entries()) {
    const old = shown.childNodes[index];
    if (old === undefined) shown.append(node);
    else if (!isAlike(old, node)) old.replaceWith(node);
    else if (old instanceof Element && node instanceof Element) {
      showAttributes(old, node);
      show(old, [...node.childNodes]);
    } else if (old.nodeValue !== node.nodeValue) old.nodeValue = node.nodeValue;
  }
  while (shown.childNodes.length > wanted.length) shown.lastChild?.remove();
}

/** @param {Node} old @param {Node} node */
const isAlike = (old, node) => old.nodeName === node.nodeName && keyOf(old) === keyOf(node);

/** @param {Node} node */
const keyOf = (node) => (node instanceof Element ? node.getAttribute("data-key") : null);

/** @param {Element} old @param {Element} wanted */
function showAttributes(old, wanted) {
  for (const { name, value } of wanted.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  // Whether details are open is for whoever reads them.
  const gone = Array.from(old.attributes, ({ name }) => name).filter((name) => name !== "open");
  for (const name of gone) if (!wanted.hasAttribute(name)) old.removeAttribute(name);
}
