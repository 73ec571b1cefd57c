/** The same object as JSON; every object shown carries its `schemaVersion`. */
export const renderJson = (result: { readonly schemaVersion: number }): string =>
  `${JSON.stringify(result, null, 2)}\n`;
