/** What Markdown would read as markup, outside of code. */
export const escapeMarkdown = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[*_<>`]/g, String.raw`\$&`)))
    .join("");
