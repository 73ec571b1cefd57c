/** Fills `{service}` and the like in; what is not known stays a word in capitals, as in Google's own documentation. */
export function fillIn(text: string, facts: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(facts, name) ? facts[name] : undefined;
    return value ?? name.toUpperCase();
  });
}
