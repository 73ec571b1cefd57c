/**
 * What CI systems obey in a job's output: GitHub's commands at the start of a line (`::error::`) or anywhere
 * (`##[error]`), Azure's (`##vso[`) and TeamCity's (`##teamcity[`). Colours before them are looked through.
 */
const COMMANDS =
  // oxlint-disable-next-line no-control-regex
  /(?<=^(?:[^\S\n]|\u001B\[\d+m)*):(?=:)|#(?=#(?:\[|vso\[|teamcity\[))/gim;

/** Parts them by a space, so that text of a test or a server commands nothing. */
export const defuseCommands = (text: string): string => text.replaceAll(COMMANDS, "$& ");
