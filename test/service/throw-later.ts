// Loaded with --import into a server under test: raises an error nobody handles when SIGUSR2 arrives.
process.on("SIGUSR2", () => {
  const kind = process.env.THROW_LATER;
  const error = new Error("raised by the test, with password=hunter2");
  if (kind === "exception") throw error;
  void Promise.reject(kind === "rejection" ? error : undefined);
});
